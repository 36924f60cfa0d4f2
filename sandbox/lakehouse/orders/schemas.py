"""Which Avro schemas the messages were written with, by their id in the registry."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from orders.settings import Setting, secret


class SchemaLookupError(Exception):
    """The schemas could not be read; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Schemas:
    """`writers` holds every known record schema by id; `latest` is what all are read as."""

    writers: dict[int, str]
    latest: str


def from_registry(setting: Setting) -> Schemas:
    """All versions of the subject, deleted ones too: old messages still carry their ids."""
    subject = quote(setting("orders.registry.subject", "orders-value"), safe="")
    versions = _get(setting, f"/subjects/{subject}/versions?deleted=true")
    found = [_get(setting, f"/subjects/{subject}/versions/{v}?deleted=true") for v in versions]
    # No line is anything but a record; what another schema wrote is not decodable.
    avro = [f for f in found if f.get("schemaType", "AVRO") == "AVRO" and _is_record(f["schema"])]
    if not avro:
        raise _no_schema(setting)
    newest = max(avro, key=lambda f: int(f["version"]))
    return Schemas({int(f["id"]): f["schema"] for f in avro}, newest["schema"])


def from_settings(setting: Setting) -> Schemas:
    """`orders.schemas.inline`: a JSON object from id to schema; the highest id is the latest."""
    given = json.loads(setting("orders.schemas.inline", "{}"))
    writers = {int(i): s if isinstance(s, str) else json.dumps(s) for i, s in given.items()}
    if not writers:
        raise _no_schema(setting)
    return Schemas(writers, writers[max(writers)])


LOOKUPS = {"registry": from_registry, "inline": from_settings}


def look_up(setting: Setting) -> Schemas:
    """Reads the schemas the way `orders.schemas.lookup` says."""
    name = setting("orders.schemas.lookup", "registry")
    if name not in LOOKUPS:
        known = ", ".join(sorted(LOOKUPS))
        raise SchemaLookupError(f"orders.schemas.lookup is '{name}'", f"Set it to one of: {known}.")
    return LOOKUPS[name](setting)


def _is_record(schema: str) -> bool:
    parsed = json.loads(schema)
    return isinstance(parsed, dict) and parsed.get("type") == "record"


def _get(setting: Setting, path: str) -> Any:
    url = setting("orders.registry.url", "").rstrip("/") + path
    request = urllib.request.Request(url)
    user = secret(setting, "orders.registry.user")
    if user:
        pair = f"{user}:{secret(setting, 'orders.registry.password')}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(pair).decode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise _no_schema(setting) from error
        raise SchemaLookupError(
            f"The schema registry answered {error.code} for {path}",
            "Check orders.registry.url and the login.",
        ) from error
    except (OSError, ValueError) as error:
        raise SchemaLookupError(
            f"The schema registry does not answer: {error}", "Start it, then run again."
        ) from error


def _no_schema(setting: Setting) -> SchemaLookupError:
    subject = setting("orders.registry.subject", "orders-value")
    return SchemaLookupError(
        f"There is no Avro schema for the subject {subject}",
        "Send an order first: the producer registers the schema.",
    )
