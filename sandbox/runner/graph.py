"""The pipeline's datasets and flows on the server, with the rules and source line of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pyspark.pipelines.flow import Flow
from pyspark.pipelines.output import MaterializedView, Output, TemporaryView
from pyspark.pipelines.spark_connect_graph_element_registry import (
    SparkConnectGraphElementRegistry,
)
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from runner import expectations
from runner.expectations import Expectation

ROWS = "rows of "
"""An observation of this name counts what a flow writes."""


@dataclass
class Dataset:
    name: str
    kind: str
    """streaming, view (materialized) or temporary."""
    file: str
    line: int | None
    rules: list[Expectation] = field(default_factory=list)
    query: expectations.Query | None = None


class Graph(SparkConnectGraphElementRegistry):
    """Registers what the files define and keeps what the run needs to know about it."""

    def __init__(self, spark: SparkSession, graph_id: str) -> None:
        super().__init__(spark, graph_id)
        self.id = graph_id
        self.datasets: dict[str, Dataset] = {}

    @property
    def tables(self) -> list[Dataset]:
        """Datasets that are stored, in the order of their definition."""
        return [d for d in self.datasets.values() if d.kind != "temporary"]

    def register_output(self, output: Output) -> None:
        where = output.source_code_location
        self.datasets[output.name] = Dataset(
            output.name, _kind(output), where.filename, where.line_number
        )
        super().register_output(output)

    def register_flow(self, flow: Flow) -> None:
        dataset = self.datasets.get(flow.target)
        rules = expectations.of(flow.func)
        if dataset is None:
            super().register_flow(flow)
            return
        dataset.rules = [*dataset.rules, *rules]
        dataset.query = flow.func
        super().register_flow(replace(flow, func=lambda: self._with_rules(flow, dataset, rules)))

    def _with_rules(self, flow: Flow, dataset: Dataset, rules: list[Expectation]) -> DataFrame:
        df = flow.func()
        if rules and dataset.kind != "view":
            df = df.observe(dataset.name, *expectations.counts(rules))
        df = expectations.enforce(df, rules, dataset.name)
        if dataset.kind == "streaming":
            df = df.observe(ROWS + dataset.name, F.count(F.lit(1)).alias("rows"))
        return df


def _kind(output: Output) -> str:
    if isinstance(output, TemporaryView):
        return "temporary"
    return "view" if isinstance(output, MaterializedView) else "streaming"


def schemas_of(graph: Graph) -> list[str]:
    """Schemas that the tables stand in; they must exist before a run."""
    return sorted({d.name.rpartition(".")[0] for d in graph.tables if "." in d.name})


def short_name(name: str) -> str:
    """Spark's name of a flow or table without the catalog and quotes."""
    return name.replace("`", "").removeprefix("spark_catalog.")


def client_of(spark: SparkSession) -> Any:
    """The Connect client; PySpark types its session as one that has none."""
    return spark.client
