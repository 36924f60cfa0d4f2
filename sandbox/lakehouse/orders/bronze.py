"""Bronze: every message as it came."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from orders.settings import Setting, secret

LOGIN = (
    "security.protocol",
    "sasl.mechanism",
    "sasl.jaas.config",
    "sasl.client.callback.handler.class",
    "ssl.endpoint.identification.algorithm",
)
# Databricks has it as kafkashaded.org.apache.kafka…
LOGIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"


def kafka_options(setting: Setting) -> dict[str, str]:
    """Options of the Kafka source; a login is whatever `orders.kafka.<name>` is set.

    In place of a `sasl.jaas.config`, `sasl.username` and `sasl.password` may be set, and the class
    of the login, `login.module`.
    """
    options = {
        "kafka.bootstrap.servers": setting("orders.kafka.bootstrap", ""),
        "subscribe": setting("orders.kafka.topic", "orders"),
        "startingOffsets": "earliest",
        "failOnDataLoss": setting("orders.kafka.failOnDataLoss", "true"),
        "includeHeaders": "true",
    }
    login = {name: secret(setting, f"orders.kafka.{name}") for name in LOGIN}
    login["sasl.jaas.config"] = login["sasl.jaas.config"] or _jaas_config(setting)
    return {**options, **{f"kafka.{name}": value for name, value in login.items() if value}}


def _jaas_config(setting: Setting) -> str:
    """Nothing without a user name."""
    user = secret(setting, "orders.kafka.sasl.username")
    if not user:
        return ""
    password = secret(setting, "orders.kafka.sasl.password")
    module = setting("orders.kafka.login.module", LOGIN_MODULE)
    return f"{module} required username={_quoted(user)} password={_quoted(password)};"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
