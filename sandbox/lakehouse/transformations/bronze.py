from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from orders import bronze

spark = SparkSession.active()


@dp.table(
    name="bronze.orders_raw",
    comment="Every message of the topic as it came",
    table_properties={"delta.appendOnly": "true", "pipelines.reset.allowed": "false"},
)
def orders_raw() -> DataFrame:
    options = bronze.kafka_options(spark.conf.get)
    return bronze.as_it_came(spark.readStream.format("kafka").options(**options).load())
