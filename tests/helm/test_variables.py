"""Every variable that the program reads is set by the chart, may be set in values, or belongs to the embedded parts;
and the chart sets none that nobody reads."""

import json

import pytest

from config import environment
from config.cli.cluster import NEEDED, NEEDED_BY_OWNER
from tests.helm.rendering import CHART, EVERYTHING, Tree, containers_of, sizes, values_of

# of parts that no container has, and of what no container may be
EMBEDDED = {
    *("YIZHAN_POSTGRES_PORT", "YIZHAN_VALKEY_PORT", "YIZHAN_S3_PORT"),
    # beside the claim that the chart puts there
    "AUDIT_WITNESS",
    # there the database's operator and the store back up
    *("BACKUP_FOLDER", "BACKUP_RECIPIENT", "BACKUP_KEEP_DAYS"),
    *("YIZHAN_DEMO", "YIZHAN_DEMO_CASES", "DEBUG"),
}
# read where YIZHAN_AS_OWNER says so
KNOWN = environment.known | {"DATABASE_OWNER_URL"}
SECRETS = {
    *("SECRET_KEY", "AUDIT_KEY", "BACKUP_KEY", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY", "DATABASE_URL", "BROKER_URL"),
    *("DATABASE_OWNER_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_FILER_KEY", "SENTRY_DSN"),
    *("OTEL_EXPORTER_OTLP_HEADERS", "DATABASE_POOL_URL", "ELASTICSEARCH_API_KEY"),
    *("MESSAGE_GATEWAY_KEY", "IDENTITY_VERIFIER_KEY", "PAYMENTS_KEY", "WECHAT_APP_SECRET", "WECHAT_MP_APP_SECRET"),
    *("FLOW_SYSTEM_KEYS", "ALIPAY_PRIVATE_KEY", "NATIONAL_CLIENT_SECRET", "WEBPUSH_PRIVATE_KEY"),
}
OWNERS = {"DATABASE_OWNER_URL", "S3_FILER_KEY", "YIZHAN_AS_OWNER"}


def _variables(container: Tree) -> dict[str, Tree]:
    found = container.get("env", [])
    assert len({one["name"] for one in found}) == len(found), "a variable is set twice"
    return {one["name"]: one for one in found}


@pytest.fixture
def containers() -> dict[tuple[str, str], dict[str, Tree]]:
    """(component, container) → its variables."""
    return {
        (component, one["name"]): _variables(one)
        for component, pod in sizes()["small"].pods().items()
        for one in containers_of(pod)
    }


class TestVariables:
    def test_of_the_chart_are_read_by_the_program(self, containers: dict[tuple[str, str], dict[str, Tree]]) -> None:
        assert {name for variables in containers.values() for name in variables} <= KNOWN

    def test_of_the_program_are_set_or_may_be(self, containers: dict[tuple[str, str], dict[str, Tree]]) -> None:
        settings = json.loads((CHART / "values.schema.json").read_text())["properties"]["settings"]["properties"]
        of_values = set(values_of("small")["settings"])
        set_by_chart = {name for variables in containers.values() for name in variables} - of_values
        assert set(settings) <= KNOWN
        assert set(settings) & set_by_chart <= set(EVERYTHING["settings"])
        assert set(settings) | set_by_chart | EMBEDDED == KNOWN
        assert (set(settings) | set_by_chart) & EMBEDDED == set()

    def test_that_are_secret_come_by_reference_alone(self, containers: dict[tuple[str, str], dict[str, Tree]]) -> None:
        for place, variables in containers.items():
            by_reference = {name for name, one in variables.items() if "valueFrom" in one}
            assert by_reference == set(variables) & SECRETS, place
            assert all(set(variables[name]["valueFrom"]) == {"secretKeyRef"} for name in by_reference)

    def test_of_the_owner_are_handed_to_who_makes_tables(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        for (component, _), variables in containers.items():
            assert bool(OWNERS & set(variables)) == (component in {"builder", "upgrade"}), component

    def test_are_handed_to_every_program_that_needs_them(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        for (component, name), variables in containers.items():
            if name == "proxy":
                assert variables == {}
            else:
                assert set(NEEDED_BY_OWNER if component in {"builder", "upgrade"} else NEEDED) <= set(variables)

    def test_that_are_missing_are_left_to_the_upgrade_to_name(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        """It runs first: the cluster would wait for the Secret in silence."""
        upgrade = containers["upgrade", "upgrade"]
        assert all(one["valueFrom"]["secretKeyRef"]["optional"] for one in upgrade.values() if "valueFrom" in one)


class TestSchemaOfValues:
    def test_explains_itself(self) -> None:
        schema = json.loads((CHART / "values.schema.json").read_text())
        open_objects = [
            path for path, one in _objects("", schema) if "properties" in one and one["additionalProperties"]
        ]
        assert open_objects == []


def _objects(path: str, schema: Tree) -> list[tuple[str, Tree]]:
    found = [(path, schema)] if schema.get("type") == "object" else []
    for name, one in schema.get("properties", {}).items():
        found += _objects(f"{path}/{name}", one)
    return found
