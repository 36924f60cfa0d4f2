"""bronze = silver + quarantine + duplicates: each counted by its own query.

Duplicates are counted from bronze by decoding it and ordering equal lines by offset, another way
than the pipeline takes, so that the equation can fail.
"""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

Totals = dict[str, int]

PARTS = ("bronze", "silver", "quarantine", "duplicates")


def count(spark: SparkSession, window: str) -> Totals:
    """The four totals as the tables stand now. The project must be on the path."""
    return {
        "bronze": spark.read.table("bronze.orders_raw").count(),
        "silver": spark.read.table("silver.orders").count(),
        "quarantine": spark.read.table("silver.orders_quarantine").count(),
        "duplicates": duplicates(_valid_lines(spark), window),
    }


def holds(totals: Totals) -> bool:
    kept = totals["silver"] + totals["quarantine"] + totals["duplicates"]
    return totals["bronze"] == kept


def duplicates(lines: DataFrame, window: str) -> int:
    """Of valid lines: those with an equal one at a lower offset, at most the window before."""
    earlier = (
        "max(kafka_timestamp) OVER (PARTITION BY kafka_topic, kafka_partition, line "
        "ORDER BY kafka_offset ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    newest_before = lines.select("kafka_timestamp", F.expr(earlier).alias("before"))
    return newest_before.where(f"kafka_timestamp <= before + INTERVAL '{window}'").count()


def _valid_lines(spark: SparkSession) -> DataFrame:
    from orders import schemas, silver

    known = schemas.look_up(spark.conf.get)
    checked = silver.checked(spark.read.table("bronze.orders_raw"), known)
    return checked.where("size(broken_rules) = 0").select(
        "kafka_topic",
        "kafka_partition",
        "kafka_offset",
        "kafka_timestamp",
        F.struct(*silver.FIELDS).alias("line"),
    )
