"""Bronze: every message as it came."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

Setting = Callable[[str, str], str]
"""Reads a setting of the pipeline: name, default."""

LOGIN = (
    "security.protocol",
    "sasl.mechanism",
    "sasl.jaas.config",
    "sasl.client.callback.handler.class",
    "ssl.endpoint.identification.algorithm",
)


def kafka_options(setting: Setting) -> dict[str, str]:
    """Options of the Kafka source; a login is whatever `orders.kafka.<name>` is set."""
    options = {
        "kafka.bootstrap.servers": setting("orders.kafka.bootstrap", ""),
        "subscribe": setting("orders.kafka.topic", "orders"),
        "startingOffsets": "earliest",
        "failOnDataLoss": setting("orders.kafka.failOnDataLoss", "true"),
        "includeHeaders": "true",
    }
    login = {name: setting(f"orders.kafka.{name}", "") for name in LOGIN}
    return {**options, **{f"kafka.{name}": value for name, value in login.items() if value}}


def as_it_came(messages: DataFrame) -> DataFrame:
    """One row a message; nothing decoded, changed or dropped."""
    return messages.select(
        "key",
        "value",
        "headers",
        "topic",
        "partition",
        "offset",
        F.col("timestamp").alias("kafka_timestamp"),
        F.current_timestamp().alias("ingest_time"),
    )
