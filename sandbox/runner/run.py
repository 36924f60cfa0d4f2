"""Runs the pipeline once on a Spark server that is already there, and tells what happens.

Takes one JSON document, the first line of standard input, and prints JSON lines. Exit code 0:
done, 1: failed, 130: cancelled by SIGINT, SIGTERM or the end of standard input.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from runner import disk, lock, request
from runner.output import emit

DONE, FAILED, CANCELLED = 0, 1, 130


def main() -> int:
    wake = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: wake.set())
    try:
        asked = request.parse(sys.stdin.readline())
        threading.Thread(target=_watch_parent, args=(wake,), daemon=True).start()
        with lock.hold(asked.lock_file) as held:
            return _run(asked, held, wake)
    except request.BadRequest as error:
        emit("error", kind="fault", code="bad-request", message=str(error))
    except lock.RunInProgress as error:
        hint = "Wait for it to end, or cancel it."
        emit("error", kind="user", code="run-in-progress", message=str(error), hint=hint)
    except OSError as error:
        if not disk.tells(error):
            raise
        emit("error", **disk.FULL)
    return FAILED


def _run(asked: request.Request, held: lock.Lock, wake: threading.Event) -> int:
    # Imported late: a refused run answers at once.
    from runner import failures
    from runner.update import Update

    update = Update(asked, held)
    outcome: list[BaseException | None] = []

    def work() -> None:
        try:
            update.run()
            outcome.append(None)
        except BaseException as error:
            outcome.append(error)
        finally:
            wake.set()

    threading.Thread(target=work, daemon=True).start()
    wake.wait()
    if not outcome:
        update.close()
        return CANCELLED
    error = outcome[0]
    if error is not None:
        data = asked.lock_file.parent
        emit("error", **failures.explain(error, asked.project, update.failed, data))
    update.close()
    return DONE if error is None else FAILED


def _watch_parent(wake: threading.Event) -> None:
    # The parent keeps standard input open while it lives.
    while sys.stdin.readline():
        pass
    wake.set()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Threads that wait for the server must not hold up the end.
    os._exit(code)
