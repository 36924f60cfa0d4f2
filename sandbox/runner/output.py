"""Where a run tells what happens: JSON lines on standard output, and the event log."""

from __future__ import annotations

import json
import sys
import threading
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

_lock = threading.Lock()


def emit(event: str, **details: Any) -> None:
    """One event, one line, flushed; whole lines even from several threads."""
    line = json.dumps({"event": event, **details}, ensure_ascii=False, default=str)
    with _lock:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


class EventLog:
    """Appends records in the shape of Databricks' pipeline event log, and emits them too."""

    def __init__(self, path: Path, pipeline: str, update_id: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._origin = {"pipeline_name": pipeline, "update_id": update_id}

    def flow_progress(
        self,
        dataset: str,
        status: str,
        *,
        num_output_rows: int | None = None,
        dropped_records: int = 0,
        expectations: list[dict[str, Any]] | None = None,
    ) -> None:
        progress: dict[str, Any] = {"status": status}
        if num_output_rows is not None:
            progress["metrics"] = {"num_output_rows": num_output_rows}
        if expectations:
            progress["data_quality"] = {
                "dropped_records": dropped_records,
                "expectations": expectations,
            }
        record = {
            "id": str(uuid.uuid4()),
            "origin": {**self._origin, "dataset_name": dataset, "flow_name": dataset},
            "timestamp": _now(),
            "message": f"Flow '{dataset}' is {status}.",
            "level": "ERROR" if status == "FAILED" else "INFO",
            "maturity_level": "STABLE",
            "event_type": "flow_progress",
            "details": {"flow_progress": progress},
        }
        with _lock, self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(record, ensure_ascii=False) + "\n")
        emit("flow_progress", **record)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
