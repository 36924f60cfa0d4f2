/**
 * Python packages that a pipeline finds there without asking: those of Databricks Runtime 17.3 LTS, which is the channel
 * `current` of pipelines (https://learn.microsoft.com/azure/databricks/release-notes/dlt/, seen in June 2026), by its release notes
 * (https://learn.microsoft.com/azure/databricks/release-notes/runtime/17.3lts). Serverless environment 4 has the same names.
 */

export const RUNTIME = '17.3 LTS';

/** Distributions that are imported as they are called, but for `-`, which is `_`. */
const SAME_NAME = `
annotated-types anyio arrow asttokens astunparse async-lru babel black bleach blinker boto3 botocore cachetools certifi
cffi chardet charset-normalizer click cloudpickle comm contourpy cryptography cycler debugpy decorator defusedxml
deprecated distlib distro docstring-to-markdown executing facets-overview fastapi fastjsonschema filelock fqdn fsspec gitdb google-crc32c h11 httpcore
httplib2 httpx idna importlib-metadata iniconfig ipykernel ipython-genutils ipywidgets isodate isoduration jedi jinja2
jmespath joblib json5 jsonpointer jsonschema jsonschema-specifications jupyter-client jupyter-core jupyter-events
jupyter-lsp jupyter-server jupyter-server-terminals jupyterlab jupyterlab-pygments jupyterlab-server jupyterlab-widgets
kiwisolver launchpadlib markupsafe matplotlib-inline mccabe mdurl mistune mmh3 msal msal-extensions
mypy-extensions nbclient nbconvert nbformat nest-asyncio nodeenv notebook notebook-shim numpy oauthlib overrides
packaging pandas pandocfilters parso pathspec patsy pexpect platformdirs pluggy prometheus-client prompt-toolkit
psutil psycopg2 ptyprocess pure-eval pyarrow pyasn1 pyasn1-modules pyccolo pycparser pydantic pydantic-core pyflakes
pygments pyiceberg pyodbc pyparsing pyright pytoolconfig pytz referencing requests rfc3339-validator
rfc3986-validator rich rope rsa s3transfer scipy seaborn send2trash six smmap sniffio sortedcontainers
soupsieve sqlparse ssh-import-id stack-data starlette statsmodels strictyaml tenacity terminado threadpoolctl tinycss2
tokenize-rt tomli tornado traitlets typing-extensions tzdata ujson uri-template urllib3 uvicorn virtualenv wadllib
wcwidth webcolors webencodings whatthepatch wheel widgetsnbextension wrapt yapf zipp zstandard
`;

/** Those with other names for what is imported; a name with a point is a part of a package that several share. */
const THERE_OTHERWISE: ReadonlyMap<string, readonly string[]> = new Map([
  ['argon2-cffi', ['argon2']],
  ['argon2-cffi-bindings', ['_argon2_cffi_bindings']],
  ['attrs', ['attr', 'attrs']],
  ['azure-common', ['azure.common']],
  ['azure-core', ['azure.core']],
  ['azure-identity', ['azure.identity']],
  ['azure-mgmt-core', ['azure.mgmt.core']],
  ['azure-mgmt-web', ['azure.mgmt.web']],
  ['azure-storage-blob', ['azure.storage.blob']],
  ['azure-storage-file-datalake', ['azure.storage.filedatalake']],
  ['beautifulsoup4', ['bs4']],
  ['cython', ['Cython', 'cython', 'pyximport']],
  ['databricks-sdk', ['databricks.sdk']],
  ['fonttools', ['fontTools']],
  ['gitpython', ['git']],
  ['google-api-core', ['google.api_core']],
  ['google-auth', ['google.auth', 'google.oauth2']],
  ['google-cloud-core', ['google.cloud.client', 'google.cloud.exceptions']],
  ['google-cloud-storage', ['google.cloud.storage']],
  ['google-resumable-media', ['google.resumable_media']],
  ['googleapis-common-protos', ['google.api', 'google.rpc', 'google.type', 'google.longrunning']],
  ['grpcio', ['grpc']],
  ['grpcio-status', ['grpc_status']],
  ['ipyflow-core', ['ipyflow']],
  ['ipython', ['IPython']],
  ['lazr-restfulclient', ['lazr.restfulclient']],
  ['lazr-uri', ['lazr.uri']],
  ['markdown-it-py', ['markdown_it']],
  ['matplotlib', ['matplotlib', 'mpl_toolkits', 'pylab']],
  ['mlflow-skinny', ['mlflow']],
  ['opentelemetry-api', ['opentelemetry']],
  ['opentelemetry-sdk', ['opentelemetry.sdk']],
  ['opentelemetry-semantic-conventions', ['opentelemetry.semconv']],
  ['pillow', ['PIL']],
  ['plotly', ['plotly', '_plotly_utils']],
  ['proto-plus', ['proto']],
  ['protobuf', ['google.protobuf']],
  ['pyjwt', ['jwt']],
  ['pytest', ['pytest', '_pytest']],
  ['python-dateutil', ['dateutil']],
  ['python-json-logger', ['pythonjsonlogger']],
  ['python-lsp-jsonrpc', ['pylsp_jsonrpc']],
  ['python-lsp-server', ['pylsp']],
  ['pyyaml', ['yaml']],
  ['pyzmq', ['zmq']],
  ['rpds-py', ['rpds']],
  ['scikit-learn', ['sklearn']],
  ['setuptools', ['setuptools', 'pkg_resources', '_distutils_hack']],
  ['websocket-client', ['websocket']],
]);

/** What projects often add, where its name does not tell what it is imported as. */
const ADDED_OTHERWISE: ReadonlyMap<string, readonly string[]> = new Map([
  ['azure-cosmos', ['azure.cosmos']],
  ['azure-eventhub', ['azure.eventhub']],
  ['azure-keyvault-secrets', ['azure.keyvault.secrets']],
  ['azure-servicebus', ['azure.servicebus']],
  ['confluent-kafka', ['confluent_kafka']],
  ['databricks-sql-connector', ['databricks.sql']],
  ['google-cloud-bigquery', ['google.cloud.bigquery']],
  ['kafka-python', ['kafka']],
  ['opencv-python', ['cv2']],
  ['opencv-python-headless', ['cv2']],
  ['psycopg2-binary', ['psycopg2']],
  ['pycryptodome', ['Crypto']],
  ['pymysql', ['pymysql', 'MySQLdb']],
  ['python-dotenv', ['dotenv']],
  ['python-docx', ['docx']],
  ['python-slugify', ['slugify']],
]);

/** What the runtime itself brings. */
const OF_DATABRICKS = ['pyspark', 'py4j', 'delta', 'dlt', 'databricks', 'dbruntime', 'pip'];

export const normalized = (distribution: string): string =>
  distribution.toLowerCase().replace(/[-_.]+/g, '-');

/** What a distribution is imported as. */
export function importNames(distribution: string): readonly string[] {
  const name = normalized(distribution);
  return THERE_OTHERWISE.get(name) ?? ADDED_OTHERWISE.get(name) ?? [name.replaceAll('-', '_')];
}

/** Names that can be imported there; with a point in it, a part of a shared package. */
export const RUNTIME_PACKAGES: ReadonlySet<string> = new Set([
  ...OF_DATABRICKS,
  ...[...SAME_NAME.trim().split(/\s+/), ...THERE_OTHERWISE.keys()].flatMap(importNames),
]);

/** Whether `module` or what it stands in is among the names. */
export function isAmong(names: ReadonlySet<string>, module: string): boolean {
  for (let name = module; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    if (names.has(name)) return true;
  }
  return false;
}
