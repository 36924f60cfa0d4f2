"""Tables whose first write was cut short, by a full disk or a kill: files without a catalog entry.

The engine refuses to make a table where files lie (DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION), so
that every later run would fail.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyspark.sql import SparkSession


def mend(spark: SparkSession, tables: Iterable[str]) -> None:
    """Of each `schema.table` without an entry: what was committed gets one, other files go."""
    warehouse = path_of(spark.conf.get("spark.sql.warehouse.dir") or "")
    for name in tables:
        schema, table = name.split(".")
        folder = warehouse / f"{schema}.db" / table
        if not folder.is_dir() or spark.catalog.tableExists(name):
            continue
        if _has_commit(folder):
            location = str(folder).replace("\\", "\\\\").replace("'", "\\'")
            spark.sql(f"CREATE TABLE {name} USING delta LOCATION '{location}'")
        else:
            shutil.rmtree(folder)


def _has_commit(folder: Path) -> bool:
    return any(log.stat().st_size > 0 for log in (folder / "_delta_log").glob("*.json"))


def path_of(place: str) -> Path:
    """A folder of this machine, given as a path or as Spark writes it (`file:/a%20b`)."""
    parsed = urlparse(place)
    return Path(unquote(parsed.path) if parsed.scheme == "file" else place)
