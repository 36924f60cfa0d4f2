"""What a run comes to: totals, this run's share, rules, tables, and whether the equation holds."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from pyspark.sql import SparkSession

from runner import equation, metrics
from runner.failures import RunFailed
from runner.graph import Graph
from runner.output import EventLog, emit

COUNTS_TIMEOUT = 120.0


class Counting:
    """Counts each table as soon as its flow is complete: it stands still from then on.

    What follows is planned on one core, so that much of it costs no time.
    """

    def __init__(
        self, spark: SparkSession, settings: dict[str, str], then: equation.Before
    ) -> None:
        self._spark, self._settings, self._then = spark, settings, then
        self._pool = ThreadPoolExecutor(2)
        self._rows: dict[str, Future[int]] = {}
        self._duplicates: Future[tuple[int, int]] | None = None

    def count(self, table: str) -> None:
        if table not in self._rows:
            self._rows[table] = self._pool.submit(self._spark.read.table(table).count)
        if table == equation.TABLES["bronze"] and self._duplicates is None:
            self._duplicates = self._pool.submit(
                equation.duplicates_in_bronze, self._spark, self._settings, self._then
            )

    def rows(self, tables: list[str]) -> equation.Totals:
        """Waits for the counts; begins those that no event has."""
        for table in tables:
            self.count(table)
        return {table: self._rows[table].result() for table in tables}

    def duplicates(self) -> tuple[int, int]:
        """Waits for them; after `rows`, bronze among them."""
        assert self._duplicates is not None
        return self._duplicates.result()


def after(
    spark: SparkSession,
    graph: Graph,
    listener: metrics.Listener,
    log: EventLog,
    then: equation.Before,
    counting: Counting,
) -> None:
    """Emits the result. Raises RunFailed when a table is missing or the equation does not hold."""
    streams = sum(d.kind == "streaming" for d in graph.tables)
    if not listener.wait_for(streams, COUNTS_TIMEOUT):
        raise RunFailed("counts-missing", "The counts of the streams did not come.", kind="fault")
    names = [d.name for d in graph.tables]
    equation.require_tables(names)
    tables = counting.rows(names)
    totals, share = equation.totals(tables, then, *counting.duplicates())
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
    holds = equation.holds(totals)
    emit(
        "result",
        totals=totals,
        thisRun=share,
        rules=rules,
        equationHolds=holds,
        tables=[{"name": name, "rows": rows} for name, rows in tables.items()],
    )
    if not holds:
        raise RunFailed(
            "equation-broken",
            f"bronze {totals['bronze']} is not silver {totals['silver']} + quarantine "
            f"{totals['quarantine']} + duplicates {totals['duplicates']}",
            hint="Rebuild silver and gold with a full refresh.",
        )
