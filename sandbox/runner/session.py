"""A Spark Connect session that can be found and ended by its id, from another process too."""

from __future__ import annotations

import uuid
from typing import Any

from pyspark.errors import PySparkException
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.sql import SparkSession
from pyspark.sql.connect.client import SparkConnectClient
from pyspark.sql.connect.client.retries import DefaultPolicy

from runner.graph import client_of

USER = "orders-lakehouse"

# Ending a session waits for its flows to stop, by default for up to an hour.
SETTINGS = {"spark.sql.pipelines.timeoutMsForTerminationJoinAndLock": "30000"}

# The last: a server started anew does not know the call whose first answers came from the old one.
LOST = ("INVALID_HANDLE", "RETRIES_EXCEEDED", "RESPONSE_ALREADY_RECEIVED")


def new_id() -> str:
    return str(uuid.uuid4())


def connect(remote: str, session: str) -> SparkSession:
    """Begins the session of this id."""
    spark = SparkSession.builder.remote(_url(remote, session)).create()
    _give_up_soon(client_of(spark))
    return spark


def end(client: Any) -> None:
    """Stops whatever the session runs and gives it back to the server."""
    for step in (client.interrupt_all, client.release_session):
        try:
            step()
        except PySparkException as error:
            if is_unreachable(error):
                break
            # Closed already, or its flows could not report their end to a client that is gone.
            # A write that is still under way cannot commit: the next run changes each table's
            # properties first, and Delta refuses a commit begun before such a change.
            continue
    client.close()


def end_left(remote: str, session: str) -> None:
    """Ends the session that a killed run left."""
    client = SparkConnectClient(connection=_url(remote, session))
    _give_up_soon(client)
    end(client)


def is_unreachable(error: BaseException) -> bool:
    """Whether the server is gone, or is another one than the session began with."""
    if not isinstance(error, PySparkException):
        return False
    condition = error.getCondition()
    if condition:
        return condition.startswith(LOST)
    if not isinstance(error, SparkConnectGrpcException):
        return False
    # What the server answers is of a class below this one, and not always has a condition:
    # a graph that does not resolve, for one.
    return type(error) is SparkConnectGrpcException


def _url(remote: str, session: str) -> str:
    return f"{remote.rstrip('/')}/;user_id={USER};session_id={session}"


def _give_up_soon(client: Any) -> None:
    # PySpark would try for ten minutes; a server on this machine that is gone is gone.
    client.set_retry_policies([DefaultPolicy(8, initial_backoff=100, max_backoff=2000)])
