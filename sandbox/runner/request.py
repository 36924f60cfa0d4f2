"""What one run is asked to do: one JSON document, the first line of standard input."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class BadRequest(Exception):
    """The document lacks something or is no JSON."""


@dataclass(frozen=True)
class Request:
    spark_remote: str
    """Spark Connect, `sc://host:port`."""
    project: Path
    """Folder of spark-pipeline.yml."""
    storage: str
    """Folder for checkpoints, as the Spark server sees it."""
    event_log: Path
    lock_file: Path
    configuration: dict[str, str] = field(default_factory=dict)
    full_refresh: bool = False


def parse(line: str) -> Request:
    """Raises BadRequest."""
    try:
        given: dict[str, Any] = json.loads(line)
        return Request(
            spark_remote=given["sparkRemote"],
            project=Path(given["project"]).resolve(),
            storage=given["storage"],
            event_log=Path(given["eventLog"]),
            lock_file=Path(given["lockFile"]),
            configuration={k: str(v) for k, v in given.get("configuration", {}).items()},
            full_refresh=bool(given.get("fullRefresh", False)),
        )
    except (ValueError, TypeError) as error:
        raise BadRequest(f"The request is no JSON document of the right shape: {error}") from error
    except KeyError as error:
        raise BadRequest(f"The request lacks {error}") from error
