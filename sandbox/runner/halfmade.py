"""Folders of tables whose first write was cut short, by a full disk or a kill.

The engine puts data files there before the first commit, and then refuses to make a table where
files lie (DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION), at every run from then on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyspark.sql import SparkSession


def clear(spark: SparkSession, tables: Iterable[str]) -> None:
    """Removes the folder of each `schema.table` that has no commit and is in no catalog."""
    warehouse = _path(spark.conf.get("spark.sql.warehouse.dir") or "")
    for name in tables:
        schema, table = name.split(".")
        folder = warehouse / f"{schema}.db" / table
        if folder.is_dir() and not _has_commit(folder) and not spark.catalog.tableExists(name):
            shutil.rmtree(folder)


def _has_commit(folder: Path) -> bool:
    return any((folder / "_delta_log").glob("*.json"))


def _path(place: str) -> Path:
    parsed = urlparse(place)
    return Path(unquote(parsed.path) if parsed.scheme == "file" else place)
