"""What a run of the pipeline asks of Spark, in small: Delta tables, a stream, sums, a query."""

from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.remote("sc://127.0.0.1:15002").create()
spark.sql("CREATE SCHEMA rehearsal").collect()
for _ in range(2):
    lines = spark.range(1000).select(
        F.col("id").cast("string").cast("binary").alias("value"),
        F.current_timestamp().alias("at"),
        (F.col("id") % 7).cast("decimal(10,2)").alias("price"),
    )
    lines.write.format("delta").mode("append").saveAsTable("rehearsal.raw")
    query = (
        spark.readStream.table("rehearsal.raw")
        .withColumn("text", F.trim(F.upper(F.col("value").cast("string"))))
        .join(spark.read.table("rehearsal.raw").groupBy("value").count(), "value")
        .where("text RLIKE '^[0-9]+$'")
        .writeStream.format("delta")
        .option("checkpointLocation", "/tmp/rehearsal")
        .trigger(availableNow=True)
        .toTable("rehearsal.checked")
    )
    query.awaitTermination()
    spark.sql(
        "CREATE OR REPLACE TABLE rehearsal.daily AS "
        "SELECT CAST(at AS date) AS day, count(DISTINCT text) AS texts, sum(price) AS revenue,"
        " max_by(text, at) AS last FROM rehearsal.checked GROUP BY ALL"
    ).collect()
    assert spark.sql("SELECT texts FROM rehearsal.daily ORDER BY day").collect()[0][0] == 1000
spark.sql("DROP SCHEMA rehearsal CASCADE").collect()
spark.stop()
