import assert from 'node:assert/strict';
import { findings, foundAt, severities } from './support.ts';

const clean = (text: string): void => {
  assert.deepEqual(findings(text), []);
};

describe('texts in Python that hold only here', () => {
  it('finds classes of Kafka under their own name, and writes them right', () => {
    const [found] = foundAt(
      'login-class',
      'handler = "«org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler»"\n',
    );
    assert.equal(
      found?.replacement,
      'kafkashaded.org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
    );
    foundAt(
      'login-class',
      'login = f\'«org.apache.kafka.common.security.plain.PlainLoginModule» required username="{user}" password="{word}";\'\n',
    );
    clean(
      '"""Not org.apache.kafka.common.security.plain.PlainLoginModule."""\n' +
        'a = "kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule required;"\n' +
        'b = "org.apache.spark:spark-sql-kafka-0-10_2.13:4.2.0"\n',
    );
  });

  it('finds addresses of this machine, and tells Kafka from a registry', () => {
    const [given] = foundAt(
      'local-kafka',
      'a = spark.readStream.option("kafka.bootstrap.servers", "«localhost:9092»")\n',
    );
    assert.equal(given?.severity, 'error');
    const [fallback] = foundAt('local-kafka', 'a = setting("orders.kafka.bootstrap", "«127.0.0.1:19092»")\n');
    assert.equal(fallback?.severity, 'warning');
    foundAt('local-registry', 'a = {"schemaRegistryAddress": "«http://localhost:8081»/apis"}\n');
    foundAt('local-address', 'a = get("«https://127.0.0.1:4443»/a")\n');
    clean(
      'a = "localhost" == host\nb = "mylocalhost:9092"\nc = "localhost.example.com:9092"\nd = "version 127.0.0.12.3"\n',
    );
  });

  it('takes a default for what it is where the bundle sets something else', () => {
    const code = (login: string, kafka: string): string =>
      `LOGIN = "${login}"
def options(setting):
    return setting("orders.login", LOGIN), setting("orders.kafka.bootstrap", "${kafka}")
`;
    const login = 'org.apache.kafka.common.security.plain.PlainLoginModule';
    const bundle = (settings: string): Readonly<Record<string, string>> => ({
      'databricks.yml': `resources:\n  pipelines:\n    orders: { root_path: lakehouse, configuration: { ${settings} } }\n`,
      'lakehouse/transformations/orders.py': code(login, 'localhost:9092'),
    });
    assert.deepEqual(findings(bundle('orders.login: kafkashaded.a, orders.kafka.bootstrap: "a:1"')), []);
    foundAt('login-class', code(`«${login}»`, 'a:9092'), { others: bundle('orders.other: a') });
    foundAt('login-class', `${code(`«${login}»`, 'a:9092')}print(LOGIN)\n`, {
      others: bundle('orders.login: kafkashaded.a'),
    });
    foundAt('local-kafka', code('', '«localhost:9092»'), { others: bundle('orders.login: kafkashaded.a') });
  });

  it('finds settings that nobody gives', () => {
    const text = `a = spark.conf.get("orders.there") + spark.conf.get("orders.other", "7 days")
b = spark.conf.get(«"orders.nowhere"») + spark.conf.get("spark.app.name") + spark.conf.get(name)
c = {}.get("orders.nowhere")
`;
    const others = {
      'databricks.yml':
        'resources:\n  pipelines:\n    orders: { root_path: lakehouse, configuration: { orders.there: a } }\n',
    };
    foundAt('missing-setting', text, { others });
    const changed =
      'targets:\n  prod:\n    resources:\n      pipelines:\n        orders: { configuration: { orders.more: b } }\n';
    foundAt('missing-setting', text, {
      others: { 'databricks.yml': `${others['databricks.yml']}${changed}` },
    });
    clean(text.replace(/[«»]/g, ''));
  });

  it('only warns of a setting that one of several pipelines has', () => {
    const of = (settings: string): string => `{ root_path: lakehouse, configuration: { ${settings} } }`;
    const others = {
      'databricks.yml': `resources:\n  pipelines:\n    one: ${of('orders.a: x')}\n    other: ${of('orders.b: x')}\n`,
    };
    const text = 'a = spark.conf.get(«"orders.a"»)\nb = spark.conf.get(«"orders.nowhere"»)\n';
    assert.deepEqual(severities(foundAt('missing-setting', text, { others })), ['warning', 'error']);
  });

  it('finds secrets in a login', () => {
    foundAt(
      'clear-secret',
      'a = \'kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="«s3cr3t»";\'\n',
    );
    foundAt(
      'clear-secret',
      'a = df.option("kafka.ssl.key.password", "«s3cr3t»").option("user.password.hint", "none")\n',
    );
    clean(
      'a = setting("orders.registry.password", "")\nb = "orders.registry.password"\npassword = "orders.password"\n',
    );
  });

  it('finds paths that are not there', () => {
    const found = foundAt(
      'local-path',
      'a = spark.read.json("«file:/data/a.json»")\nb = spark.read.csv("«C:/data/a.csv»")\nc = r"«D:\\data»"\nd = "«/tmp/checkpoint»"\n',
    );
    assert.deepEqual(severities(found), ['error', 'error', 'error', 'warning']);
    foundAt('dbfs-path', 'a = "«dbfs:/data/a»"\nb = "«/mnt/data»"\nc = "«/dbfs/a»"\n');
    clean(
      'a = "/Volumes/main/orders/files"\nb = "abfss://a@b.dfs.core.windows.net/c"\nc = "dbfs:/Volumes/main/a/b"\n' +
        'd = "see file:/data"\ne = "s3://a"\nf = "https://a/tmp/b"\ng = "a:b"\n',
    );
  });

  it('finds files that are looked for in the working folder', () => {
    foundAt(
      'relative-file',
      'import pandas as pd\nfrom pathlib import Path\na = open(«"rules.json"»)\nb = Path(«"a/b.sql"»).read_text()\nc = pd.read_csv(«"a.csv"»)\n',
    );
    clean(
      'from pathlib import Path\na = open("/Volumes/a/b/c/d")\nb = (Path(__file__).parent / "a.sql").read_text()\nc = archive.open("inside.txt")\nd = open(path)\n',
    );
  });
});

describe('types that a table there cannot hold', () => {
  it('finds them in fields, and in the schema of a dataset', () => {
    foundAt(
      'unsupported-type',
      `from pyspark import pipelines as dp
from pyspark.sql import types as T
from pyspark.sql.types import NullType, StructField, StructType
a = StructType([StructField("a", T.StringType()), StructField("b", «NullType»(), True)])
n = StructField("n", StructType([StructField("d", «NullType»())]))
b = StructType().add("c", T.ArrayType(«T.DayTimeIntervalType»()))

@dp.table(name="a", schema="id BIGINT, took «INTERVAL DAY TO SECOND», none «void», s STRUCT<a: «INTERVAL YEAR»>")
def c():
    return spark.readStream.table("b")
`,
    );
  });

  it('finds a column of no type, and takes one that is cast', () => {
    const found = foundAt(
      'unsupported-type',
      `from pyspark.sql import functions as F
a = df.select(«F.lit(None)».alias("a")).withColumn("b", «F.lit(None)»)
b = df.select(F.lit(None).cast("string").alias("a"), F.lit("None").alias("b"))
chain = F.lit(None)
c = df.where("at > now() - INTERVAL 1 DAY").withColumn("void", F.lit(0))
`,
    );
    assert.deepEqual(severities(found), ['warning', 'warning']);
  });
});
