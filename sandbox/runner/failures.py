"""Turns what went wrong into one short error: code, message, and where in the project."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException

from runner.graph import Dataset
from runner.session import is_unreachable

LONGEST = 600


class RunFailed(Exception):
    """A failure with its code already known."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


def explain(
    error: BaseException,
    project: Path,
    datasets: Iterable[Dataset] = (),
    failed: Dataset | None = None,
) -> dict[str, Any]:
    """The fields of an error event; `failed` is the dataset whose flow failed, if one did."""
    if isinstance(error, RunFailed):
        return {"kind": "user", "code": error.code, "message": str(error), **error.details}
    if is_unreachable(error):
        return {
            "kind": "user",
            "code": "spark-unreachable",
            "message": "The Spark server does not answer, or has been started anew meanwhile.",
            "hint": "Start it and run again: what was done stays, the rest is made up for.",
        }
    where = _where(error, project, datasets, failed)
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


def _where(
    error: BaseException, project: Path, datasets: Iterable[Dataset], failed: Dataset | None
) -> dict[str, Any]:
    """File and line: of the syntax error, else the deepest frame in the project, else the flow."""
    if isinstance(error, SyntaxError) and error.filename:
        return _place(error.filename, error.lineno, project)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _inside(f.filename, project)]
    if frames:
        return _place(frames[-1].filename, frames[-1].lineno, project)
    for dataset in datasets:
        if re.search(rf"\b{re.escape(dataset.name)}\b", str(error)):
            return _place(dataset.file, dataset.line, project)
    return _place(failed.file, failed.line, project) if failed else {}


def _place(file: str, line: int | None, project: Path) -> dict[str, Any]:
    path = Path(file)
    name = path.relative_to(project) if _inside(file, project) else path
    return {"file": name.as_posix(), **({"line": line} if line else {})}


def _inside(file: str, project: Path) -> bool:
    return Path(file).is_relative_to(project)


def _short(message: str) -> str:
    """The reason without the plan and the JVM's stack."""
    for end in ("\n\nJVM stacktrace", "\n\tat ", ";\n'", "\n\n== ", "\n== DataFrame"):
        message = message.partition(end)[0]
    message = message.strip()
    return message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
