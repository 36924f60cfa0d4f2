"""Writes Confluent's Avro frame by hand, so that tests do not trust the code they check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

EPOCH = date(1970, 1, 1).toordinal()


def frame(schema_id: int, body: bytes) -> bytes:
    return b"\0" + schema_id.to_bytes(4, "big") + body


def body(line: dict[str, Any]) -> bytes:
    """One line of orders-value.avsc; `date` a date or days since 1970, `price` a Decimal."""
    day = line["date"]
    customer = line["customerNo"]
    return b"".join(
        (
            _text(line["transactionNo"]),
            _number(day.toordinal() - EPOCH if isinstance(day, date) else day),
            _text(line["productNo"]),
            _text(line["productName"]),
            _decimal(line["price"]),
            _number(line["quantity"]),
            _number(0) if customer is None else _number(1) + _text(customer),
            _text(line["country"]),
        )
    )


def _number(value: int) -> bytes:
    zigzag = (value << 1) ^ (value >> 63)
    out = bytearray()
    while zigzag > 0x7F:
        out.append((zigzag & 0x7F) | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


def _text(value: str) -> bytes:
    data = value.encode()
    return _number(len(data)) + data


def _decimal(value: Decimal) -> bytes:
    unscaled = int(value.scaleb(2))
    data = unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)
    return _number(len(data)) + data
