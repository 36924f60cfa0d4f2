from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession

from orders import silver
from tests.lines import NOON, SCHEMAS, bronze, days, value


def checked(spark: SparkSession, *values: bytes | None) -> list[Row]:
    table = silver.checked(bronze(spark, values), SCHEMAS)
    return table.orderBy("kafka_offset").collect()


@pytest.mark.parametrize(
    ("given", "column", "expected"),
    [
        ({"productName": "  Red \t\r\n\u00a0 Mug \u00a0"}, "product_name", "Red Mug"),
        ({"productName": 'Owner\'s "Best" Mug'}, "product_name", 'Owner\'s "Best" Mug'),
        ({"productNo": " 85123a "}, "product_no", "85123A"),
        ({"country": "United\u00a0Kingdom"}, "country", "United Kingdom"),
        ({"transactionNo": " 581482\n"}, "transaction_no", "581482"),
        ({"customerNo": " 17490 "}, "customer_no", "17490"),
        ({"customerNo": None}, "customer_no", None),
        ({"customerNo": " \u00a0"}, "customer_no", None),
        ({"customerNo": "na"}, "customer_no", None),
        ({"customerNo": " NULL "}, "customer_no", None),
        ({"price": Decimal("99999999.99"), "quantity": 3}, "amount", Decimal("299999999.97")),
        ({"quantity": -2, "transactionNo": "C581482"}, "amount", Decimal("-42.94")),
        ({"transactionNo": "C581482"}, "is_cancellation", True),
        ({}, "is_cancellation", False),
        ({}, "order_date", date(2019, 6, 1)),
    ],
)
def test_a_line_is_normalised(
    spark: SparkSession, given: dict[str, Any], column: str, expected: object
) -> None:
    (row,) = checked(spark, value(**given))
    assert row[column] == expected


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        ({}, []),
        ({"customerNo": None}, []),
        ({"transactionNo": "c581482"}, ["known_transaction_no"]),
        ({"transactionNo": "58148"}, ["known_transaction_no"]),
        ({"transactionNo": "5814820"}, ["known_transaction_no"]),
        ({"transactionNo": "581482\u00a0x"}, ["known_transaction_no"]),
        ({"productNo": " \t"}, ["has_product"]),
        ({"price": Decimal("0.00")}, ["positive_price"]),
        ({"price": Decimal("-0.01")}, ["positive_price"]),
        ({"quantity": 0}, ["non_zero_quantity"]),
        ({"quantity": -1}, ["sign_matches_kind"]),
        ({"transactionNo": "C581482"}, ["sign_matches_kind"]),
        ({"transactionNo": "C581482", "quantity": -1}, []),
        ({"transactionNo": "C581482", "quantity": 0}, ["non_zero_quantity", "sign_matches_kind"]),
        ({"date": date(2019, 6, 2)}, []),
        ({"date": date(2019, 6, 3)}, ["has_date"]),
        ({"country": ""}, ["has_country"]),
        ({"price": Decimal("0.00"), "country": " "}, ["positive_price", "has_country"]),
        ({"price": Decimal("99999999.99"), "quantity": 2_000_000_000}, ["decodable"]),
    ],
)
def test_a_line_breaks_the_rules_it_breaks(
    spark: SparkSession, given: dict[str, Any], broken: list[str]
) -> None:
    (row,) = checked(spark, value(**given))
    assert row["broken_rules"] == broken


def test_what_cannot_be_decoded_breaks_only_that_and_keeps_its_bytes(spark: SparkSession) -> None:
    (row,) = checked(spark, b"\0noise")
    assert row["broken_rules"] == ["decodable"]
    assert row["raw_value"] == b"\0noise"
    assert [row[name] for name in silver.COLUMNS[:10]] == [None] * 10
    assert (row["kafka_topic"], row["kafka_partition"], row["kafka_offset"]) == ("orders", 0, 0)


def test_quarantine_takes_every_copy_of_a_broken_line(spark: SparkSession) -> None:
    bad = value(quantity=0)
    table = silver.checked(bronze(spark, [bad, value(), bad, None]), SCHEMAS)
    rows = silver.quarantine(table).orderBy("kafka_offset").collect()
    assert [r["kafka_offset"] for r in rows] == [0, 2, 3]
    assert rows[0]["raw_value"] == bad


def kept(spark: SparkSession, *lines: tuple[int, int, float, str]) -> list[tuple[int, int]]:
    """Which (partition, offset) stay of lines given as partition, offset, day, product."""
    messages = [bronze(spark, [])]
    for partition, offset, day, product in lines:
        one = bronze(spark, [value(productNo=product)], days(day), partition)
        messages.append(one.withColumn("offset", one["offset"] + offset))
    table = messages[0]
    for one in messages[1:]:
        table = table.union(one)
    everything = silver.checked(table, SCHEMAS)
    stay = silver.deduplicated(everything, everything, "7 days").collect()
    return sorted((r["kafka_partition"], r["kafka_offset"]) for r in stay)


def test_the_lowest_offset_of_equal_lines_stays(spark: SparkSession) -> None:
    assert kept(spark, (0, 5, 0, "A"), (0, 3, 0, "A"), (0, 9, 0, "a "), (0, 4, 0, "B")) == [
        (0, 3),
        (0, 4),
    ]


def test_a_chain_of_copies_holds_together_although_its_ends_are_far_apart(
    spark: SparkSession,
) -> None:
    assert kept(spark, (0, 0, 0, "A"), (0, 1, 6, "A"), (0, 2, 12, "A")) == [(0, 0)]


def test_a_copy_after_the_window_stays(spark: SparkSession) -> None:
    assert kept(spark, (0, 0, 0, "A"), (0, 1, 7.001, "A")) == [(0, 0), (0, 1)]
    assert kept(spark, (0, 0, 0, "A"), (0, 1, 7, "A")) == [(0, 0)]


def test_time_that_goes_back_makes_no_difference(spark: SparkSession) -> None:
    assert kept(spark, (0, 0, 30, "A"), (0, 1, 0, "A"), (0, 2, 20, "A")) == [(0, 0)]


def test_equal_lines_in_two_partitions_both_stay(spark: SparkSession) -> None:
    assert kept(spark, (0, 0, 0, "A"), (1, 1, 0, "A")) == [(0, 0), (1, 1)]


def test_a_broken_line_makes_no_valid_one_a_duplicate(spark: SparkSession) -> None:
    table = silver.checked(bronze(spark, [value(country=" "), value(), value()], NOON), SCHEMAS)
    stay = silver.deduplicated(table, table, "7 days").collect()
    assert [r["kafka_offset"] for r in stay] == [1]


def test_lines_without_a_customer_are_equal_too(spark: SparkSession) -> None:
    lines = [value(customerNo=None), value(customerNo="NA"), value(customerNo="1")]
    table = silver.checked(bronze(spark, lines), SCHEMAS)
    stay = silver.deduplicated(table, table, "7 days").collect()
    assert sorted(r["kafka_offset"] for r in stay) == [0, 2]
