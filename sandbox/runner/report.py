"""What a run comes to: totals, this run's share, rules, tables, and whether the equation holds."""

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession

from runner import equation, metrics, unchanged
from runner.failures import RunFailed
from runner.graph import Graph
from runner.output import EventLog, emit

COUNTS_TIMEOUT = 120.0


def after(
    spark: SparkSession,
    graph: Graph,
    listener: metrics.Listener,
    log: EventLog,
    settings: dict[str, str],
    then: equation.Before,
) -> dict[str, Any]:
    """Emits the result; returns it with what the next run may build on (unchanged.py)."""
    streams = sum(d.kind == "streaming" for d in graph.tables)
    if not listener.wait_for(streams, COUNTS_TIMEOUT):
        raise RunFailed("counts-missing", "The counts of the streams did not come.", kind="fault")
    tables = equation.rows(spark, [d.name for d in graph.tables])
    totals, share = equation.totals(spark, settings, tables, then)
    counted = {**listener.observed, **metrics.count_views(spark, graph)}
    rules: list[dict[str, Any]] = []
    for dataset in graph.datasets.values():
        counts = counted.get(dataset.name, metrics.Counts())
        judged = counts.of_rules(dataset)
        rules += judged
        written = listener.rows_of(dataset.name) or 0
        log.flow_progress(
            dataset.name,
            "COMPLETED",
            num_output_rows=tables[dataset.name] if dataset.kind == "view" else written,
            dropped_records=counts.dropped,
            expectations=judged,
        )
    result = {
        "totals": totals,
        "thisRun": share,
        "rules": rules,
        "equationHolds": equation.holds(totals),
        "versions": unchanged.versions(spark, [d.name for d in graph.tables]),
        "tables": [{"name": name, "rows": rows} for name, rows in tables.items()],
    }
    _emit(result)
    # A stream that read nothing reports no offsets: then bronze still ends where it did.
    return {**result, "offsets": listener.offsets or unchanged.next_offsets(then.offsets)}


def again(last: dict[str, Any]) -> None:
    """The result of a run that had nothing to do: the tables are as the last run counted them."""
    nothing = {"passed_records": 0, "failed_records": 0}
    for table in last["tables"]:
        emit("dataset", dataset=table["name"], state="completed", rows=0)
    _emit(
        {
            "totals": last["totals"],
            "thisRun": dict.fromkeys(last["totals"], 0),
            "rules": [{**rule, **nothing} for rule in last["rules"]],
            "equationHolds": equation.holds(last["totals"]),
            "versions": last["versions"],
            "tables": last["tables"],
        }
    )


def _emit(result: dict[str, Any]) -> None:
    emit("result", **result)
    if not result["equationHolds"]:
        t = result["totals"]
        raise RunFailed(
            "equation-broken",
            f"bronze {t['bronze']} is not silver {t['silver']} + quarantine {t['quarantine']}"
            f" + duplicates {t['duplicates']}",
            hint="Rebuild silver and gold with a full refresh.",
        )
