"""The same tables by one hand-written batch job: what the pipeline is measured against.

Kafka to gold in three steps, over Spark Connect. It shares no code with the pipeline.
Usage: batch_job.py REMOTE BOOTSTRAP REGISTRY_URL TOPIC SCHEMA_PREFIX
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

FIELDS = [
    "transaction_no",
    "order_date",
    "product_no",
    "product_name",
    "price",
    "quantity",
    "customer_no",
    "country",
]
LINEAGE = ["kafka_topic", "kafka_partition", "kafka_offset", "kafka_timestamp"]
COLUMNS = [*FIELDS, "amount", "is_cancellation", *LINEAGE]
WINDOW = "INTERVAL 7 DAYS"
RULES = {
    "known_transaction_no": "transaction_no RLIKE '^C?[0-9]{6}$'",
    "has_product": "product_no != ''",
    "positive_price": "price > 0",
    "non_zero_quantity": "quantity != 0",
    "sign_matches_kind": "is_cancellation = (quantity < 0)",
    "has_date": "order_date <= date(kafka_timestamp + INTERVAL 1 DAY)",
    "has_country": "country != ''",
}


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def writer_schemas(registry: str, topic: str) -> dict[int, str]:
    versions = f"{registry}/subjects/{topic}-value/versions"
    found = [get(f"{versions}/{number}") for number in get(versions)]
    return {version["id"]: version["schema"] for version in found}


def read_topic(spark: SparkSession, bootstrap: str, topic: str) -> DataFrame:
    return (
        spark.read.format("kafka")
        .option("kafka.bootstrap.servers", bootstrap)
        .option("subscribe", topic)
        .option("includeHeaders", "true")
        .load()
        .select(
            "key",
            "value",
            "headers",
            "topic",
            "partition",
            "offset",
            F.col("timestamp").alias("kafka_timestamp"),
            F.current_timestamp().alias("ingest_time"),
        )
    )


def text(name: str) -> Column:
    return F.trim(F.regexp_replace(f"line.{name}", r"[ \t\r\n\u00A0]+", " "))


def check(bronze: DataFrame, schemas: dict[int, str]) -> DataFrame:
    latest = schemas[max(schemas)]
    line: Column = F.lit(None)
    for number, schema in schemas.items():
        frame = F.lit(b"\x00" + number.to_bytes(4, "big"))
        body = F.expr("substring(value, 6)")
        decoded = from_avro(body, schema, {"mode": "PERMISSIVE", "avroSchema": latest})
        line = F.when(F.substring("value", 1, 5) == frame, decoded).otherwise(line)
    customer = text("customerNo")
    broken = [F.when(~F.coalesce(F.expr(rule), F.lit(False)), name) for name, rule in RULES.items()]
    return (
        bronze.withColumn("line", line)
        .select(
            text("transactionNo").alias("transaction_no"),
            F.col("line.date").alias("order_date"),
            F.upper(text("productNo")).alias("product_no"),
            text("productName").alias("product_name"),
            F.col("line.price").alias("price"),
            F.col("line.quantity").alias("quantity"),
            F.when(~F.upper(customer).isin("", "NA", "NULL"), customer).alias("customer_no"),
            text("country").alias("country"),
            F.expr("line.price * line.quantity").cast("decimal(18,2)").alias("amount"),
            text("transactionNo").startswith("C").alias("is_cancellation"),
            F.col("topic").alias("kafka_topic"),
            F.col("partition").alias("kafka_partition"),
            F.col("offset").alias("kafka_offset"),
            "kafka_timestamp",
            F.col("value").alias("raw_value"),
            F.col("line.transactionNo").isNotNull().alias("decodable"),
        )
        .withColumn(
            "broken_rules",
            F.when(F.col("decodable"), F.array_compact(F.array(*broken))).otherwise(
                F.array(F.lit("decodable"))
            ),
        )
    )


def without_duplicates(valid: DataFrame) -> DataFrame:
    # The hash first: whole lines are then compared only where hashes meet.
    line = F.xxhash64(*FIELDS)
    equal_lines = Window.partitionBy(line, *FIELDS, "kafka_partition", "kafka_topic")
    before = equal_lines.orderBy("kafka_offset").rowsBetween(Window.unboundedPreceding, -1)
    return (
        valid.withColumn("newest_before", F.max("kafka_timestamp").over(before))
        .where(f"newest_before IS NULL OR kafka_timestamp > newest_before + {WINDOW}")
        .select(*COLUMNS)
    )


SALES = "FILTER (WHERE NOT is_cancellation)"
RETURNS = "FILTER (WHERE is_cancellation)"
GROSS = f"CAST(coalesce(sum(amount) {SALES}, 0) AS decimal(28,2)) AS gross_revenue"
CANCELLED = f"CAST(coalesce(-sum(amount) {RETURNS}, 0) AS decimal(28,2)) AS cancelled_revenue"
NET = "CAST(sum(amount) AS decimal(28,2)) AS net_revenue"
ORDERS = f"count(DISTINCT transaction_no) {SALES} AS orders"
GOLD = {
    "sales_daily": f"""
        SELECT order_date, country, {ORDERS}, count(*) AS lines,
               coalesce(sum(quantity) {SALES}, 0L) AS units, {GROSS}, {CANCELLED}, {NET},
               count(DISTINCT customer_no) AS customers
        FROM silver GROUP BY order_date, country""",
    "product_performance": f"""
        SELECT *, CAST(units_returned / nullif(CAST(units_sold AS decimal(19,0)), 0)
                       AS decimal(9,4)) AS return_rate
        FROM (SELECT product_no,
                     max_by(product_name,
                            struct(order_date, kafka_timestamp, kafka_partition, kafka_offset))
                       AS product_name,
                     coalesce(sum(quantity) {SALES}, 0L) AS units_sold,
                     coalesce(-sum(quantity) {RETURNS}, 0L) AS units_returned, {GROSS}
              FROM silver GROUP BY product_no)""",
    "customer_value": f"""
        SELECT customer_no, first_order, last_order, orders, net_revenue, recency_days,
               CASE WHEN orders = 0 THEN 'no sales'
                    WHEN recency_days <= 30 AND orders >= 5 AND net_revenue >= 1000 THEN 'champion'
                    WHEN recency_days <= 90 AND orders >= 5 THEN 'loyal'
                    WHEN recency_days <= 90 AND net_revenue >= 1000 THEN 'big spender'
                    WHEN recency_days <= 30 THEN 'recent'
                    WHEN recency_days <= 90 THEN 'occasional'
                    WHEN orders >= 5 OR net_revenue >= 1000 THEN 'at risk'
                    ELSE 'lost' END AS segment
        FROM (SELECT customer_no, min(order_date) {SALES} AS first_order,
                     max(order_date) {SALES} AS last_order, {ORDERS}, {NET},
                     datediff((SELECT max(order_date) FROM silver), max(order_date) {SALES})
                       AS recency_days
              FROM silver WHERE customer_no IS NOT NULL GROUP BY customer_no)""",
    "finance_monthly": f"""
        SELECT month, gross_revenue, cancelled_revenue, net_revenue, orders,
               CAST(gross_revenue / nullif(orders, 0L) AS decimal(18,2)) AS average_order_value
        FROM (SELECT date_format(order_date, 'yyyy-MM') AS month, {GROSS}, {CANCELLED}, {NET}, {ORDERS}
              FROM silver GROUP BY 1)""",
}


def main(remote: str, bootstrap: str, registry: str, topic: str, prefix: str) -> None:
    started = time.monotonic()

    def step(name: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s {name}", flush=True)

    def save(df: DataFrame, table: str) -> None:
        df.write.format("delta").mode("overwrite").saveAsTable(prefix + table)
        step(table)

    spark = SparkSession.builder.remote(remote).getOrCreate()
    for layer in ("bronze", "silver", "gold"):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {prefix}{layer}")
    save(read_topic(spark, bootstrap, topic), "bronze.orders_raw")

    bronze = spark.read.table(f"{prefix}bronze.orders_raw")
    # Decoded once for both of its tables.
    checked = check(bronze, writer_schemas(registry, topic)).cache()
    valid = checked.where("size(broken_rules) = 0")
    save(without_duplicates(valid), "silver.orders")
    broken = checked.where("size(broken_rules) > 0")
    save(broken.select(*COLUMNS, "broken_rules", "raw_value"), "silver.orders_quarantine")
    checked.unpersist()

    spark.read.table(f"{prefix}silver.orders").createOrReplaceTempView("silver")
    for name, query in GOLD.items():
        save(spark.sql(query), f"gold.{name}")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
