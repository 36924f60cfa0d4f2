"""Adds Databricks' expectation decorators to `pyspark.pipelines`, which has none of its own.

They stand below the dataset decorator and only note their rules on the function; the registry
(graph.py) applies them once it knows which dataset the function defines.
A condition that is NULL counts as failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark import pipelines
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

Query = Callable[[], DataFrame]


@dataclass(frozen=True)
class Expectation:
    name: str
    condition: str
    action: str
    """warn, drop or fail."""

    def holds(self) -> Column:
        return F.coalesce(F.expr(f"({self.condition})"), F.lit(False))


def install() -> None:
    """Gives `pyspark.pipelines` the six names."""
    for suffix, action in (("", "warn"), ("_or_drop", "drop"), ("_or_fail", "fail")):
        setattr(pipelines, f"expect{suffix}", _one(action))
        setattr(pipelines, f"expect_all{suffix}", _many(action))


def of(query: Query) -> list[Expectation]:
    """The rules noted on a function, the topmost decorator's first."""
    noted: list[Expectation] = getattr(query, "_expectations", [])
    return noted


def counts(rules: list[Expectation]) -> list[Column]:
    """Aggregates: `rows`, then for each rule the rows that broke it, then `dropped`."""
    dropping = [rule.holds() for rule in rules if rule.action == "drop"]
    dropped = F.lit(False)
    for holds in dropping:
        dropped = dropped | ~holds
    return [
        F.count(F.lit(1)).alias("rows"),
        *(F.count_if(~rule.holds()).alias(rule.name) for rule in rules),
        F.count_if(dropped).alias("dropped"),
    ]


def enforce(df: DataFrame, rules: list[Expectation], dataset: str) -> DataFrame:
    """Drops rows, or stops the run, as the rules say."""
    for rule in rules:
        if rule.action == "drop":
            df = df.where(rule.holds())
        if rule.action == "fail":
            broken = F.raise_error(
                F.lit(f"EXPECTATION_FAILED: {dataset} broke {rule.name}: {rule.condition}")
            )
            df = df.where(F.when(rule.holds(), True).otherwise(broken.cast("boolean")))
    return df


def _one(action: str) -> Any:
    def expectation(description: str, constraint: str) -> Callable[[Query], Query]:
        return lambda query: _note(query, [Expectation(description, constraint, action)])

    return expectation


def _many(action: str) -> Any:
    def expectations(expectations: Mapping[str, str]) -> Callable[[Query], Query]:
        rules = [Expectation(n, c, action) for n, c in expectations.items()]
        return lambda query: _note(query, rules)

    return expectations


def _note(query: Query, rules: list[Expectation]) -> Query:
    query._expectations = [*rules, *of(query)]  # type: ignore[attr-defined]
    return query
