"""Every variable that the program reads is set by the chart, may be set in values, or belongs to the embedded parts;
and the chart sets none that nobody reads."""

import json

import pytest

from config import environment
from config.cli.cluster import NEEDED, NEEDED_BY_OWNER
from tests.helm.rendering import CHART, EVERYTHING, Rendered, Tree, containers_of, sizes, values_of

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


def containers_in(release: Rendered) -> dict[tuple[str, str], dict[str, Tree]]:
    """(component, container) → its variables."""
    return {
        (component, one["name"]): _variables(one)
        for component, pod in release.pods().items()
        for one in containers_of(pod)
    }


@pytest.fixture
def containers() -> dict[tuple[str, str], dict[str, Tree]]:
    return containers_in(sizes()["small"])


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

    def test_that_are_secret_come_from_their_own_place(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        """A key is named as its variable; the store's keys of an owner are the owner's. A pod that lacks what it needs
        waits for it, and one that lacks what it may have does not."""
        for (component, container), variables in containers.items():
            is_owner = component in {"builder", "upgrade"}
            of_owner = {"DATABASE_OWNER_URL", "S3_FILER_KEY", *(("S3_ACCESS_KEY", "S3_SECRET_KEY") if is_owner else ())}
            needed = set(NEEDED_BY_OWNER if is_owner else NEEDED)
            for name in set(variables) & SECRETS:
                found = variables[name]["valueFrom"]["secretKeyRef"]
                assert found["key"] == name, (component, container)
                assert found["name"] == ("yizhan-owner" if name in of_owner else "yizhan"), (component, container, name)
                is_left = component == "upgrade" or name not in needed
                assert found.get("optional", False) == is_left, (component, container, name)

    def test_that_are_no_secret_are_one_for_all_programs(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        release = sizes()["small"]
        said = [
            {name: one["value"] for name, one in variables.items() if "value" in one and name != "YIZHAN_AS_OWNER"}
            for (_, container), variables in containers.items()
            if container != "proxy"
        ]
        assert said == [said[0]] * len(said)
        [service] = release.of_kind("Service")
        address = f"{service['metadata']['name']}:{service['spec']['ports'][0]['port']}"
        [port] = release.pods()["web"]["containers"][0]["ports"]
        assert said[0] == values_of("small", {"settings": EVERYTHING["settings"]})["settings"] | {
            "YIZHAN_UPLOAD_LIMIT": str(EVERYTHING["settings"]["YIZHAN_UPLOAD_LIMIT"]),
            "PUBLIC_SCHEME": "https",
            "PUBLIC_PORT": "443",
            "YIZHAN_VAR": "/var/lib/yizhan",
            "YIZHAN_WEB_HOST": "0.0.0.0",  # noqa: S104 - of a pod
            "YIZHAN_WEB_PORT": str(port["containerPort"]),
            "SITE_FETCH_ADDRESS": address,
        }
        assert all("envFrom" not in one for pod in release.pods().values() for one in containers_of(pod))

    def test_of_the_owner_are_handed_to_who_makes_tables(
        self, containers: dict[tuple[str, str], dict[str, Tree]]
    ) -> None:
        for (component, _), variables in containers.items():
            assert bool(OWNERS & set(variables)) == (component in {"builder", "upgrade"}), component
            assert variables.get("YIZHAN_AS_OWNER", {}).get("value") == ("1" if OWNERS & set(variables) else None)

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
