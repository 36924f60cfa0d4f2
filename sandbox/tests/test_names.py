"""The pipeline files hold only what Databricks has."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1] / "lakehouse"
TRANSFORMATIONS = sorted((PROJECT / "transformations").glob("*.py"))
FUNCTIONS = sorted((PROJECT / "orders").glob("*.py"))

PIPELINES = {
    "table",
    "materialized_view",
    "temporary_view",
    "append_flow",
    "create_streaming_table",
    "create_sink",
    "expect",
    "expect_or_drop",
    "expect_or_fail",
    "expect_all",
    "expect_all_or_drop",
    "expect_all_or_fail",
}
# These analyse or run a query at once, which a pipeline file may not.
EAGER = {"count", "collect", "toPandas", "show", "first", "head", "columns", "schema", "dtypes"}
LAZY_ONLY = {"dropDuplicates", "distinct", "withWatermark", "drop", "fillna", "cache"}


def attributes(file: Path) -> list[ast.Attribute]:
    return [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Attribute)]


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_there_are_files_to_look_at() -> None:
    assert [f.stem for f in TRANSFORMATIONS] == ["bronze", "gold", "silver"]
    assert len(FUNCTIONS) > 5


@pytest.mark.parametrize("file", TRANSFORMATIONS, ids=lambda f: f.stem)
def test_only_names_that_databricks_has(file: Path) -> None:
    used = {
        n.attr for n in attributes(file) if isinstance(n.value, ast.Name) and n.value.id == "dp"
    }
    assert used
    assert used <= PIPELINES


@pytest.mark.parametrize("file", [*TRANSFORMATIONS, *FUNCTIONS], ids=lambda f: f.stem)
def test_only_imports_that_databricks_has(file: Path) -> None:
    assert imports(file) <= {"orders", "pyspark", "databricks", *sys.stdlib_module_names}


@pytest.mark.parametrize("file", [*TRANSFORMATIONS, *FUNCTIONS], ids=lambda f: f.stem)
def test_nothing_that_asks_the_server_at_once(file: Path) -> None:
    used = {n.attr for n in attributes(file)}
    assert not used & (EAGER | LAZY_ONLY)
