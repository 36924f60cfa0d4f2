"""bronze = silver + quarantine + duplicates: each counted by its own query.

Duplicates are counted from bronze by decoding it and ordering equal lines by offset, another way
than the pipeline takes, so that the equation can fail.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from runner.failures import RunFailed

Totals = dict[str, int]

TABLES = {
    "bronze": "bronze.orders_raw",
    "silver": "silver.orders",
    "quarantine": "silver.orders_quarantine",
}


@dataclass(frozen=True)
class Before:
    """Where the tables stood before a run; the offsets are bronze's highest, by partition."""

    rows: Totals = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)


def rows(spark: SparkSession, tables: list[str]) -> Totals:
    """Rows of each table, in one query."""
    each = [f"SELECT '{table}' AS name, count(*) AS rows FROM {table}" for table in tables]
    return {r["name"]: r["rows"] for r in spark.sql(" UNION ALL ".join(each)).collect()}


def before(spark: SparkSession) -> Before:
    there = [table for table in TABLES.values() if spark.catalog.tableExists(table)]
    if TABLES["bronze"] not in there:
        return Before()
    counted = rows(spark, there)
    found = {part: counted.get(table, 0) for part, table in TABLES.items()}
    highest = (
        spark.read.table(TABLES["bronze"])
        .groupBy(F.expr("concat(topic, '/', partition)").alias("place"))
        .agg(F.max("offset").alias("offset"))
    )
    return Before(found, {row["place"]: row["offset"] for row in highest.collect()})


def require_tables(defined: list[str]) -> None:
    """Raises RunFailed when one that the equation counts is not among them."""
    missing = sorted(set(TABLES.values()) - set(defined))
    if missing:
        names = ", ".join(missing)
        raise RunFailed("tables-missing", f"The pipeline does not define {names}.")


def totals(
    counted: Totals, then: Before, duplicates: int, new_duplicates: int
) -> tuple[Totals, Totals]:
    """The four totals as the tables stand now (`counted`: their rows), and this run's share."""
    now = {part: counted[table] for part, table in TABLES.items()}
    share = {part: now[part] - then.rows.get(part, 0) for part in now}
    return {**now, "duplicates": duplicates}, {**share, "duplicates": new_duplicates}


def holds(totals: Totals) -> bool:
    kept = totals["silver"] + totals["quarantine"] + totals["duplicates"]
    return totals["bronze"] == kept


def duplicates_in_bronze(
    spark: SparkSession, settings: dict[str, str], then: Before
) -> tuple[int, int]:
    """Of all messages and of those since `then`. The project must be on the path."""
    from orders import schemas, silver

    known = schemas.look_up(lambda name, default: settings.get(name, default))
    checked = silver.checked(spark.read.table(TABLES["bronze"]), known)
    lines = checked.where("size(broken_rules) = 0").select(
        F.struct(*silver.FIELDS).alias("line"), *silver.LINEAGE
    )
    return duplicates(lines, settings.get("orders.dedup.window", "7 days"), then.offsets)


def duplicates(lines: DataFrame, window: str, offsets: dict[str, int]) -> tuple[int, int]:
    """Of valid lines, those with an equal one at a lower offset, at most the window before.

    All of them, and those beyond `offsets` (highest offset by `topic/partition`).
    """
    # Lines are compared by a digest of 16 bytes: narrow rows sort several times faster.
    narrow = lines.select(
        F.expr("unhex(md5(to_json(line, map('ignoreNullFields', 'false'))))").alias("line"),
        F.expr("concat(kafka_topic, '/', kafka_partition)").alias("place"),
        "kafka_offset",
        "kafka_timestamp",
    )
    newest_before = (
        "max(kafka_timestamp) OVER (PARTITION BY line, place "
        "ORDER BY kafka_offset ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    known = ", ".join(f"'{place}', {offset}L" for place, offset in offsets.items())
    is_new = (
        f"kafka_offset > coalesce(try_element_at(map({known}), place), -1L)" if known else "true"
    )
    repeated = narrow.select("*", F.expr(newest_before).alias("before")).where(
        f"kafka_timestamp <= before + INTERVAL '{window}'"
    )
    row = repeated.agg(F.expr("count(*)").alias("all"), F.expr(f"count_if({is_new})").alias("new"))
    found = row.first()
    assert found is not None
    return found["all"], found["new"]
