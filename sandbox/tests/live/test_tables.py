"""Every table against an independent computation, however the messages came in."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.live import expected, messages
from tests.live.sandbox import Event, Sandbox

TABLES = ("silver.orders", "silver.orders_quarantine", *expected.GOLD)
SEGMENTS = {
    "no sales",
    "champion",
    "loyal",
    "big spender",
    "recent",
    "occasional",
    "at risk",
    "lost",
}

all_messages: list[messages.Message] = []
all_sent: messages.Sent = {}


def send(sandbox: Sandbox, count: int, seed: int) -> list[messages.Message]:
    made, sent = messages.make(count, seed, sandbox.schema_id)
    sandbox.send(made)
    all_messages.extend(made)
    all_sent.update(sent)
    return made


def check(sandbox: Sandbox, result: Event) -> list[expected.Row]:
    """All tables and totals; returns the messages as they must be judged."""
    bronze = sandbox.rows("bronze.orders_raw")
    assert Counter((bytes(r["key"]), r["value"]) for r in bronze) == Counter(all_messages)
    rows = expected.judged(bronze, all_sent)
    stay, duplicates = expected.silver(rows)
    broken = [r for r in rows if r["broken"]]

    same(sandbox.rows("silver.orders"), stay)
    quarantine = sandbox.rows("silver.orders_quarantine")
    same(
        without(quarantine, "amount", "is_cancellation"),
        [{**r, "broken_rules": r["broken"]} for r in broken],
        ignoring="broken",
    )
    for table, wanted in expected.gold(stay).items():
        same(without(sandbox.rows(table), "segment"), wanted)
    assert {r["segment"] for r in sandbox.rows("gold.customer_value")} <= SEGMENTS
    assert result["equationHolds"]
    assert result["totals"] == {
        "bronze": len(all_messages),
        "silver": len(stay),
        "quarantine": len(broken),
        "duplicates": duplicates,
    }
    assert min(result["totals"].values()) > 0
    return rows


def same(found: list[Any], wanted: list[Any], ignoring: str = "") -> None:
    assert canonical(found) == canonical(without(wanted, ignoring))


def canonical(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    return Counter(str(sorted(row.items())) for row in rows)


def without(rows: list[Any], *names: str) -> list[Any]:
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


def counts(result: Event) -> dict[str, tuple[int, int]]:
    return {r["name"]: (r["passed_records"], r["failed_records"]) for r in result["rules"]}


def running(dataset: str) -> Callable[[Event], bool]:
    return lambda e: e.get("dataset") == dataset and e.get("state") == "running"


def snapshot(sandbox: Sandbox) -> dict[str, Counter[str]]:
    return {table: canonical(sandbox.rows(table)) for table in TABLES}


def test_twenty_thousand_lines_with_every_fault(sandbox: Sandbox) -> None:
    send(sandbox, 20_000, seed=1)
    result = sandbox.run()
    rows = check(sandbox, result)
    assert counts(result) == expected.rules(rows)
    assert result["thisRun"] == result["totals"]


def test_a_run_with_nothing_new_changes_nothing(sandbox: Sandbox) -> None:
    before = snapshot(sandbox)
    again = sandbox.run()
    assert again["thisRun"] == {"bronze": 0, "silver": 0, "quarantine": 0, "duplicates": 0}
    assert set(counts(again).values()) == {(0, 0)}
    assert snapshot(sandbox) == before


def test_more_lines_and_late_copies_end_as_a_full_refresh_does(sandbox: Sandbox) -> None:
    old = all_messages[::37]
    sandbox.send(old)
    all_messages.extend(old)
    new = send(sandbox, 3_000, seed=2)
    result = sandbox.run()
    assert result["thisRun"]["bronze"] == len(old) + len(new)
    rows = check(sandbox, result)
    incremental = snapshot(sandbox)

    full = sandbox.run(full=True)
    assert snapshot(sandbox) == incremental
    assert full["thisRun"] == {**full["totals"], "bronze": 0}
    assert counts(full) == expected.rules(rows)


def test_a_run_that_is_killed_is_made_up_for(sandbox: Sandbox) -> None:
    send(sandbox, 1_500, seed=10)
    killed = sandbox.start()
    killed.until(running("silver.orders"))
    killed.process.kill()
    assert killed.end() == -signal.SIGKILL
    check(sandbox, sandbox.run())


def test_an_equation_that_fails_is_loud(sandbox: Sandbox) -> None:
    sandbox.spark.sql("DELETE FROM silver.orders WHERE kafka_offset < 10").collect()
    run = sandbox.start()
    assert run.end() == 1
    (result,) = run.of("result")
    (error,) = run.of("error")
    assert result["equationHolds"] is False
    assert error["code"] == "equation-broken"
    check(sandbox, sandbox.run(full=True))
