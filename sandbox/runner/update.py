"""One update of the pipeline: connect, register, run, count."""

from __future__ import annotations

import logging
import re
import warnings

from pyspark.pipelines.cli import PipelineSpec
from pyspark.pipelines.spark_connect_pipeline import create_dataflow_graph, start_run
from pyspark.sql import SparkSession

from runner import (
    equation,
    expectations,
    halfmade,
    metrics,
    project,
    report,
    session,
    storage,
)
from runner.failures import FlowFailure, flow_failure
from runner.graph import Graph, client_of, schemas_of, short_name
from runner.lock import Lock
from runner.output import EventLog, emit
from runner.request import Request

# The engine's events carry their state only in their text.
STATE = re.compile(r"Flow '?(\S+?)'? (?:is|has) ([A-Z]+)")
STATES = {
    "QUEUED": "queued",
    "RUNNING": "running",
    "COMPLETED": "completed",
    "FAILED": "failed",
    "SKIPPED": "failed",
}
NEVER_RESET = "bronze."


class Update:
    """Holds what must be closed when the run is cancelled from another thread."""

    def __init__(self, asked: Request, held: Lock) -> None:
        # PySpark tells of its retries in both ways; what matters comes as an event.
        logging.disable(logging.WARNING)
        warnings.simplefilter("ignore")
        self._asked = asked
        self._held = held
        self._id = session.new_id()
        self._spark: SparkSession | None = None
        self.failed: FlowFailure | None = None
        """The first flow that failed, once one has."""

    def run(self) -> None:
        """Raises whatever stopped it (failures.py)."""
        emit("phase", phase="connect")
        spec = project.load_spec(self._asked.project)
        settings = {**session.SETTINGS, **spec.configuration, **self._asked.configuration}
        spark = self._connect(settings)
        emit("phase", phase="register")
        graph = self._register(spark, spec, settings)
        listener = metrics.Listener()
        spark.streams.addListener(listener)
        then = equation.before(spark)
        if self._asked.full_refresh:
            then = equation.Before({"bronze": then.rows.get("bronze", 0)})
        emit("phase", phase="run")
        counting = report.Counting(spark, settings, then)
        self._start(spark, graph, listener, counting)
        emit("phase", phase="count")
        log = EventLog(self._asked.event_log, spec.name, self._id)
        report.after(spark, graph, listener, log, then, counting)
        # One that is left to the end of the session makes the server log an error.
        spark.streams.removeListener(listener)

    def _connect(self, settings: dict[str, str]) -> SparkSession:
        if self._held.left_session:
            session.end_left(self._asked.spark_remote, self._held.left_session)
        self._held.begin(self._id)
        spark = session.connect(self._asked.spark_remote, self._id)
        self._spark = spark
        for name, value in settings.items():
            spark.conf.set(name, value)
        return spark

    def _register(self, spark: SparkSession, spec: PipelineSpec, settings: dict[str, str]) -> Graph:
        expectations.install()
        if spec.database:
            _create_schema(spark, spec.database)
        graph_id = create_dataflow_graph(
            spark,
            default_catalog=spec.catalog,
            default_database=spec.database,
            sql_conf=settings,
        )
        graph = Graph(spark, graph_id)
        project.load(self._asked.project, spec, spark, graph)
        for schema in schemas_of(graph):
            _create_schema(spark, schema)
        halfmade.mend(spark, [table.name for table in graph.tables])
        return graph

    def _start(
        self,
        spark: SparkSession,
        graph: Graph,
        listener: metrics.Listener,
        counting: report.Counting,
    ) -> None:
        names = [d.name for d in graph.tables]
        full = self._asked.full_refresh
        results = start_run(
            spark,
            graph.id,
            full_refresh=[n for n in names if not n.startswith(NEVER_RESET)] if full else None,
            full_refresh_all=False,
            refresh=[n for n in names if n.startswith(NEVER_RESET)] if full else None,
            dry=False,
            storage=storage.uri(self._asked.storage),
        )
        for result in results:
            if "pipeline_event_result" in result:
                message = result["pipeline_event_result"].event.message
                completed = self._tell(graph, listener, message)
                if completed is not None:
                    counting.count(completed)

    def _tell(self, graph: Graph, listener: metrics.Listener, message: str) -> str | None:
        """Emits a flow's state; the dataset's name when that is complete."""
        self.failed = self.failed or flow_failure(message, graph.datasets)
        match = STATE.match(message)
        dataset = graph.datasets.get(short_name(match[1])) if match else None
        if match and dataset and match[2] in STATES:
            rows = listener.rows_of(dataset.name) if match[2] == "COMPLETED" else None
            known = {} if rows is None else {"rows": rows}
            emit("dataset", dataset=dataset.name, state=STATES[match[2]], **known)
            return dataset.name if match[2] == "COMPLETED" else None
        return None

    def close(self) -> None:
        """Ends the session, and with it whatever still runs in it."""
        if self._spark is not None:
            session.end(client_of(self._spark))
        self._held.end()


def _create_schema(spark: SparkSession, name: str) -> None:
    # Hive's metastore logs an error for each one that is there already.
    if not spark.catalog.databaseExists(name):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
