from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from orders import rules, schemas, silver

spark = SparkSession.active()


@dp.table(
    name="silver.orders_checked",
    comment="Each message decoded and normalised, with the rules it broke",
)
@dp.expect_all(rules.DECODABLE)
def orders_checked() -> DataFrame:
    known = schemas.look_up(spark.conf.get)
    return silver.checked(spark.readStream.table("bronze.orders_raw"), known)


# The rules are counted here, on every decoded line: before quarantine and before deduplication.
@dp.temporary_view(name="orders_decoded", comment="The lines that the rules judge")
@dp.expect_all(rules.OF_DECODED_LINES)
def orders_decoded() -> DataFrame:
    return spark.readStream.table("silver.orders_checked").where("decodable")


@dp.table(name="silver.orders", comment="Typed, normalised, deduplicated order lines")
def orders() -> DataFrame:
    return silver.deduplicated(
        spark.readStream.table("orders_decoded"),
        spark.read.table("silver.orders_checked"),
        spark.conf.get("orders.dedup.window", "7 days"),
    )


@dp.table(
    name="silver.orders_quarantine",
    comment="Lines that broke a rule, with its name and where they came from",
)
def orders_quarantine() -> DataFrame:
    return silver.quarantine(spark.readStream.table("silver.orders_checked"))
