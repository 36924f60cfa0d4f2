"""A login is configuration, and what is secret of it may lie in a secret scope."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from orders import schemas
from orders.bronze import kafka_options
from orders.settings import SecretError, Setting, secret


def settings(**given: str) -> Setting:
    """`kafka_sasl_username="…"` sets `orders.kafka.sasl.username`."""
    named = {f"orders.{name.replace('_', '.')}": value for name, value in given.items()}
    return lambda name, default: named.get(name, default)


@pytest.fixture
def scopes(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """Stands in for what Databricks has: the secrets, by scope and key."""
    held: dict[tuple[str, str], str] = {}
    secrets = SimpleNamespace(get=lambda scope, key: held[scope, key])
    runtime = ModuleType("databricks.sdk.runtime")
    vars(runtime)["dbutils"] = SimpleNamespace(secrets=secrets)
    for name in ("databricks", "databricks.sdk"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "databricks.sdk.runtime", runtime)
    return held


def test_a_kafka_login_is_configuration() -> None:
    given = settings(kafka_bootstrap="b:1", kafka_topic="t", kafka_sasl_mechanism="PLAIN")
    options = kafka_options(given)
    assert options["kafka.sasl.mechanism"] == "PLAIN"
    assert options["subscribe"] == "t"
    assert options["startingOffsets"] == "earliest"
    assert "kafka.security.protocol" not in options
    assert "kafka.sasl.jaas.config" not in options


def test_user_and_password_become_the_login_of_kafkas_own_class() -> None:
    options = kafka_options(settings(kafka_sasl_username="KEY", kafka_sasl_password="pass"))
    assert options["kafka.sasl.jaas.config"] == (
        "org.apache.kafka.common.security.plain.PlainLoginModule "
        'required username="KEY" password="pass";'
    )


def test_the_class_of_the_login_is_a_setting() -> None:
    module = "kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule"
    login = {"kafka_sasl_username": "KEY", "kafka_sasl_password": "pass"}
    options = kafka_options(settings(kafka_login_module=module, **login))
    assert options["kafka.sasl.jaas.config"].startswith(f"{module} required ")


def test_quotes_and_backslashes_of_a_password_stay_inside_it() -> None:
    options = kafka_options(settings(kafka_sasl_username="k", kafka_sasl_password='a"\\b'))
    assert options["kafka.sasl.jaas.config"].endswith(' password="a\\"\\\\b";')


def test_a_whole_login_that_is_given_is_taken_as_it_is() -> None:
    given = settings(kafka_sasl_jaas_config="Mine required;", kafka_sasl_username="KEY")
    assert kafka_options(given)["kafka.sasl.jaas.config"] == "Mine required;"


def test_a_reference_is_looked_up_in_its_scope(scopes: dict[tuple[str, str], str]) -> None:
    scopes.update({("orders_dev", "kafka-api-key"): "KEY", ("orders_dev", "kafka.secret"): "pass"})
    options = kafka_options(
        settings(
            kafka_sasl_username="{{secrets/orders_dev/kafka-api-key}}",
            kafka_sasl_password="{{secrets/orders_dev/kafka.secret}}",
        )
    )
    assert options["kafka.sasl.jaas.config"].endswith('username="KEY" password="pass";')


def test_only_a_whole_value_is_a_reference(scopes: dict[tuple[str, str], str]) -> None:
    scopes["s", "k"] = "found"
    assert secret(settings(x="{{secrets/s/k}}"), "orders.x") == "found"
    for value in ("", "plain", "a {{secrets/s/k}}", "{{secrets/s}}", "{{secrets/s/k/more}}"):
        assert secret(settings(x=value), "orders.x") == value


def test_the_registrys_login_may_be_a_reference_too(scopes: dict[tuple[str, str], str]) -> None:
    # Nothing listens there: what is looked up first is the login.
    given = settings(registry_url="http://127.0.0.1:1", registry_user="{{secrets/s/gone}}")
    with pytest.raises(KeyError, match="gone"):
        schemas.look_up(given)


def test_a_reference_outside_of_databricks_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "databricks.sdk.runtime", None)
    with pytest.raises(SecretError, match="secret k of the scope s") as error:
        secret(settings(x="{{secrets/s/k}}"), "orders.x")
    assert "workspace" in error.value.hint
