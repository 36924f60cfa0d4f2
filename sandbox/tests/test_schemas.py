from __future__ import annotations

import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orders import schemas
from orders.schemas import SchemaLookupError
from orders.settings import Setting

ONE, TWO = (json.dumps({"type": "record", "name": name, "fields": []}) for name in ("one", "two"))
ANSWERS = {
    "/subjects/orders-value/versions?deleted=true": [1, 2, 3, 4],
    "/subjects/orders-value/versions/1?deleted=true": {"id": 4, "version": 1, "schema": ONE},
    "/subjects/orders-value/versions/2?deleted=true": {"id": 9, "version": 2, "schema": TWO},
    "/subjects/orders-value/versions/3?deleted=true": {
        "id": 11,
        "version": 3,
        "schema": "{}",
        "schemaType": "JSON",
    },
    "/subjects/orders-value/versions/4?deleted=true": {
        "id": 12,
        "version": 4,
        "schema": '"string"',
    },
}
LOGIN = "Basic dXNlcjpzZWNyZXQ="


class Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.headers["Authorization"] not in (None, LOGIN):
            self.send_error(401)
        elif self.path not in ANSWERS:
            self.send_error(404)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(ANSWERS[self.path]).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def registry() -> Generator[str, None, None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def settings(**given: str) -> Setting:
    named = {f"orders.{name.replace('_', '.')}": value for name, value in given.items()}
    return lambda name, default: named.get(name, default)


def test_all_record_versions_are_known_and_the_newest_is_the_latest(registry: str) -> None:
    found = schemas.look_up(settings(registry_url=registry + "/"))
    assert found == schemas.Schemas({4: ONE, 9: TWO}, TWO)


def test_a_login_is_sent(registry: str) -> None:
    login = {"registry_user": "user", "registry_password": "secret"}
    assert schemas.look_up(settings(registry_url=registry, **login)).latest == TWO
    login["registry_password"] = "wrong"
    with pytest.raises(SchemaLookupError, match="answered 401"):
        schemas.look_up(settings(registry_url=registry, **login))


def test_a_subject_without_schemas_says_what_to_do(registry: str) -> None:
    with pytest.raises(SchemaLookupError, match="no Avro schema for the subject nothing") as error:
        schemas.look_up(settings(registry_url=registry, registry_subject="nothing"))
    assert "Send an order first" in error.value.hint


def test_a_registry_that_is_down_is_an_error_and_not_an_empty_list() -> None:
    with pytest.raises(SchemaLookupError, match="does not answer"):
        schemas.look_up(settings(registry_url="http://127.0.0.1:1"))


def test_schemas_may_stand_in_the_settings() -> None:
    inline = settings(schemas_lookup="inline", schemas_inline='{"2": {"type": "int"}, "1": "x"}')
    assert schemas.look_up(inline) == schemas.Schemas(
        {2: '{"type": "int"}', 1: "x"}, '{"type": "int"}'
    )


def test_an_unknown_lookup_names_the_known_ones() -> None:
    with pytest.raises(SchemaLookupError) as error:
        schemas.look_up(settings(schemas_lookup="guess"))
    assert error.value.hint == "Set it to one of: inline, registry."
