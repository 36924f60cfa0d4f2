import assert from 'node:assert/strict';
import { findings, foundAt, severities } from './support.ts';

const HEAD =
  'from pyspark import pipelines as dp\nfrom pyspark.sql import DataFrame\nfrom pyspark.sql import functions as F\n';

describe('calls that run or write in code that only describes', () => {
  it('finds what runs a query, on whatever is known to be a DataFrame', () => {
    const found = foundAt(
      'imperative-call',
      `${HEAD}
rows = spark.read.table("a").where("x > 1").«collect»()
n = spark.table("a").«count»()

def told(lines: DataFrame) -> DataFrame:
    few = lines.select("a")
    print(few.«count»())
    return lines

def more(other: "DataFrame"):
    if told(other).«count»() > 1:
        return (other.filter("a")
            .«toPandas»())
    return [one.a for one in other.distinct().«collect»()]

@dp.materialized_view
def wide() -> DataFrame:
    return spark.read.table("a").groupBy("b").«pivot»("c").sum("d")
`,
    );
    assert.deepEqual(new Set(severities(found)), new Set(['error']));
  });

  it('knows what a call gives, and what a default leaves as it was', () => {
    foundAt(
      'imperative-call',
      `${HEAD}
lines = spark.read.table("a")
groups = lines.groupBy("a").count().«count»()
sizes = lines.«toPandas»().count()

def outer(other=lines, more: DataFrame = None):
    return lines.«count»(), other.count(), more.«count»()
`,
    );
  });

  it('leaves alone what is called the same and is something else', () => {
    assert.deepEqual(
      findings(`import gc
from . import garbage
garbage.collect()
${HEAD}
gc.collect()
n = "banana".count("a") + [1, 2].count(1)
names = {"count": F.count("*"), "list": F.collect_list("a")}

@dp.materialized_view
def by_country() -> DataFrame:
    lines = spark.read.table("silver.orders")
    return lines.groupBy("country").count()

def counted(lines: DataFrame) -> DataFrame:
    lines = names
    return lines.count()

def started(thread, document, frame: DataFrame):
    thread.start()
    document.save()
    frame.write
    with open("/Volumes/a/b/c") as out:
        out.write("text").save()
    return frame.first(), frame.show()
`),
      [],
    );
  });

  it('finds what writes, and what starts a stream', () => {
    foundAt(
      'imperative-call',
      `${HEAD}
def written(lines: DataFrame, other):
    lines.write.mode("append").«saveAsTable»("a")
    other.write.format("delta").«save»("/Volumes/a/b/c")
    lines.write.«parquet»("/Volumes/a/b/c")
    lines.write.«insertInto»("a")
    other.writeStream.option("a", "b").trigger(once=True).«start»()
    other.writeStream.«toTable»("b")
`,
    );
  });

  it('only warns of collect() on what it does not know', () => {
    const found = foundAt('imperative-call', 'def rows(lines):\n    return lines.«collect»()\n');
    assert.deepEqual(severities(found), ['warning']);
  });

  it('lets scripts and the handlers of sinks run and write', () => {
    assert.deepEqual(
      findings(`${HEAD}
@dp.foreach_batch_sink(name="out")
def out(batch: DataFrame, batch_id: int) -> None:
    if batch.count() > 0:
        batch.write.mode("append").saveAsTable("a")

if __name__ == "__main__":
    print(spark.read.table("a").count())
`),
      [],
    );
  });

  it('follows functions of the project into other files', () => {
    foundAt(
      'imperative-call',
      'from orders import silver as s\nn = s.lines("a").«count»() + s.number().count("a")\n',
      {
        others: {
          'lakehouse/orders/silver.py':
            'from pyspark.sql import DataFrame\ndef lines(name: str) -> DataFrame:\n    return spark.table(name)\ndef number() -> str:\n    return ""\n',
        },
      },
    );
  });
});
