"""Order lines and messages for the tests, and tables made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from orders.schemas import Schemas
from tests.frames import body, frame

SCHEMA = (Path(__file__).parents[1] / "schemas" / "orders-value.avsc").read_text()
ID = 7
SCHEMAS = Schemas({ID: SCHEMA}, SCHEMA)
NOON = datetime(2019, 6, 1, 12, 0, tzinfo=timezone.utc)

BRONZE = (
    "key binary, value binary, topic string, partition int, offset long, kafka_timestamp timestamp"
)
SILVER = (
    "transaction_no string, order_date date, product_no string, product_name string, "
    "price decimal(10,2), quantity int, customer_no string, country string, "
    "amount decimal(18,2), is_cancellation boolean, kafka_topic string, kafka_partition int, "
    "kafka_offset long, kafka_timestamp timestamp"
)


def line(**changes: Any) -> dict[str, Any]:
    """A good line, with changes."""
    good = {
        "transactionNo": "581482",
        "date": date(2019, 6, 1),
        "productNo": "22485",
        "productName": "Set Of 2 Wooden Market Crates",
        "price": Decimal("21.47"),
        "quantity": 12,
        "customerNo": "17490",
        "country": "United Kingdom",
    }
    return {**good, **changes}


def value(**changes: Any) -> bytes:
    return frame(ID, body(line(**changes)))


def bronze(
    spark: SparkSession, values: Sequence[bytes | None], at: datetime = NOON, partition: int = 0
) -> DataFrame:
    """One message a value, at rising offsets."""
    return spark.createDataFrame(
        [(b"key", v, "orders", partition, offset, at) for offset, v in enumerate(values)], BRONZE
    )


def days(number: float) -> datetime:
    return NOON + timedelta(days=number)


def sale(transaction: str = "500001", **changes: Any) -> dict[str, Any]:
    """A row of silver.orders; `amount` and `is_cancellation` follow from the others."""
    row: dict[str, Any] = {
        "transaction_no": transaction,
        "order_date": date(2019, 6, 1),
        "product_no": "22485",
        "product_name": "Crates",
        "price": Decimal("10.00"),
        "quantity": 1,
        "customer_no": "17490",
        "country": "France",
        "kafka_topic": "orders",
        "kafka_partition": 0,
        "kafka_offset": 0,
        "kafka_timestamp": NOON,
        **changes,
    }
    row["amount"] = row["price"] * row["quantity"]
    row["is_cancellation"] = transaction.startswith("C")
    return row


def silver(spark: SparkSession, *rows: dict[str, Any]) -> DataFrame:
    names = [column.split()[0] for column in SILVER.split(", ")]
    return spark.createDataFrame([tuple(row[n] for n in names) for row in rows], SILVER)


def with_field(name: str, kind: Any) -> str:
    """The schema with one more field that has a default."""
    schema = json.loads(SCHEMA)
    schema["fields"].append({"name": name, "type": kind, "default": None})
    return json.dumps(schema)
