"""Confluent's Avro frame: byte 0, four bytes of schema id, the body; decoded by its id."""

from __future__ import annotations

import json

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

from orders.schemas import Schemas

# Avro reads a body and stops, so bytes after it would pass unseen, and a cut one is only
# noticed where it ends. Each record is therefore read with one more field at its end, these
# bytes put behind the body: they come back only when the body ends where it should.
END = bytes.fromhex("9e3779b97f4a7c15f39cc0605cedc834")
END_FIELD = "__end"

OPTIONS = {"mode": "PERMISSIVE", "datetimeRebaseMode": "CORRECTED"}


def decoded(messages: DataFrame, schemas: Schemas) -> DataFrame:
    """Adds `line`, the latest schema's record, and `fits`: whether the value is one.

    `line` has one field more at its end, of which `fits` is made.
    """
    read = messages.select("*", _line(schemas).alias("line"))
    ends = F.col(f"line.{END_FIELD}") == F.lit(END)
    return read.select("*", F.coalesce(ends, F.lit(False)).alias("fits"))


def _line(schemas: Schemas) -> Column:
    """A chain over the known ids; any other first five bytes give NULL."""
    head = F.expr("substring(value, 1, 5)")
    body = F.concat(F.expr("substring(value, 6)"), F.lit(END))
    options = {**OPTIONS, "avroSchema": _with_end(schemas.latest)}
    chain: Column = F.lit(None)
    for schema_id, writer in sorted(schemas.writers.items(), reverse=True):
        is_written_with_it = head == F.lit(b"\0" + schema_id.to_bytes(4, "big"))
        read = from_avro(body, _with_end(writer), options)
        chain = F.when(is_written_with_it, read).otherwise(chain)
    return chain


def _with_end(schema: str) -> str:
    record = json.loads(schema)
    end = {"name": END_FIELD, "type": {"type": "fixed", "name": "End", "size": len(END)}}
    return json.dumps({**record, "fields": [*record["fields"], end]})
