/** Every code of a finding, with the page that says why. */
const DATABRICKS = 'https://learn.microsoft.com/azure/databricks';

export const DOCUMENTATION = {
  'python-syntax': 'https://docs.python.org/3.12/reference/index.html',
  'newer-python': 'https://docs.python.org/3/whatsnew/index.html',
  'bundle-syntax': `${DATABRICKS}/dev-tools/bundles/settings`,
  'python-version': `${DATABRICKS}/release-notes/runtime/`,
  'removed-module': 'https://docs.python.org/3.12/whatsnew/3.12.html#removed',
  'not-there-import': `${DATABRICKS}/ldp/developer/external-dependencies`,
  'only-there': `${DATABRICKS}/structured-streaming/avro-dataframe`,
  'imperative-call': `${DATABRICKS}/ldp/developer/python-ref`,
  'pipelines-name': `${DATABRICKS}/ldp/developer/python-ref`,
  'expectation-order': `${DATABRICKS}/ldp/expectations`,
  'session-builder': `${DATABRICKS}/ldp/developer/python-dev`,
  'not-connect': `${DATABRICKS}/compute/serverless/limitations`,
  'login-class': `${DATABRICKS}/connect/streaming/kafka`,
  'local-kafka': `${DATABRICKS}/connect/streaming/kafka`,
  'local-registry': `${DATABRICKS}/structured-streaming/avro-dataframe`,
  'local-address': `${DATABRICKS}/ldp/parameters`,
  'missing-setting': `${DATABRICKS}/ldp/parameters`,
  'clear-secret': `${DATABRICKS}/security/secrets/`,
  'local-path': `${DATABRICKS}/files/`,
  'dbfs-path': `${DATABRICKS}/dbfs/`,
  'relative-file': `${DATABRICKS}/files/workspace`,
  'unsupported-type': `${DATABRICKS}/sql/language-manual/sql-ref-datatypes`,
} as const;
