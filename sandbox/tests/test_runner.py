"""The runner's own parts, as far as they need no sandbox."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark import pipelines
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from runner import disk, expectations, failures, lock, request, storage
from runner.graph import Dataset

ROOT = Path(__file__).parents[1]


def document(tmp_path: Path, **changes: Any) -> str:
    given = {
        "sparkRemote": "sc://127.0.0.1:1",
        "project": str(tmp_path),
        "storage": "/home/a b/ç",
        "eventLog": str(tmp_path / "events"),
        "lockFile": str(tmp_path / "run.lock"),
    }
    return json.dumps({**given, **changes})


def test_a_request_is_parsed(tmp_path: Path) -> None:
    asked = request.parse(document(tmp_path, fullRefresh=True, configuration={"a": 1}))
    assert asked.full_refresh
    assert asked.configuration == {"a": "1"}
    assert asked.storage == "/home/a b/ç"


def test_a_folder_with_other_letters_gets_a_plain_name(tmp_path: Path) -> None:
    assert storage.uri("/home/a-b/c.d") == "file:///home/a-b/c.d"
    assert storage.uri("dbfs://a b") == "dbfs://a b"
    folder = tmp_path / "a b" / "ação"
    plain = storage.uri(str(folder))
    assert re.fullmatch(r"file:///[\w/-]+", plain, re.ASCII)
    assert Path(plain.removeprefix("file://")).resolve() == folder
    assert storage.uri(str(folder)) == plain


@pytest.mark.parametrize("line", ["", "{", "[]", '{"project": "x"}'])
def test_a_bad_request_says_what_is_wrong(line: str) -> None:
    with pytest.raises(request.BadRequest, match="request"):
        request.parse(line)


def test_a_lock_is_held_once_and_remembers_its_session(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "run.lock"
    with lock.hold(path) as held:
        assert held.left_session is None
        held.begin("a-session")
        refused = pytest.raises(lock.RunInProgress, match=f"process {os.getpid()}, since 2")
        with refused, lock.hold(path):
            pass
    with lock.hold(path) as held:
        assert held.left_session == "a-session"
        held.end()
    with lock.hold(path) as held:
        assert held.left_session is None


def test_a_second_run_is_refused_before_spark_is_asked(tmp_path: Path) -> None:
    with lock.hold(tmp_path / "run.lock") as held:
        held.begin("a-session")
        answer = subprocess.run(
            [sys.executable, "-B", "-m", "runner.run"],
            cwd=ROOT,
            input=document(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    error = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert (error["event"], error["code"]) == ("error", "run-in-progress")
    assert answer.stderr == ""


def test_decorators_note_their_rules_and_leave_the_function_alone() -> None:
    expectations.install()
    dp: Any = pipelines

    def query() -> str:
        return "itself"

    noted: Any = dp.expect_or_fail(description="four", constraint="d > 0")(query)
    noted = dp.expect_all_or_drop({"two": "b > 0", "three": "c > 0"})(noted)
    noted = dp.expect("one", "a > 0")(noted)
    assert noted() == "itself"
    assert [(e.name, e.action) for e in expectations.of(noted)] == [
        ("one", "warn"),
        ("two", "drop"),
        ("three", "drop"),
        ("four", "fail"),
    ]


def test_a_condition_that_is_null_counts_as_failed(spark: SparkSession) -> None:
    rules = [
        expectations.Expectation("positive", "a > 0", "drop"),
        expectations.Expectation("small", "a < 5", "warn"),
    ]
    table = spark.createDataFrame([(1,), (-1,), (None,), (9,)], "a int")
    counted = table.agg(*expectations.counts(rules)).first()
    assert counted is not None
    assert counted.asDict() == {"rows": 4, "positive": 2, "small": 2, "dropped": 2}
    kept = expectations.enforce(table, rules, "t").collect()
    assert sorted(row["a"] for row in kept) == [1, 9]


def test_an_error_in_a_file_is_placed(tmp_path: Path) -> None:
    broken = tmp_path / "transformations" / "silver.py"
    broken.parent.mkdir()
    broken.write_text("one = 1\ntwo = on\n")
    with pytest.raises(NameError) as caught:
        exec(compile(broken.read_text(), str(broken), "exec"), {})
    error = failures.explain(caught.value, tmp_path)
    assert error["kind"] == "user"
    assert (error["file"], error["line"]) == ("transformations/silver.py", 2)
    assert error["message"] == "NameError: name 'on' is not defined"


RESOLVING = """Failed to resolve flow: 'spark_catalog.gold.x'.
Error: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `a` cannot be resolved. Did you mean \
one of the following? [`b`]. SQLSTATE: 42703; line 1 pos 15;
'Aggregate [order_date#1]
+- SubqueryAlias spark_catalog.silver.orders"""


def test_a_flow_that_failed_is_placed_at_its_dataset(tmp_path: Path) -> None:
    dataset = Dataset("gold.x", "view", str(tmp_path / "t" / "gold.py"), 9)
    failed = failures.flow_failure(RESOLVING, {"gold.x": dataset})
    error = failures.explain(RuntimeError("any"), tmp_path, failed)
    assert error == {
        "kind": "user",
        "code": "UNRESOLVED_COLUMN.WITH_SUGGESTION",
        "message": "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `a` cannot be resolved."
        " Did you mean one of the following? [`b`]. SQLSTATE: 42703; line 1 pos 15",
        "file": "t/gold.py",
        "line": 9,
    }


def test_a_full_disk_is_told_as_that_wherever_it_showed(tmp_path: Path) -> None:
    reason = "java.io.IOException: No space left on device\n\tat java.base/x"
    failed = failures.FlowFailure(Dataset("gold.x", "view", "gold.py", 9), reason)
    for error in (
        failures.explain(RuntimeError("any"), tmp_path, failed),
        failures.explain(RuntimeError(reason), tmp_path),
        failures.explain(OSError(errno.ENOSPC, "x"), tmp_path),
    ):
        assert (error["kind"], error["code"]) == ("user", "disk-full")
        assert error["hint"]


def test_a_full_disk_is_looked_for_where_spark_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = RuntimeError("the metastore cannot be written")
    data = tmp_path / "not yet there"
    assert failures.explain(gone, tmp_path, data=data)["kind"] == "fault"
    monkeypatch.setattr(disk, "LEAST", 2**62)
    assert failures.explain(gone, tmp_path, data=data)["code"] == "disk-full"


@pytest.mark.parametrize("handle", ["SESSION_NOT_FOUND", "OPERATION_NOT_FOUND"])
def test_a_server_started_anew_between_two_answers_is_said_as_such(
    tmp_path: Path, handle: str
) -> None:
    """The client of Spark Connect says so when it finds its call unknown after the first answer."""
    error = PySparkRuntimeError(
        errorClass="RESPONSE_ALREADY_RECEIVED",
        messageParameters={"error_type": f"INVALID_HANDLE.{handle}"},
    )
    assert failures.explain(error, tmp_path)["code"] == "spark-unreachable"


def test_an_event_of_another_kind_is_no_failure() -> None:
    assert failures.flow_failure("Flow spark_catalog.gold.x is RUNNING.", {}) is None


def test_anything_else_is_a_fault(tmp_path: Path) -> None:
    error = failures.explain(RuntimeError("x" * 5000), tmp_path)
    assert error["kind"] == "fault"
    assert len(error["message"]) == failures.LONGEST
