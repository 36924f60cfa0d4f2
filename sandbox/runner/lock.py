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
    """The held lock; its file names the process and the Spark session it works in."""

    def __init__(self, file: IO[str], left_session: str | None) -> None:
        self._file = file
        self.left_session = left_session
        """Session of a run that was killed: it may still be working on the server."""

    def note_session(self, session: str | None) -> None:
        note = {"pid": os.getpid(), "started": _now(), "session": session}
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
        file.seek(0)
        note = _read(file)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunInProgress(note.get("pid"), note.get("started")) from None
        file.seek(0)
        yield Lock(file, _read(file).get("session"))


def _read(file: IO[str]) -> dict[str, Any]:
    try:
        note = json.loads(file.read())
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
