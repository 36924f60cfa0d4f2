"""One update of the pipeline: connect, register, run, count."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any

from pyspark.pipelines.spark_connect_pipeline import create_dataflow_graph, start_run

from runner import equation, expectations, metrics, project, session
from runner.failures import RunFailed
from runner.graph import Dataset, Graph, client_of, schemas_of
from runner.lock import Lock
from runner.output import EventLog, emit
from runner.request import Request

STATE = re.compile(r"Flow '?(\S+?)'? (?:is|has) ([A-Z]+)")
STATES = {
    "QUEUED": "queued",
    "RUNNING": "running",
    "COMPLETED": "completed",
    "FAILED": "failed",
    "SKIPPED": "failed",
}
COUNTS_TIMEOUT = 60.0
NEVER_RESET = "bronze."


class Update:
    def __init__(self, asked: Request, held: Lock) -> None:
        logging.disable(logging.WARNING)
        self._asked = asked
        self._held = held
        self._id = session.new_id()
        self._spark: Any = None
        self._graph: Graph | None = None

    def datasets(self) -> Iterable[Dataset]:
        return self._graph.datasets.values() if self._graph else []

    def run(self) -> None:
        emit("phase", phase="connect")
        spec = project.load_spec(self._asked.project)
        settings = {**spec.configuration, **self._asked.configuration}
        if self._held.left_session:
            session.end_left(self._asked.spark_remote, self._held.left_session)
        self._held.note_session(self._id)
        self._spark = session.connect(self._asked.spark_remote, self._id)
        for name, value in settings.items():
            self._spark.conf.set(name, value)

        emit("phase", phase="register")
        expectations.install()
        if spec.database:
            self._spark.sql(f"CREATE SCHEMA IF NOT EXISTS {spec.database}")
        graph_id = create_dataflow_graph(
            self._spark,
            default_catalog=spec.catalog,
            default_database=spec.database,
            sql_conf=settings,
        )
        self._graph = Graph(self._spark, graph_id)
        project.load(self._asked.project, spec, self._spark, self._graph, graph_id)
        for schema in schemas_of(self._graph):
            self._spark.sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")

        emit("phase", phase="run")
        window = settings.get("orders.dedup.window", "7 days")
        log = EventLog(self._asked.event_log, spec.name, self._id)
        listener = metrics.Listener()
        self._spark.streams.addListener(listener)
        before = self._totals_before(window)
        self._start(self._graph, graph_id, listener)

        emit("phase", phase="count")
        self._report(self._graph, listener, log, before, window)

    def _start(self, graph: Graph, graph_id: str, listener: metrics.Listener) -> None:
        names = [d.name for d in graph.tables]
        full = self._asked.full_refresh
        results = start_run(
            self._spark,
            graph_id,
            full_refresh=[n for n in names if not n.startswith(NEVER_RESET)] if full else None,
            full_refresh_all=False,
            refresh=[n for n in names if n.startswith(NEVER_RESET)] if full else None,
            dry=False,
            storage=self._asked.storage,
        )
        for result in results:
            if "pipeline_event_result" in result:
                self._tell(graph, listener, result["pipeline_event_result"].event.message)

    def _tell(self, graph: Graph, listener: metrics.Listener, message: str) -> None:
        match = STATE.match(message)
        dataset = graph.datasets.get(metrics.short_name(match[1])) if match else None
        if match and dataset and match[2] in STATES:
            rows = listener.rows_of(dataset.name) if match[2] == "COMPLETED" else None
            known = {} if rows is None else {"rows": rows}
            emit("dataset", dataset=dataset.name, state=STATES[match[2]], **known)

    def _totals_before(self, window: str) -> equation.Totals:
        return dict.fromkeys(equation.PARTS, 0)

    def _report(
        self,
        graph: Graph,
        listener: metrics.Listener,
        log: EventLog,
        before: equation.Totals,
        window: str,
    ) -> None:
        streams = sum(d.kind == "streaming" for d in graph.tables)
        if not listener.wait_for(streams, COUNTS_TIMEOUT):
            raise RunFailed("counts-missing", "The counts of the streams did not come.")
        totals = equation.count(self._spark, window)
        tables = [
            {"name": d.name, "rows": self._spark.read.table(d.name).count()} for d in graph.tables
        ]
        observed = {**listener.observed, **metrics.count_views(self._spark, graph)}
        rules: list[dict[str, Any]] = []
        for dataset in graph.datasets.values():
            counts = observed.get(dataset.name, metrics.Counts())
            rules += counts.of_rules(dataset)
        versions = {
            d.name: self._spark.sql(f"DESCRIBE HISTORY {d.name} LIMIT 1").first()["version"]
            for d in graph.tables
        }
        holds = equation.holds(totals)
        emit(
            "result",
            totals=totals,
            thisRun={k: totals[k] - before[k] for k in totals},
            rules=rules,
            equationHolds=holds,
            versions=versions,
            tables=tables,
        )
        if not holds:
            raise RunFailed("equation-broken", f"The equation does not hold: {totals}.")

    def cancel(self) -> None:
        self.close()

    def close(self) -> None:
        if self._spark is not None:
            session.end(self._spark)
            client_of(self._spark).close()
