"""Turns what went wrong into one short error: code, message, and where in the project."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException

from runner import disk
from runner.graph import Dataset, short_name
from runner.session import is_unreachable

LONGEST = 600

# The engine tells the client why a flow failed only in the text of an event.
FAILURE = re.compile(r"[Ff]low:? '?([\w.`]+).*?Error: (.+)", re.DOTALL)
CONDITION = re.compile(r"\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)?)\] ")


class RunFailed(Exception):
    """A failure with its code already known."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class FlowFailure:
    dataset: Dataset
    reason: str


def flow_failure(message: str, datasets: Mapping[str, Dataset]) -> FlowFailure | None:
    """What an event of the engine says of a flow that failed, if it does."""
    match = FAILURE.search(message)
    dataset = datasets.get(short_name(match[1])) if match else None
    return FlowFailure(dataset, match[2]) if match and dataset else None


def explain(
    error: BaseException,
    project: Path,
    failed: FlowFailure | None = None,
    data: Path | None = None,
) -> dict[str, Any]:
    """The fields of an error event; `data` is where Spark writes."""
    if isinstance(error, RunFailed):
        return {"kind": "user", "code": error.code, "message": str(error), **error.details}
    if disk.tells(error) or (failed and disk.said(failed.reason)) or (data and disk.is_full(data)):
        return disk.FULL
    if is_unreachable(error):
        return {
            "kind": "user",
            "code": "spark-unreachable",
            "message": "The Spark server does not answer, or has been started anew meanwhile.",
            "hint": "Start it and run again: what was done stays, the rest is made up for.",
        }
    if failed:
        message = _short(failed.reason)
        condition = CONDITION.search(message)
        return {
            "kind": "user",
            "code": condition[1] if condition else "FLOW_FAILED",
            "message": message,
            **_place(failed.dataset.file, failed.dataset.line, project),
        }
    where = _where(error, project)
    if isinstance(error, PySparkException):
        code = error.getCondition() or type(error).__name__
        return {"kind": _kind(error, where), "code": code, "message": _short(str(error)), **where}
    hint = getattr(error, "hint", None)
    return {
        "kind": "user" if where else "fault",
        "code": type(error).__name__,
        "message": _short(f"{type(error).__name__}: {_text(error)}"),
        **where,
        **({"hint": hint} if hint else {}),
    }


def _kind(error: PySparkException, where: dict[str, Any]) -> str:
    return "user" if where or error.getSqlState() not in (None, "XX000") else "fault"


def _text(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _where(error: BaseException, project: Path) -> dict[str, Any]:
    """File and line: of the syntax error, else the deepest frame in the project."""
    if isinstance(error, SyntaxError) and error.filename:
        return _place(error.filename, error.lineno, project)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _inside(f.filename, project)]
    return _place(frames[-1].filename, frames[-1].lineno, project) if frames else {}


def _place(file: str, line: int | None, project: Path) -> dict[str, Any]:
    path = Path(file)
    name = path.relative_to(project) if _inside(file, project) else path
    return {"file": name.as_posix(), **({"line": line} if line else {})}


def _inside(file: str, project: Path) -> bool:
    return Path(file).is_relative_to(project)


def _short(message: str) -> str:
    """The reason without what wraps it, the plan, and the JVM's stack."""
    message = message.rpartition("terminated with exception: ")[2]
    for end in ("\n\nJVM stacktrace", "\n\tat ", ";\n", "\n\n== ", "\n== "):
        message = message.partition(end)[0]
    message = message.strip()
    return message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
