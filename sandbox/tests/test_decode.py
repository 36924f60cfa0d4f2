from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from orders.decode import END, END_FIELD, decoded
from orders.schemas import Schemas
from tests.frames import body, frame
from tests.lines import ID, SCHEMA, SCHEMAS, bronze, line, value, with_field

GOOD = value()


def fits(spark: SparkSession, given: bytes | None) -> bool:
    (row,) = decoded(bronze(spark, [given]), SCHEMAS).select("fits").collect()
    return bool(row["fits"])


def test_a_framed_line_fits_and_keeps_its_values(spark: SparkSession) -> None:
    (row,) = decoded(bronze(spark, [GOOD]), SCHEMAS).collect()
    assert row["fits"]
    assert row["line"].asDict() == {**line(), END_FIELD: END}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="tombstone"),
        pytest.param(b"", id="empty"),
        pytest.param(GOOD[:5], id="frame without body"),
        pytest.param(b"\x01" + GOOD[1:], id="wrong first byte"),
        pytest.param(frame(8, body(line())), id="unknown id"),
        pytest.param(frame(0xFFFFFFFF, body(line())), id="highest id"),
        pytest.param(GOOD + b"\0", id="a byte too many"),
        pytest.param(GOOD + GOOD, id="two lines"),
        pytest.param(b'{"transactionNo": "581482"}', id="JSON"),
        pytest.param(frame(ID, b"\xff" * 40), id="noise"),
        pytest.param(frame(ID, b"\xfe\xff\xff\xff\x0f" + b"x" * 20), id="two gigabytes of text"),
    ],
)
def test_what_is_no_framed_line_does_not_fit(spark: SparkSession, given: bytes | None) -> None:
    assert not fits(spark, given)


def test_a_line_cut_anywhere_does_not_fit(spark: SparkSession) -> None:
    cut = [GOOD[:end] for end in range(len(GOOD))]
    assert decoded(bronze(spark, cut), SCHEMAS).where("fits").count() == 0


def test_each_id_is_read_with_its_own_schema_as_the_latest(spark: SparkSession) -> None:
    second = with_field("channel", ["null", "string"])
    schemas = Schemas({ID: SCHEMA, 9: second}, second)
    newer = frame(9, body(line()) + b"\x02\x06web")
    rows = decoded(bronze(spark, [GOOD, newer]), schemas).orderBy("offset").collect()
    assert [(r["fits"], r["line"]["channel"]) for r in rows] == [(True, None), (True, "web")]
    assert rows[0]["line"]["country"] == "United Kingdom"
