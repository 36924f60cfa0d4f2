"""A mistake in the pipeline is one short error with its place, never a stack of the JVM."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.frames import body, frame
from tests.lines import line
from tests.live.sandbox import Sandbox


@pytest.fixture(scope="module", autouse=True)
def _an_order(sandbox: Sandbox) -> None:
    sandbox.send([(b"581482", frame(sandbox.schema_id, body(line())))])


def mistake(sandbox: Sandbox, folder: Path, file: str, old: str, new: str) -> dict[str, Any]:
    """The error of a run of the project with one text replaced; `line` of the replacement."""
    project = folder / "lakehouse"
    shutil.copytree(sandbox.project, project)
    path = project / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    run = sandbox.start(project=project)
    assert run.end() == 1
    (error,) = run.of("error")
    assert not run.of("result")
    assert len(error["message"]) <= 600
    assert "\tat " not in error["message"]
    assert "org.apache.spark" not in error["message"]
    assert error["kind"] == "user"
    return {**error, "wrong": text.partition(old)[0].count("\n") + 1}


def test_a_syntax_error(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox, tmp_path, "transformations/silver.py", "def orders() ->", "def orders( ->"
    )
    assert error["code"] == "SyntaxError"
    assert (error["file"], error["line"]) == ("transformations/silver.py", error["wrong"])


def test_an_unknown_name(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "transformations/gold.py",
        "gold.sales_daily(spark.read",
        "gold.sales_weekly(spark.read",
    )
    assert error["code"] == "AttributeError"
    assert (error["file"], error["line"]) == ("transformations/gold.py", error["wrong"])
    assert "sales_weekly" in error["message"]


def test_an_unknown_column(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "orders/gold.py",
        "count(DISTINCT customer_no)",
        "count(DISTINCT custmer)",
    )
    assert error["code"].startswith("UNRESOLVED_COLUMN")
    assert "`custmer`" in error["message"]
    assert error["file"] in ("transformations/gold.py", "orders/gold.py")
    assert error["line"] > 0


def test_an_unknown_table(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "transformations/gold.py",
        'finance_monthly(spark.read.table("silver.orders"))',
        'finance_monthly(spark.read.table("silver.ordres"))',
    )
    assert error["code"] == "TABLE_OR_VIEW_NOT_FOUND"
    assert "ordres" in error["message"]
    assert error["file"] == "transformations/gold.py"


def test_a_rule_that_is_no_sql(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(sandbox, tmp_path, "orders/rules.py", "quantity <> 0", "quantity <>")
    assert error["code"].startswith("PARSE_SYNTAX_ERROR")
    assert error["file"] == "transformations/silver.py"


def test_a_command_where_only_definitions_may_stand(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "transformations/bronze.py",
        "spark = SparkSession.active()",
        'spark = SparkSession.active()\nspark.conf.set("a", "b")',
    )
    assert error["code"].startswith("SESSION_MUTATION_IN_DECLARATIVE_PIPELINE")
    assert (error["file"], error["line"]) == ("transformations/bronze.py", error["wrong"] + 1)


def test_a_failing_flow(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "orders/gold.py",
        'F.expr("count(*)").alias("lines")',
        'F.expr("sum(CAST(concat(country, \'x\') AS int))").alias("lines")',
    )
    assert error["code"] == "CAST_INVALID_INPUT"
    assert error["file"] == "transformations/gold.py"


def test_a_rule_that_stops_the_run(sandbox: Sandbox, tmp_path: Path) -> None:
    error = mistake(
        sandbox,
        tmp_path,
        "transformations/gold.py",
        "def finance_monthly",
        '@dp.expect_or_fail("never", "orders < 0")\ndef finance_monthly',
    )
    assert "gold.finance_monthly broke never" in error["message"]
    assert error["file"] == "transformations/gold.py"


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("orders.registry.url", "http://127.0.0.1:1", "SchemaLookupError"),
        ("orders.registry.subject", "no-such-subject", "SchemaLookupError"),
    ],
)
def test_a_setting_that_leads_nowhere(
    sandbox: Sandbox, setting: str, value: str, code: str
) -> None:
    run = sandbox.start(settings={setting: value})
    assert run.end() == 1
    (error,) = run.of("error")
    assert (error["kind"], error["code"]) == ("user", code)
    assert error["hint"]


def test_a_project_without_its_spec(sandbox: Sandbox, tmp_path: Path) -> None:
    run = sandbox.start(project=tmp_path)
    assert run.end() == 1
    (error,) = run.of("error")
    assert error["code"] == "spec-missing"
    assert str(tmp_path) in error["message"]
