"""A sandbox that runs, as the tests drive it: send messages, run the pipeline, read tables."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
Event = dict[str, Any]


@dataclass
class Run:
    """A runner process; its standard input stays open until it is told to stop."""

    process: subprocess.Popen[str]
    events: list[Event] = field(default_factory=list)

    def follow(self) -> Iterator[Event]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            yield self.events[-1]

    def until(self, wanted: Callable[[Event], bool]) -> Event:
        for event in self.follow():
            if wanted(event):
                return event
        raise AssertionError(f"the run ended before that: {self.events[-3:]}")

    def end(self) -> int:
        for _ in self.follow():
            pass
        return self.process.wait()

    def of(self, kind: str) -> list[Event]:
        return [e for e in self.events if e["event"] == kind]


@dataclass
class Sandbox:
    spark: SparkSession
    remote: str
    bootstrap: str
    registry: str
    topic: str
    home: Path
    project: Path
    schema_id: int

    def send(self, messages: Sequence[tuple[bytes, bytes | None]]) -> None:
        keys = pa.array([k for k, _ in messages], pa.binary())
        values = pa.array([v for _, v in messages], pa.binary())
        (
            self.spark.createDataFrame(pa.table({"key": keys, "value": values}))
            .write.format("kafka")
            .option("kafka.bootstrap.servers", self.bootstrap)
            .option("topic", self.topic)
            .save()
        )

    def start(
        self,
        *,
        project: Path | None = None,
        full: bool = False,
        settings: dict[str, str] | None = None,
    ) -> Run:
        request = {
            "sparkRemote": self.remote,
            "project": str(project or self.project),
            "storage": str(self.home / "storage"),
            "eventLog": str(self.home / "events.jsonl"),
            "lockFile": str(self.home / "run.lock"),
            "fullRefresh": full,
            "configuration": {
                "orders.kafka.bootstrap": self.bootstrap,
                "orders.kafka.topic": self.topic,
                "orders.registry.url": self.registry,
                "orders.registry.subject": f"{self.topic}-value",
                **(settings or {}),
            },
        }
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", "runner.run"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return Run(process)

    def run(self, *, full: bool = False) -> Event:
        """A run that must end well; its result."""
        run = self.start(full=full)
        code = run.end()
        assert code == 0, run.of("error")
        (result,) = run.of("result")
        return result

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [row.asDict(recursive=True) for row in self.spark.read.table(table).collect()]
