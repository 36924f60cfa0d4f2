"""The bundle is what Databricks takes, and says the same as the pipeline that runs here.

The resources are read by the published package of bundles, whose models are made of the bundle's
schema: a field that it does not know, a wrong type or a wrong word is refused. Of databricks.yml
itself no package tells; its words are those of the public reference of bundle configuration.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from databricks.bundles.jobs import Job
from databricks.bundles.pipelines import Pipeline
from databricks.bundles.schemas import Schema
from databricks.bundles.volumes import Volume

from orders.bronze import LOGIN

ROOT = Path(__file__).parents[1]
LAKEHOUSE = ROOT / "lakehouse"
BUNDLE = ROOT / "databricks.yml"
FILES = sorted((ROOT / "resources").glob("*.yml"))

MODELS: dict[str, Any] = {
    "jobs": Job,
    "pipelines": Pipeline,
    "schemas": Schema,
    "volumes": Volume,
}
TOP = {"bundle", "include", "sync", "experimental", "variables", "targets"}
OF_BUNDLE = {"name", "databricks_cli_version"}
OF_SYNC = {"paths", "include", "exclude"}
OF_VARIABLE = {"description", "default", "type", "lookup"}
OF_TARGET = {"mode", "default", "workspace", "run_as", "variables", "resources"}
SECRET = re.compile(r"\{\{secrets/\$\{var\.secret_scope\}/\$\{var\.\w+\}\}\}")


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def resources() -> dict[str, dict[str, Any]]:
    """`kind.name` to what stands under it, of all files."""
    return {
        f"{kind}.{name}": given
        for file in FILES
        for kind, named in load(file)["resources"].items()
        for name, given in named.items()
    }


def accept(resource: str, given: dict[str, Any]) -> Any:
    """Raises what the published package raises."""
    return MODELS[resource.partition(".")[0]].from_dict(given)


def configuration() -> dict[str, str]:
    found: dict[str, str] = resources()["pipelines.orders"]["configuration"]
    return found


def texts(value: Any) -> list[str]:
    """All that stands anywhere inside."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def with_offers() -> dict[str, Any]:
    """databricks.yml with what it offers as a comment: run_as, and places of the schemas."""
    offered = re.sub(r"(?m)^    # (?=run_as|resources| )", "    ", BUNDLE.read_text())
    found: dict[str, Any] = yaml.safe_load(offered)
    return found


@pytest.mark.parametrize("resource", resources())
def test_each_resource_is_one_that_databricks_knows(resource: str) -> None:
    given = resources()[resource]
    assert accept(resource, given).as_dict() == given


@pytest.mark.parametrize(
    ("resource", "path", "value"),
    [
        ("pipelines.orders", ["serverles"], True),
        ("pipelines.orders", ["continuous"], "sometimes"),
        ("pipelines.orders", ["libraries", 0, "glob", "includes"], "x"),
        ("jobs.orders", ["tasks", 0, "max_retries"], "twice"),
        ("jobs.orders", ["tasks", 0, "pipeline_task", "pipeline"], "x"),
        ("jobs.orders", ["schedule", "pause_status"], "ASLEEP"),
        ("schemas.gold", ["path"], "abfss://x"),
        ("volumes.files", ["volume_type"], "LOCAL"),
    ],
)
def test_what_databricks_does_not_know_is_refused(
    resource: str, path: list[Any], value: Any
) -> None:
    given = resources()[resource]
    inner = given
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises((ValueError, TypeError)):
        accept(resource, given)


def test_the_file_of_the_bundle_uses_only_words_of_the_reference() -> None:
    bundle = with_offers()
    assert set(bundle) <= TOP
    assert set(bundle["bundle"]) <= OF_BUNDLE
    assert set(bundle["sync"]) <= OF_SYNC
    for variable in bundle["variables"].values():
        assert variable["description"]
        assert set(variable) <= OF_VARIABLE
    for target in bundle["targets"].values():
        assert set(target) <= OF_TARGET
    assert [t["mode"] for t in bundle["targets"].values()] == ["development", "production"]


def test_what_is_offered_as_a_comment_is_valid_too() -> None:
    prod = with_offers()["targets"]["prod"]
    assert "service_principal_name" in prod["run_as"]
    known = resources()
    assert set(prod["resources"]["schemas"]) == {"bronze", "silver", "gold"}
    for name, override in prod["resources"]["schemas"].items():
        schema = accept(f"schemas.{name}", {**known[f"schemas.{name}"], **override})
        assert schema.storage_root.startswith("abfss://")


