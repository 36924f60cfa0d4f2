"""The tables as they must be, from the lines that were sent: plain Python and DuckDB."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

Row = dict[str, Any]

NAMES = {
    "transactionNo": "transaction_no",
    "date": "order_date",
    "productNo": "product_no",
    "productName": "product_name",
    "price": "price",
    "quantity": "quantity",
    "customerNo": "customer_no",
    "country": "country",
}
WINDOW = timedelta(days=7)


def judged(bronze: Iterable[Row], sent: dict[bytes | None, Row | None]) -> list[Row]:
    """Each message with its normalised line and what it breaks; `sent` knows each value's line."""
    rows = []
    for message in bronze:
        line = sent[message["value"]]
        row: Row = dict.fromkeys(NAMES.values()) | {"broken": ["decodable"]}
        if line is not None:
            row = _normalised(line)
            row["broken"] = _broken(row, message)
        for name in ("topic", "partition", "offset"):
            row[f"kafka_{name}"] = message[name]
        row["kafka_timestamp"] = message["kafka_timestamp"]
        row["raw_value"] = message["value"]
        rows.append(row)
    return rows


def silver(rows: list[Row]) -> tuple[list[Row], int]:
    """The valid lines that stay, and how many were duplicates."""
    seen: dict[tuple[Any, ...], list[Any]] = {}
    stay = []
    valid = [r for r in rows if not r["broken"]]
    for row in sorted(valid, key=lambda r: (r["kafka_partition"], r["kafka_offset"])):
        line = (row["kafka_partition"], *(row[name] for name in NAMES.values()))
        before = seen.setdefault(line, [])
        if not any(row["kafka_timestamp"] - other <= WINDOW for other in before):
            stay.append(
                {k: v for k, v in row.items() if k not in ("broken", "raw_value")}
                | {
                    "amount": row["price"] * row["quantity"],
                    "is_cancellation": row["transaction_no"][0] == "C",
                }
            )
        before.append(row["kafka_timestamp"])
    return stay, len(valid) - len(stay)


def rules(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Passed and failed of each rule; only decodable lines reach the others."""
    decoded = [r for r in rows if r["broken"] != ["decodable"]]
    failed = Counter(name for row in decoded for name in row["broken"])
    failed["has_customer"] = sum(row["customer_no"] is None for row in decoded)
    names = "known_transaction_no has_product positive_price non_zero_quantity"
    found = {
        name: (len(decoded) - failed[name], failed[name])
        for name in f"{names} sign_matches_kind has_date has_country has_customer".split()
    }
    return {"decodable": (len(decoded), len(rows) - len(decoded)), **found}


def gold(stay: list[Row]) -> dict[str, list[Row]]:
    kinds = {"price": pa.decimal128(10, 2), "amount": pa.decimal128(18, 2)}
    columns = {n: pa.array([r[n] for r in stay], kinds.get(n)) for n in stay[0]}
    database = duckdb.connect()
    database.register("silver", pa.table(columns))
    found = {}
    for name, query in GOLD.items():
        answer = database.execute(query)
        names = [column[0] for column in answer.description or []]
        found[name] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return found


GOLD = {
    "gold.sales_daily": """
        SELECT order_date, country,
            count(DISTINCT transaction_no) FILTER (transaction_no NOT LIKE 'C%') AS orders,
            count(*) AS lines,
            coalesce(sum(quantity) FILTER (quantity > 0), 0)::BIGINT AS units,
            sum(CASE WHEN quantity > 0 THEN amount ELSE 0 END)::DECIMAL(28, 2) AS gross_revenue,
            sum(CASE WHEN quantity < 0 THEN -amount ELSE 0 END)::DECIMAL(28, 2)
                AS cancelled_revenue,
            sum(amount)::DECIMAL(28, 2) AS net_revenue,
            count(DISTINCT customer_no) AS customers
        FROM silver GROUP BY ALL""",
    "gold.product_performance": """
        SELECT product_no,
            last(product_name ORDER BY order_date, kafka_timestamp, kafka_partition, kafka_offset)
                AS product_name,
            coalesce(sum(quantity) FILTER (quantity > 0), 0)::BIGINT AS units_sold,
            coalesce(-sum(quantity) FILTER (quantity < 0), 0)::BIGINT AS units_returned,
            sum(CASE WHEN quantity > 0 THEN amount ELSE 0 END)::DECIMAL(28, 2) AS gross_revenue,
            CASE WHEN units_sold > 0 THEN
                (((units_returned * 20000 + units_sold) // (2 * units_sold))::DECIMAL(18, 0)
                    * 0.0001)::DECIMAL(9, 4) END AS return_rate
        FROM silver GROUP BY ALL""",
    "gold.finance_monthly": """
        SELECT strftime(order_date, '%Y-%m') AS month,
            sum(CASE WHEN quantity > 0 THEN amount ELSE 0 END)::DECIMAL(28, 2) AS gross_revenue,
            sum(CASE WHEN quantity < 0 THEN -amount ELSE 0 END)::DECIMAL(28, 2)
                AS cancelled_revenue,
            sum(amount)::DECIMAL(28, 2) AS net_revenue,
            count(DISTINCT transaction_no) FILTER (transaction_no NOT LIKE 'C%') AS orders,
            CASE WHEN orders > 0 THEN
                ((((gross_revenue * 100)::HUGEINT * 2 + orders) // (2 * orders))::DECIMAL(18, 0)
                    * 0.01)::DECIMAL(18, 2) END AS average_order_value
        FROM silver GROUP BY ALL""",
    "gold.customer_value": """
        SELECT customer_no,
            min(order_date) FILTER (quantity > 0) AS first_order,
            max(order_date) FILTER (quantity > 0) AS last_order,
            count(DISTINCT transaction_no) FILTER (transaction_no NOT LIKE 'C%') AS orders,
            sum(amount)::DECIMAL(28, 2) AS net_revenue,
            ((SELECT max(order_date) FROM silver) - last_order)::INTEGER AS recency_days
        FROM silver WHERE customer_no IS NOT NULL GROUP BY ALL""",
}


def _normalised(line: Row) -> Row:
    row = {}
    for name, value in line.items():
        text = isinstance(value, str)
        row[NAMES[name]] = " ".join(re.split("[ \t\r\n\u00a0]+", value)).strip() if text else value
    row["product_no"] = row["product_no"].upper()
    if (row["customer_no"] or "").upper() in ("", "NA", "NULL"):
        row["customer_no"] = None
    return row


def _broken(row: Row, message: Row) -> list[str]:
    cancels = row["transaction_no"].startswith("C")
    newest = (message["kafka_timestamp"] + timedelta(days=1)).date()
    checks = {
        "known_transaction_no": re.fullmatch("C?[0-9]{6}", row["transaction_no"]) is not None,
        "has_product": row["product_no"] != "",
        "positive_price": row["price"] > Decimal(0),
        "non_zero_quantity": row["quantity"] != 0,
        "sign_matches_kind": (row["quantity"] < 0) == cancels,
        "has_date": row["order_date"] <= newest,
        "has_country": row["country"] != "",
    }
    return [name for name, holds in checks.items() if not holds]
