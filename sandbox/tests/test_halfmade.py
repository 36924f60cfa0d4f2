"""Tables whose first write was cut short, on the warehouse of a real Spark with Delta Lake."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from runner import halfmade

CREATE = "CREATE TABLE halfmade.orders (id INT) USING delta"


@pytest.fixture
def schema(spark: SparkSession) -> Generator[Path, None, None]:
    """Folder of a schema of its own."""
    spark.sql("CREATE SCHEMA halfmade")
    described = spark.sql("DESCRIBE SCHEMA halfmade").collect()
    location = next(row[1] for row in described if row[0] == "Location")
    yield halfmade.path_of(location)
    spark.sql("DROP SCHEMA halfmade CASCADE")


def leave(folder: Path) -> Path:
    folder.mkdir(parents=True)
    left = folder / "part-00000.snappy.parquet"
    left.write_bytes(b"PAR1")
    return left


def test_a_table_can_be_made_where_a_first_write_was_cut_short(
    spark: SparkSession, schema: Path
) -> None:
    leave(schema / "orders")
    with pytest.raises(PySparkException, match="NON_EMPTY_LOCATION"):
        spark.sql(CREATE)
    halfmade.mend(spark, ["halfmade.orders"])
    spark.sql(CREATE)
    spark.sql("INSERT INTO halfmade.orders VALUES (7)")
    halfmade.mend(spark, ["halfmade.orders"])
    assert [row.id for row in spark.table("halfmade.orders").collect()] == [7]


def test_what_was_committed_is_kept(spark: SparkSession, schema: Path) -> None:
    spark.sql("SELECT 7 AS id").write.format("delta").save(str(schema / "orders"))
    with pytest.raises(PySparkException, match="NON_EMPTY_LOCATION"):
        spark.sql(CREATE)
    halfmade.mend(spark, ["halfmade.orders"])
    assert [row.id for row in spark.table("halfmade.orders").collect()] == [7]


def test_what_is_no_table_of_the_pipeline_stays(spark: SparkSession, schema: Path) -> None:
    kept = leave(schema / "someone")
    halfmade.mend(spark, ["halfmade.orders"])
    assert kept.exists()