def test_all_files_are_included_and_only_the_pipeline_is_uploaded() -> None:
    bundle = load(BUNDLE)
    assert {file for glob in bundle["include"] for file in ROOT.glob(glob)} == set(FILES)
    assert bundle["sync"]["paths"] == ["lakehouse"]


def test_every_variable_is_declared_and_used_and_has_a_value_or_must_be_given() -> None:
    bundle = load(BUNDLE)
    used = {
        name
        for text in texts([resources(), with_offers()["targets"]])
        for name in re.findall(r"\$\{var\.(\w+)\}", text)
    }
    assert used == set(bundle["variables"])
    must_be_given = {
        name: {v for v, said in bundle["variables"].items() if "default" not in said}
        - set(target["variables"])
        for name, target in bundle["targets"].items()
    }
    of_the_cluster = {"kafka_bootstrap", "registry_url"}
    assert must_be_given == {
        "dev": of_the_cluster,
        "prod": of_the_cluster | {"notification_email", "production_owner"},
    }


def test_each_reference_to_a_resource_leads_to_one() -> None:
    known = resources()
    for text in texts(known):
        for kind, name, field in re.findall(r"\$\{resources\.(\w+)\.(\w+)\.(\w+)\}", text):
            assert field == "id" or field in known[f"{kind}.{name}"]


def test_dev_and_prod_never_write_to_the_same_tables() -> None:
    targets = load(BUNDLE)["targets"]
    for name in ("catalog", "secret_scope"):
        assert targets["dev"]["variables"][name] != targets["prod"]["variables"][name]
    catalogs = {t["catalog_name"] for r, t in resources().items() if r.startswith("schemas.")}
    assert catalogs == {"${var.catalog}"}


def test_the_schemas_are_those_that_the_pipeline_names_and_keep_their_names() -> None:
    written = {
        keyword.value.value.partition(".")[0]
        for file in (LAKEHOUSE / "transformations").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "name"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
        and "." in keyword.value.value
    }
    names = {given["name"] for r, given in resources().items() if r.startswith("schemas.")}
    assert names == written
    assert load(BUNDLE)["experimental"] == {"skip_name_prefix_for_schema": True}


def test_the_bundle_runs_the_files_that_run_here() -> None:
    pipeline = resources()["pipelines.orders"]
    here = load(LAKEHOUSE / "spark-pipeline.yml")
    assert (ROOT / "resources" / pipeline["root_path"]).resolve() == LAKEHOUSE
    includes = [library["glob"]["include"] for library in pipeline["libraries"]]
    assert includes == [
        f"../lakehouse/{library['glob']['include']}" for library in here["libraries"]
    ]
    assert pipeline["schema"] == "${resources.schemas.silver.name}"
    assert here["database"] == "silver"
    assert set(here["configuration"]) <= set(configuration())


def test_each_setting_of_the_bundle_is_one_that_the_pipeline_reads() -> None:
    source = "\n".join(file.read_text() for file in sorted(LAKEHOUSE.glob("*/*.py")))
    read = {f"orders.kafka.{name}" for name in LOGIN} | set(
        re.findall(r"[\"'](orders(?:\.\w+)+)[\"']", source)
    )
    assert set(configuration()) <= read


def test_the_readme_of_a_project_tells_of_each_setting_and_each_variable_without_a_value() -> None:
    readme = (ROOT / "project" / "README.md").read_text()
    without = [name for name, said in load(BUNDLE)["variables"].items() if "default" not in said]
    given_by_targets = {"catalog", "secret_scope"}
    for name in [*configuration(), *(set(without) - given_by_targets)]:
        assert f"`{name}`" in readme, name


def test_all_settings_are_texts() -> None:
    assert all(isinstance(value, str) for value in configuration().values())


def test_what_is_secret_is_only_named() -> None:
    secret = ("username", "password", "user")
    named = {n: v for n, v in configuration().items() if n.rpartition(".")[2] in secret}
    assert len(named) == 4
    assert all(SECRET.fullmatch(value) for value in named.values())
    assert len(set(named.values())) == 4
