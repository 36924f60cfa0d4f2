from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.lines import SCHEMA
from tests.live.broker import create_topic
from tests.live.sandbox import Sandbox

PROJECT = Path(__file__).parents[2] / "lakehouse"


@pytest.fixture(scope="module")
def sandbox(
    request: pytest.FixtureRequest, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Sandbox, None, None]:
    """An empty one for each file of tests, where SPARK_REMOTE and its like say."""
    home = tmp_path_factory.mktemp("sandbox ação")
    topic = f"orders-{request.module.__name__.rpartition('.')[2]}-{os.getpid()}"
    there = Sandbox(
        spark=spark,
        remote=os.environ["SPARK_REMOTE"],
        bootstrap=os.environ["KAFKA_BOOTSTRAP"],
        registry=os.environ["REGISTRY_URL"],
        topic=topic,
        home=home,
        project=PROJECT,
        schema_id=_register(os.environ["REGISTRY_URL"], topic),
    )
    create_topic(there.bootstrap, topic, 3)
    schemas = ("bronze", "silver", "gold")
    full = [s for s in schemas if spark.catalog.databaseExists(s) and spark.catalog.listTables(s)]
    assert not full, "the live tests need a sandbox without tables"
    yield there
    for schema in schemas:
        spark.sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE").collect()


def _register(registry: str, topic: str) -> int:
    body = json.dumps({"schema": SCHEMA}).encode()
    request = urllib.request.Request(
        f"{registry}/subjects/{topic}-value/versions",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return int(json.load(answer)["id"])
