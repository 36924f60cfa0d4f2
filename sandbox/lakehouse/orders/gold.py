"""Gold: four answers computed from silver.orders. Amounts of cancellations are negative there."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

SALE = "NOT is_cancellation"

# RFM by three plain thresholds. Recent: bought within 30 days of the newest date in silver;
# lapsed: not within 90. Frequent: 5 orders or more. Big: 1,000 or more of net revenue.
SEGMENT = """
CASE WHEN orders = 0 THEN 'no sales'
     WHEN recency_days <= 30 AND orders >= 5 AND net_revenue >= 1000 THEN 'champion'
     WHEN recency_days <= 90 AND orders >= 5 THEN 'loyal'
     WHEN recency_days <= 90 AND net_revenue >= 1000 THEN 'big spender'
     WHEN recency_days <= 30 THEN 'recent'
     WHEN recency_days <= 90 THEN 'occasional'
     WHEN orders >= 5 OR net_revenue >= 1000 THEN 'at risk'
     ELSE 'lost' END
"""


def sales_daily(orders: DataFrame) -> DataFrame:
    """One row a day and country; customers are those of all lines, cancellations too."""
    return orders.groupBy("order_date", "country").agg(
        _orders(),
        F.expr("count(*)").alias("lines"),
        _units_sold("units"),
        _gross(),
        _cancelled(),
        _net(),
        F.expr("count(DISTINCT customer_no)").alias("customers"),
    )


def product_performance(orders: DataFrame) -> DataFrame:
    """One row a product, under the name its newest line gives it.

    `return_rate` is NULL when nothing was sold; it stops at 99999.9999, the most it can hold.
    """
    newest = "struct(order_date, kafka_timestamp, kafka_partition, kafka_offset)"
    return (
        orders.groupBy("product_no")
        .agg(
            F.expr(f"max_by(product_name, {newest})").alias("product_name"),
            _units_sold("units_sold"),
            F.expr("coalesce(-sum(quantity) FILTER (WHERE is_cancellation), 0L)").alias(
                "units_returned"
            ),
            _gross(),
        )
        .select(
            "*",
            F.expr(
                "CASE WHEN units_sold > 0 THEN CAST(least(CAST(units_returned AS decimal(19,0)) "
                "/ CAST(units_sold AS decimal(19,0)), 99999.9999) AS decimal(9,4)) END"
            ).alias("return_rate"),
        )
    )


def customer_value(orders: DataFrame) -> DataFrame:
    """One row a known customer; recency counts from the newest date of any line in silver."""
    by_customer = orders.groupBy("customer_no").agg(
        F.expr(f"min(order_date) FILTER (WHERE {SALE})").alias("first_order"),
        F.expr(f"max(order_date) FILTER (WHERE {SALE})").alias("last_order"),
        _orders(),
        _net(),
        F.max("order_date").alias("newest_line"),
    )
    return (
        by_customer.select("*", F.expr("max(newest_line) OVER ()").alias("today"))
        .where("customer_no IS NOT NULL")
        .select(
            "customer_no",
            "first_order",
            "last_order",
            "orders",
            "net_revenue",
            F.expr("datediff(today, last_order)").alias("recency_days"),
        )
        .select("*", F.expr(SEGMENT).alias("segment"))
    )


def finance_monthly(orders: DataFrame) -> DataFrame:
    """One row a month; `average_order_value` is NULL in a month of cancellations only."""
    return (
        orders.groupBy(F.date_format("order_date", "yyyy-MM").alias("month"))
        .agg(_gross(), _cancelled(), _net(), _orders())
        .select(
            "month",
            "gross_revenue",
            "cancelled_revenue",
            "net_revenue",
            "orders",
            # The quotient has 12 decimals, so rounding it again to 2 is exact
            # for fewer than 10^10 orders a month.
            F.expr("try_cast(gross_revenue / nullif(orders, 0L) AS decimal(18,2))").alias(
                "average_order_value"
            ),
        )
    )


def _orders() -> Column:
    return F.expr(f"count(DISTINCT CASE WHEN {SALE} THEN transaction_no END)").alias("orders")


def _units_sold(name: str) -> Column:
    return F.expr(f"coalesce(sum(quantity) FILTER (WHERE {SALE}), 0L)").alias(name)


def _gross() -> Column:
    return (
        F.expr(f"coalesce(sum(amount) FILTER (WHERE {SALE}), 0)")
        .cast("decimal(28,2)")
        .alias("gross_revenue")
    )


def _cancelled() -> Column:
    return (
        F.expr("coalesce(-sum(amount) FILTER (WHERE is_cancellation), 0)")
        .cast("decimal(28,2)")
        .alias("cancelled_revenue")
    )


def _net() -> Column:
    return F.expr("coalesce(sum(amount), 0)").cast("decimal(28,2)").alias("net_revenue")
