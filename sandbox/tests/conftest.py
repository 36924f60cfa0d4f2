from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests import server


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Generator[SparkSession, None, None]:
    """A session on SPARK_REMOTE, or on a server of its own with the jars of SPARK_JARS."""
    remote = os.environ.get("SPARK_REMOTE")
    if remote:
        yield _session(remote)
        return
    log = tmp_path_factory.mktemp("spark") / "server.log"
    with server.running(Path(os.environ["SPARK_JARS"]), log) as started:
        yield _session(started)


def _session(remote: str) -> SparkSession:
    session = SparkSession.builder.remote(remote).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.shuffle.partitions", "1")
    return session
