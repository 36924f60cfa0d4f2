from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from runner import equation
from tests.lines import days

COLUMNS = (
    "line struct<product: string>, kafka_topic string, kafka_partition int, kafka_offset long, "
    "kafka_timestamp timestamp"
)


def lines(spark: SparkSession, *given: tuple[str, int, int, float]) -> DataFrame:
    """Lines as product, partition, offset, day."""
    rows = [((product,), "orders", p, offset, days(day)) for product, p, offset, day in given]
    return spark.createDataFrame(rows, COLUMNS)


def test_duplicates_are_counted_in_all_and_beyond_an_offset(spark: SparkSession) -> None:
    table = lines(
        spark,
        ("A", 0, 0, 0),
        ("A", 0, 1, 6),
        ("A", 0, 2, 12),
        ("A", 1, 3, 0),
        ("A", 1, 4, 8),
        ("B", 0, 5, 0),
    )
    assert equation.duplicates(table, "7 days", {}) == (2, 2)
    assert equation.duplicates(table, "7 days", {"orders/0": 1, "orders/1": 9}) == (2, 1)


def test_no_duplicates_are_none(spark: SparkSession) -> None:
    assert equation.duplicates(lines(spark, ("A", 0, 0, 0)), "7 days", {}) == (0, 0)


def test_the_equation_can_fail() -> None:
    totals = {"bronze": 4, "silver": 2, "quarantine": 1, "duplicates": 1}
    assert equation.holds(totals)
    assert not equation.holds({**totals, "silver": 1})
