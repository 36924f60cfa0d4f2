"""Silver: decode, normalise, judge; then good lines once, and the others with their reasons."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from orders.decode import decoded
from orders.rules import broken_rules
from orders.schemas import Schemas

FIELDS = (
    "transaction_no",
    "order_date",
    "product_no",
    "product_name",
    "price",
    "quantity",
    "customer_no",
    "country",
)
LINEAGE = ("kafka_topic", "kafka_partition", "kafka_offset", "kafka_timestamp")
COLUMNS = (*FIELDS, "amount", "is_cancellation", *LINEAGE)


def checked(bronze: DataFrame, schemas: Schemas) -> DataFrame:
    """One row a message: its normalised line, the rules it broke, where it came from."""
    lines = decoded(bronze, schemas).select(
        _text("line.transactionNo").alias("transaction_no"),
        F.col("line.date").alias("order_date"),
        F.upper(_text("line.productNo")).alias("product_no"),
        _text("line.productName").alias("product_name"),
        F.col("line.price").cast("decimal(10,2)").alias("price"),
        F.col("line.quantity").alias("quantity"),
        _text("line.customerNo").alias("customer"),
        _text("line.country").alias("country"),
        # Wide enough for any price times any quantity; what `amount` cannot hold is not decodable.
        F.expr("line.price * line.quantity").alias("exact_amount"),
        "fits",
        F.col("topic").alias("kafka_topic"),
        F.col("partition").alias("kafka_partition"),
        F.col("offset").alias("kafka_offset"),
        "kafka_timestamp",
        F.col("value").alias("raw_value"),
    )
    typed = lines.select(
        "*",
        F.expr("CASE WHEN upper(customer) NOT IN ('', 'NA', 'NULL') THEN customer END").alias(
            "customer_no"
        ),
        F.expr("fits AND coalesce(abs(exact_amount) < 1e16BD, true)").alias("decodable"),
        F.expr("try_cast(exact_amount AS decimal(18,2))").alias("amount"),
        F.expr("startswith(transaction_no, 'C')").alias("is_cancellation"),
    )
    judged = typed.select("*", broken_rules().alias("broken_rules"))
    return judged.select(
        *(_if_decodable(name) for name in FIELDS),
        _if_decodable("amount"),
        _if_decodable("is_cancellation"),
        *LINEAGE,
        F.expr("CASE WHEN size(broken_rules) > 0 THEN raw_value END").alias("raw_value"),
        "decodable",
        "broken_rules",
        F.xxhash64(*FIELDS).alias("line_hash"),
    )


def quarantine(lines: DataFrame) -> DataFrame:
    """Every copy of a line that broke a rule."""
    return lines.where("size(broken_rules) > 0").select(*COLUMNS, "broken_rules", "raw_value")


def deduplicated(lines: DataFrame, all_lines: DataFrame, window: str) -> DataFrame:
    """Valid lines that have no equal valid line before them in their partition.

    `all_lines` holds every line up to the newest of `lines`, so the answer depends on the data
    alone, not on how it came in batches. `window` is an interval: an equal line further back in
    Kafka time than that does not count.
    """
    valid = "size(broken_rules) = 0"
    this = lines.where(valid).select(*COLUMNS, "line_hash").alias("this")
    # Few lines have an equal one: the wide rows of the others need not be sorted and compared.
    place = ["line_hash", "kafka_partition", "kafka_topic"]
    times = F.expr("count(*)").alias("times")
    repeated = all_lines.where(valid).groupBy(*place).agg(times).where("times > 1")
    earlier = (
        all_lines.where(valid)
        .select(*FIELDS, *LINEAGE, "line_hash")
        .join(repeated, place, "left_semi")
        .alias("earlier")
    )
    same = " AND ".join(f"this.{name} <=> earlier.{name}" for name in FIELDS)
    return this.join(
        earlier,
        F.expr(
            "this.line_hash = earlier.line_hash AND this.kafka_partition = earlier.kafka_partition "
            "AND this.kafka_topic = earlier.kafka_topic "
            "AND earlier.kafka_offset < this.kafka_offset "
            f"AND this.kafka_timestamp <= earlier.kafka_timestamp + INTERVAL '{window}' "
            f"AND {same}"
        ),
        "left_anti",
    ).select(*COLUMNS)


def _text(name: str) -> Column:
    """Trimmed; a run of blanks, tabs, line ends and no-break spaces is one blank."""
    # One blank between words is not a match: most texts are then left as they are.
    run = "[\\t\\r\\n\\u00A0][ \\t\\r\\n\\u00A0]*| [ \\t\\r\\n\\u00A0]+"
    return F.trim(F.regexp_replace(F.col(name), run, " "))


def _if_decodable(name: str) -> Column:
    return F.when(F.col("decodable"), F.col(name)).alias(name)
