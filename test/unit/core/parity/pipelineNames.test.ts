import assert from 'node:assert/strict';
import { findings, foundAt, severities } from './support.ts';

describe('what a pipeline says to pyspark.pipelines', () => {
  it('finds names that are not there, however they are imported', () => {
    const found = foundAt(
      'pipelines-name',
      `from pyspark import pipelines as dp
import pyspark.pipelines
from pyspark.pipelines import table, «apply_changes»

@dp.«view»
def a():
    return dp.«read»("b")

pyspark.pipelines.«create_tabel»("c")
`,
    );
    assert.deepEqual(severities(found), ['warning', 'warning', 'warning', 'error']);
    assert.deepEqual(
      found.map(({ hint }) => /^Use (\S+) /.exec(hint)?.[1]),
      ['create_auto_cdc_flow', 'temporary_view', 'spark.read.table', undefined],
    );
  });

  it('takes what Spark has, what only Databricks has, and names of other things', () => {
    assert.deepEqual(
      findings(`from pyspark import pipelines as dp
import pandas as pd

dp.create_streaming_table("a")
dp.create_auto_cdc_from_snapshot_flow(target="a")
pd.read("b")
here.view("c")

@dp.on_event_hook
def told(event):
    pass

@dp.table(name="d")
@dp.expect_all({"a": "b"})
@dp.expect_or_drop("a", "b")
def d():
    return spark.read.table("e")
`),
      [],
    );
  });

  it('finds expectations above the dataset', () => {
    const [found] = foundAt(
      'expectation-order',
      `from pyspark import pipelines as dp

«@dp.expect_or_drop("a", "b")»
@dp.table
@dp.expect("c", "d")
def a():
    return spark.readStream.table("b")
`,
    );
    assert.match(found?.message ?? '', /@expect_or_drop stands above/);
  });

  it('finds sessions that code makes, and what Spark Connect has not', () => {
    const found = foundAt(
      'session-builder',
      `from pyspark.sql import SparkSession
spark = «SparkSession.builder.appName("a").getOrCreate()»
other = («SparkSession.builder
    .master("local[2]")
    .getOrCreate()»)
active = SparkSession.active()
builder = document.builder.build()
`,
    );
    assert.deepEqual(severities(found), ['warning', 'error']);
    foundAt(
      'not-connect',
      'sc = spark.«sparkContext»\nn = spark.table("a").«rdd».map(f)\nrdd = context.get("rdd")\n',
    );
  });

  it('says that a lookup in a registry runs only there', () => {
    const found = foundAt(
      'only-there',
      `from pyspark.sql.avro.functions import from_avro
from pyspark.sql import functions as F
a = «from_avro»(F.col("value"), subject="orders-value", schemaRegistryAddress=address)
b = from_avro(F.col("value"), schema, {"mode": "PERMISSIVE"})
`,
    );
    assert.deepEqual(severities(found), ['warning']);
  });
});
