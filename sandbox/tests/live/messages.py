"""Seeded messages with every fault, and the line that each value carries."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.frames import body, frame

Message = tuple[bytes, bytes | None]
Sent = dict[bytes | None, dict[str, Any] | None]

FAULTS: list[dict[str, Any]] = [
    {"transactionNo": "A1"},
    {"productNo": " "},
    {"price": Decimal("0.00")},
    {"price": Decimal("-3.10")},
    {"quantity": 0},
    {"date": date(2199, 1, 1)},
    {"country": "\u00a0"},
    {"quantity": -7},
]
COUNTRIES = ["United Kingdom"] * 6 + ["France", " Germany", "EIRE\t", "Hong  Kong", "São Tomé"]


def make(count: int, seed: int, schema_id: int) -> tuple[list[Message], Sent]:
    """So many messages: 1% copies, 2% that break a rule, 0.3% that cannot be decoded."""
    dice = random.Random(seed)
    messages: list[Message] = []
    sent: Sent = {None: None}
    while len(messages) < count:
        line = _line(dice, 500_000 + seed * 10_000 + len(messages) // 6)
        chance = dice.random()
        if chance < 0.02:
            line |= dice.choice(FAULTS)
        good = frame(schema_id, body(line))
        value: bytes | None = good
        sent[good] = line
        key = line["transactionNo"].encode()
        if 0.02 <= chance < 0.023:
            value = dice.choice([None, b"", good[:-2], good + b"x", b"\1" + good[1:]])
            value = frame(77_777, b"unknown") if dice.random() < 0.2 else value
            sent[value] = None
        messages.append((key, value))
        if 0.03 <= chance < 0.04:
            messages.append(dice.choice([messages[-1], dice.choice(messages)]))
    return messages, sent


def _line(dice: random.Random, order: int) -> dict[str, Any]:
    cancels = dice.random() < 0.03
    product = dice.randrange(3_000)
    quantity = dice.randint(1, 60)
    return {
        "transactionNo": f"{'C' if cancels else ''}{order}",
        "date": date(2018, 12, 1) + timedelta(days=dice.randrange(373)),
        "productNo": f"{product}{dice.choice(['', 'a', 'B '])}",
        "productName": f"Product {product}  of {dice.choice(['Metal', 'Wood', 'Jorge´s'])}",
        "price": Decimal(dice.randint(1, 60_000)).scaleb(-2),
        "quantity": -quantity if cancels else quantity,
        "customerNo": dice.choice([None, "NA", " "] + [str(12_000 + dice.randrange(4_500))] * 7),
        "country": dice.choice(COUNTRIES),
    }
