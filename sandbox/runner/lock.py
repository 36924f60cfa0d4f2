"""One run at a time, and what a killed one left behind."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any


@dataclass
class RunInProgress(Exception):
    """Another run holds the lock."""

    pid: int | None
    started: str | None

    def __str__(self) -> str:
        return f"A run is in progress: process {self.pid}, since {self.started}."


class Lock:
    """The held lock. Its file names the process and the Spark session it works in."""

    def __init__(self, file: IO[str], note: dict[str, Any]) -> None:
        self._file = file
        self.left_session: str | None = note.get("session")
        """Session of a run that did not end in order: the server may still be working on it."""

    def begin(self, session: str) -> None:
        self._write({"pid": os.getpid(), "started": _now(), "session": session})

    def end(self) -> None:
        self._write({})

    def _write(self, note: dict[str, Any]) -> None:
        self._file.seek(0)
        self._file.truncate()
        json.dump(note, self._file)
        self._file.flush()


@contextmanager
def hold(path: Path) -> Generator[Lock, None, None]:
    """Raises RunInProgress at once when another process holds it.

    The system frees it with its process, however that ends; the session noted in it stays until
    a run has ended in order.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = _read(file)
            raise RunInProgress(note.get("pid"), note.get("started")) from None
        yield Lock(file, _read(file))


def _read(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        note = json.loads(file.read())
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
