from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from orders import gold

spark = SparkSession.active()


@dp.materialized_view(name="gold.sales_daily", comment="Sales a day and country")
def sales_daily() -> DataFrame:
    return gold.sales_daily(spark.read.table("silver.orders"))


@dp.materialized_view(name="gold.product_performance", comment="Sales and returns a product")
def product_performance() -> DataFrame:
    return gold.product_performance(spark.read.table("silver.orders"))


@dp.materialized_view(name="gold.customer_value", comment="Known customers and their RFM segment")
def customer_value() -> DataFrame:
    return gold.customer_value(spark.read.table("silver.orders"))


@dp.materialized_view(name="gold.finance_monthly", comment="Revenue and order value a month")
def finance_monthly() -> DataFrame:
    return gold.finance_monthly(spark.read.table("silver.orders"))
