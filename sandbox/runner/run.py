"""Runs the pipeline once on a Spark server that is already there, and tells what happens.

Takes one JSON document on standard input (request.py), prints JSON lines (README.md).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from runner import failures, lock, request
from runner.output import emit

DONE, FAILED, CANCELLED = 0, 1, 130


def main() -> int:
    cancelled = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: cancelled.set())
    try:
        asked = request.parse(sys.stdin.readline())
        threading.Thread(target=_watch_parent, args=(cancelled,), daemon=True).start()
        with lock.hold(asked.lock_file) as held:
            return _run(asked, held, cancelled)
    except request.BadRequest as error:
        emit("error", kind="fault", code="bad-request", message=str(error))
    except lock.RunInProgress as error:
        emit(
            "error",
            kind="user",
            code="run-in-progress",
            message=str(error),
            hint="Wait for it to end, or cancel it.",
        )
    return FAILED


def _run(asked: request.Request, held: lock.Lock, cancelled: threading.Event) -> int:
    # Imported late: a refused run answers at once.
    from runner.update import Update

    update = Update(asked, held)
    outcome: list[BaseException | None] = []
    done = threading.Event()

    def work() -> None:
        try:
            update.run()
            outcome.append(None)
        except BaseException as error:
            outcome.append(error)
        finally:
            done.set()
            wake.set()

    wake = threading.Event()
    threading.Thread(target=_forward, args=(cancelled, wake), daemon=True).start()
    threading.Thread(target=work, daemon=True).start()
    wake.wait()
    if not done.is_set():
        update.cancel()
        held.note_session(None)
        return CANCELLED
    error = outcome[0]
    update.close()
    held.note_session(None)
    if error is None:
        return DONE
    emit("error", **failures.explain(error, asked.project, update.datasets()))
    return FAILED


def _forward(cancelled: threading.Event, wake: threading.Event) -> None:
    cancelled.wait()
    wake.set()


def _watch_parent(cancelled: threading.Event) -> None:
    # The parent keeps standard input open while it lives.
    while sys.stdin.readline():
        pass
    cancelled.set()


def _leave(code: int) -> Any:
    # Threads that wait on the server must not hold up the end.
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
