"""The pipeline project: its spec and the loading of its files."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from pyspark.pipelines.add_pipeline_analysis_context import add_pipeline_analysis_context
from pyspark.pipelines.block_session_mutations import block_session_mutations
from pyspark.pipelines.cli import PipelineSpec, load_pipeline_spec
from pyspark.pipelines.graph_element_registry import graph_element_registration_context
from pyspark.sql import SparkSession

from runner.failures import RunFailed
from runner.graph import Graph

SPEC = "spark-pipeline.yml"


def load_spec(project: Path) -> PipelineSpec:
    """Raises RunFailed when there is none."""
    file = project / SPEC
    if not file.is_file():
        raise RunFailed("spec-missing", f"There is no {SPEC} in {project}.")
    return load_pipeline_spec(file)


def files(project: Path, spec: PipelineSpec) -> list[Path]:
    found: set[Path] = set()
    for library in spec.libraries:
        found.update(project.glob(library.include))
    return sorted(f for f in found if f.suffix in (".py", ".sql") and "__pycache__" not in f.parts)


def load(project: Path, spec: PipelineSpec, spark: SparkSession, graph: Graph) -> None:
    """Runs each file with the project's folder on the path, as Databricks does."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(project))
    os.chdir(project)
    with graph_element_registration_context(graph):
        for file in files(project, spec):
            if file.suffix == ".sql":
                graph.register_sql(file.read_text(encoding="utf-8"), file.relative_to(project))
            else:
                with (
                    add_pipeline_analysis_context(spark, graph.id, None),
                    block_session_mutations(),
                ):
                    _execute(file, spark)


def _execute(file: Path, spark: SparkSession) -> None:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    module.spark = spark
    spec.loader.exec_module(module)
