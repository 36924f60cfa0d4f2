"""Settings of the pipeline; one of them may name a secret instead of holding it."""

from __future__ import annotations

import re
from collections.abc import Callable

Setting = Callable[[str, str], str]
"""Reads a setting of the pipeline: name, default."""

REFERENCE = re.compile(r"\{\{secrets/([^/{}]+)/([^/{}]+)\}\}")


class SecretError(Exception):
    """A secret could not be read; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def secret(setting: Setting, name: str) -> str:
    """The setting, or the secret that `{{secrets/SCOPE/KEY}}` names, which must be the whole value.

    Databricks puts in the secret by itself where a pipeline has a cluster; elsewhere it is left to
    who reads the setting.
    """
    value = setting(name, "")
    reference = REFERENCE.fullmatch(value.strip())
    return _looked_up(*reference.groups()) if reference else value


def _looked_up(scope: str, key: str) -> str:
    try:
        from databricks.sdk.runtime import dbutils
    except ImportError as error:
        raise SecretError(
            f"The secret {key} of the scope {scope} is not to be had here",
            "Secret scopes are in a Databricks workspace: give the value itself, or no login.",
        ) from error
    found: str = dbutils.secrets.get(scope, key)
    return found
