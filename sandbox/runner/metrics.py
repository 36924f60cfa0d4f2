"""What the flows of a run counted: rows written, and rows that passed or failed each rule."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.streaming.listener import (
    QueryProgressEvent,
    QueryStartedEvent,
    QueryTerminatedEvent,
    StreamingQueryListener,
)

from runner import expectations
from runner.graph import ROWS, Dataset, Graph


@dataclass
class Counts:
    """Counts of one dataset in one run."""

    rows: int = 0
    """Rows that reached the rules."""
    dropped: int = 0
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, observed: dict[str, Any]) -> None:
        rest = dict(observed)
        self.rows += rest.pop("rows")
        self.dropped += rest.pop("dropped", 0)
        for rule, failed in rest.items():
            self.failed[rule] += failed

    def of_rules(self, dataset: Dataset) -> list[dict[str, Any]]:
        return [
            {
                "name": rule.name,
                "dataset": dataset.name,
                "passed_records": self.rows - self.failed[rule.name],
                "failed_records": self.failed[rule.name],
            }
            for rule in dataset.rules
        ]


class Listener(StreamingQueryListener):
    """Adds up the observations of all batches of the run's streams."""

    def __init__(self) -> None:
        self.observed: dict[str, Counts] = defaultdict(Counts)
        self.offsets: dict[str, dict[str, int]] = {}
        """Where reading Kafka ended, by topic and partition."""
        self._ended = 0
        self._changed = threading.Condition()

    def onQueryStarted(self, event: QueryStartedEvent) -> None:
        """Not sent for streams that a pipeline starts."""

    def onQueryProgress(self, event: QueryProgressEvent) -> None:
        for name, row in event.progress.observedMetrics.items():
            self.observed[name].add(row.asDict())
        for source in event.progress.sources:
            if source.description.startswith("KafkaV2"):
                self.offsets.update(json.loads(source.endOffset))

    def onQueryTerminated(self, event: QueryTerminatedEvent) -> None:
        if event.exception is None:
            with self._changed:
                self._ended += 1
                self._changed.notify_all()

    def rows_of(self, dataset: str) -> int | None:
        counted = self.observed.get(ROWS + dataset)
        return counted.rows if counted else None

    def wait_for(self, streams: int, timeout: float) -> bool:
        """Waits until so many streams have ended well; whether they did.

        Events of one stream come in order, its end after its last counts.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._ended >= streams, timeout)


def count_views(spark: SparkSession, graph: Graph) -> dict[str, Counts]:
    """Counts the rules of materialized views by a query: batch flows report no observations."""
    views = [d for d in graph.tables if d.kind == "view" and d.rules and d.query]
    if views:
        for temporary in graph.datasets.values():
            if temporary.kind == "temporary" and temporary.query:
                temporary.query().createOrReplaceTempView(temporary.name)
    found: dict[str, Counts] = {}
    for view in views:
        assert view.query is not None
        row = view.query().agg(*expectations.counts(view.rules)).first()
        assert row is not None
        found[view.name] = Counts()
        found[view.name].add(row.asDict())
    return found
