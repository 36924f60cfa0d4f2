"""What a good order line is, as named SQL conditions on the normalised columns."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

DECODABLE = {"decodable": "decodable"}

# A line that breaks one of these goes to quarantine; a condition that is NULL is broken.
DROPPING = {
    "known_transaction_no": "transaction_no RLIKE '^C?[0-9]{6}$'",
    "has_product": "product_no <> ''",
    "positive_price": "price > 0",
    "non_zero_quantity": "quantity <> 0",
    "sign_matches_kind": "(quantity < 0) = startswith(transaction_no, 'C')",
    "has_date": "order_date <= to_date(kafka_timestamp + INTERVAL 1 DAY)",
    "has_country": "country <> ''",
}

WARNING = {"has_customer": "customer_no IS NOT NULL"}

# Only a decoded line has values to judge.
OF_DECODED_LINES = {**DROPPING, **WARNING}


def broken_rules() -> Column:
    """Names of the broken rules, in their order; one that cannot be decoded breaks only that."""
    broken = ", ".join(
        f"CASE WHEN NOT coalesce({condition}, false) THEN '{name}' END"
        for name, condition in DROPPING.items()
    )
    # array_except takes the NULLs out; unlike filter() it is compiled.
    return F.expr(
        f"CASE WHEN decodable THEN array_except(array({broken}), array(CAST(NULL AS STRING))) "
        "ELSE array('decodable') END"
    )
