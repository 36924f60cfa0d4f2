"""Reads a Delta table's first rows without Spark; prints how long it took as JSON.

Usage: read_table.py delta-rs|duckdb FOLDER ROWS AGAIN
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

Read = Callable[[str, int], int]


def with_delta_rs() -> Read:
    import pyarrow as pa
    from deltalake import DeltaTable, QueryBuilder

    def read(folder: str, rows: int) -> int:
        query = QueryBuilder().register("million", DeltaTable(folder))
        found = query.execute(f"SELECT * FROM million LIMIT {rows}").read_all()
        return len(pa.table(found).to_pylist())

    return read


def with_duckdb() -> Read:
    import duckdb
    from deltalake import DeltaTable

    def read(folder: str, rows: int) -> int:
        files = DeltaTable(folder).file_uris()
        return len(duckdb.read_parquet(files).limit(rows).fetchall())

    return read


def main(reader: str, folder: str, rows: int, again: int) -> None:
    started = time.perf_counter()
    read = {"delta-rs": with_delta_rs, "duckdb": with_duckdb}[reader]()
    times = [time.perf_counter() - started]
    for _ in range(1 + again):
        started = time.perf_counter()
        found = read(folder, rows)
        times.append(time.perf_counter() - started)
        assert found == rows, found
    load, first, *warm = times
    print(json.dumps({"load": load, "first": first, "warm": warm}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
