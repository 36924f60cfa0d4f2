from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from orders import gold
from tests.lines import days, sale, silver


def row(table: DataFrame) -> dict[str, Any]:
    (only,) = table.collect()
    return only.asDict()


def test_a_day_counts_sales_and_cancellations_apart(spark: SparkSession) -> None:
    lines = silver(
        spark,
        sale("500001", quantity=2),
        sale("500001", quantity=3, price=Decimal("0.10")),
        sale("500002", customer_no=None),
        sale("C500003", quantity=-1, customer_no="18000"),
    )
    assert row(gold.sales_daily(lines)) == {
        "order_date": date(2019, 6, 1),
        "country": "France",
        "orders": 2,
        "lines": 4,
        "units": 6,
        "gross_revenue": Decimal("30.30"),
        "cancelled_revenue": Decimal("10.00"),
        "net_revenue": Decimal("20.30"),
        "customers": 2,
    }


def test_a_day_of_cancellations_only_has_zeros(spark: SparkSession) -> None:
    found = row(gold.sales_daily(silver(spark, sale("C500003", quantity=-1))))
    assert (found["orders"], found["units"], found["gross_revenue"]) == (0, 0, Decimal("0.00"))
    assert found["net_revenue"] == Decimal("-10.00")


def test_a_product_goes_by_the_name_of_its_newest_line(spark: SparkSession) -> None:
    lines = silver(
        spark,
        sale(product_name="old", order_date=date(2019, 5, 1), kafka_timestamp=days(9)),
        sale(product_name="earlier", kafka_timestamp=days(1), kafka_offset=9),
        sale(product_name="newest", kafka_timestamp=days(2), kafka_partition=1),
        sale(product_name="same time", kafka_timestamp=days(2), kafka_offset=8),
    )
    assert row(gold.product_performance(lines))["product_name"] == "newest"


@pytest.mark.parametrize(
    ("sold", "returned", "rate"),
    [
        (3, 1, Decimal("0.3333")),
        (3, 2, Decimal("0.6667")),
        (1, 0, Decimal("0.0000")),
        (16, 1, Decimal("0.0625")),
        (20_000, 1, Decimal("0.0001")),
        (20_001, 1, Decimal("0.0000")),
        (0, 5, None),
        (1, 2_000_000_000, Decimal("99999.9999")),
    ],
)
def test_the_return_rate_is_exact(
    spark: SparkSession, sold: int, returned: int, rate: Decimal | None
) -> None:
    lines = [sale(quantity=sold, price=Decimal("0.01"))] if sold else []
    if returned:
        lines.append(sale("C500001", quantity=-returned, price=Decimal("0.01")))
    found = row(gold.product_performance(silver(spark, *lines)))
    assert (found["units_sold"], found["units_returned"]) == (sold, returned)
    assert found["return_rate"] == rate


def test_recency_counts_from_the_newest_line_of_anyone(spark: SparkSession) -> None:
    lines = silver(
        spark,
        sale("500001", order_date=date(2019, 1, 1)),
        sale("500002", order_date=date(2019, 3, 1)),
        sale("C500003", order_date=date(2019, 4, 1), quantity=-1),
        sale("500004", order_date=date(2019, 5, 1), customer_no=None),
    )
    assert row(gold.customer_value(lines)) == {
        "customer_no": "17490",
        "first_order": date(2019, 1, 1),
        "last_order": date(2019, 3, 1),
        "orders": 2,
        "net_revenue": Decimal("10.00"),
        "recency_days": 61,
        "segment": "occasional",
    }


def test_a_customer_of_cancellations_only_has_no_orders(spark: SparkSession) -> None:
    found = row(gold.customer_value(silver(spark, sale("C500003", quantity=-1))))
    assert (found["first_order"], found["last_order"], found["recency_days"]) == (None, None, None)
    assert (found["orders"], found["segment"]) == (0, "no sales")


@pytest.mark.parametrize(
    ("orders", "price", "day", "segment"),
    [
        (5, "200.00", date(2019, 6, 1), "champion"),
        (5, "199.99", date(2019, 6, 1), "loyal"),
        (4, "250.00", date(2019, 4, 1), "big spender"),
        (1, "1.00", date(2019, 5, 31), "recent"),
        (1, "1.00", date(2019, 4, 1), "occasional"),
        (5, "1.00", date(2019, 1, 1), "at risk"),
        (1, "1.00", date(2019, 1, 1), "lost"),
    ],
)
def test_segments(spark: SparkSession, orders: int, price: str, day: date, segment: str) -> None:
    theirs = [sale(str(500001 + n), price=Decimal(price), order_date=day) for n in range(orders)]
    newest = sale("600000", order_date=date(2019, 6, 30), customer_no="other")
    table = gold.customer_value(silver(spark, newest, *theirs))
    assert row(table.where("customer_no = '17490'"))["segment"] == segment


@pytest.mark.parametrize(
    ("prices", "average"),
    [
        (["0.01", "0.00"], Decimal("0.01")),
        (["0.01", "0.00", "0.00"], Decimal("0.00")),
        (["0.02", "0.00", "0.00"], Decimal("0.01")),
        (["10.00", "10.01"], Decimal("10.01")),
    ],
)
def test_the_average_order_is_rounded_half_up(
    spark: SparkSession, prices: list[str], average: Decimal
) -> None:
    lines = [sale(str(500001 + n), price=Decimal(p)) for n, p in enumerate(prices)]
    found = row(gold.finance_monthly(silver(spark, *lines)))
    assert (found["month"], found["orders"]) == ("2019-06", len(prices))
    assert found["average_order_value"] == average


def test_a_month_of_cancellations_only_has_no_average(spark: SparkSession) -> None:
    assert row(gold.finance_monthly(silver(spark, sale("C500001", quantity=-2)))) == {
        "month": "2019-06",
        "gross_revenue": Decimal("0.00"),
        "cancelled_revenue": Decimal("20.00"),
        "net_revenue": Decimal("-20.00"),
        "orders": 0,
        "average_order_value": None,
    }


def test_money_is_decimal_everywhere(spark: SparkSession) -> None:
    lines = silver(spark, sale())
    for table in (gold.sales_daily, gold.product_performance, gold.customer_value):
        assert "double" not in {kind for _, kind in table(lines).dtypes}
    assert dict(gold.finance_monthly(lines).dtypes)["average_order_value"] == "decimal(18,2)"
