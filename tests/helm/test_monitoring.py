"""Alerts, the dashboard, runbooks and the metrics that the program really shows."""

import json
import re
from collections.abc import Iterator

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from config.metrics import render_metrics
from tests.helm.rendering import CHART, Tree, sizes
from tests.servers import ROOT

RUNBOOKS = ROOT / "docs" / "runbooks"
_METRIC = re.compile(r"\byizhan_[a-z_]+")


def _alerts() -> list[Tree]:
    [group] = yaml.safe_load((CHART / "files" / "alerts.yaml").read_text(encoding="utf-8"))
    return list(group["rules"])


def _dashboard() -> Tree:
    found: Tree = json.loads((CHART / "files" / "dashboard.json").read_text(encoding="utf-8"))
    return found


def _expressions() -> Iterator[str]:
    yield from (one["expr"] for one in _alerts())
    for panel in _dashboard()["panels"]:
        yield from (one["expr"].replace("$namespace", "yizhan") for one in panel["targets"])


@pytest.fixture
def exported(django_db_setup: None, db: None) -> dict[str, set[str]]:
    """Names of samples, as Prometheus fetches them → labels."""
    text = render_metrics()[0].decode()
    families = list(text_string_to_metric_families(text))
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    # nothing was counted yet in this process
    return {"yizhan_requests_total": {"method", "status"}, "yizhan_request_seconds_bucket": {"le"}} | found


class TestExpressions:
    @pytest.mark.parametrize("expression", list(_expressions()))
    def test_are_such_that_prometheus_reads(self, expression: str) -> None:
        promql_parser.parse(expression)

    def test_ask_for_what_the_program_shows(self, exported: dict[str, set[str]]) -> None:
        for expression in _expressions():
            assert set(_METRIC.findall(expression)) <= set(exported), expression
            for name, matchers in re.findall(r"(yizhan_[a-z_]+)\{([^}]*)\}", expression):
                labels = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", matchers)) - {"namespace"}
                assert labels <= exported[name], expression

    def test_ask_for_states_that_there_are(self, exported: dict[str, set[str]]) -> None:
        """A misspelt state would never fire."""
        text = render_metrics()[0].decode()
        for expression in _expressions():
            for name, state in re.findall(r'(yizhan_[a-z_]+)\{[^}]*state="(\w+)"', expression):
                assert f'{name}{{state="{state}"}}' in text


class TestAlerts:
    def test_lead_to_a_runbook_that_names_them(self) -> None:
        named = {path.name: set(re.findall(r"`(Yizhan\w+)`", path.read_text())) for path in RUNBOOKS.glob("*.md")}
        led: dict[str, set[str]] = {name: set() for name in named}
        for one in _alerts():
            led[one["annotations"]["runbook_url"].removeprefix("RUNBOOKS/")].add(one["alert"])
        assert named == led

    def test_stand_in_the_operator_s_table(self) -> None:
        guide = (ROOT / "docs" / "guides" / "operator.md").read_text(encoding="utf-8")
        table = re.findall(
            r"^\| `(yizhan_[a-z_]+)(?:\{[^`]*\})?` \| ([^|]*) \| .*\((?:\.\./runbooks/)(\w+\.md)\)", guide, re.MULTILINE
        )
        told = {(name, page) for name, _, page in table}
        asked = {
            (name.removesuffix("_bucket"), one["annotations"]["runbook_url"].rpartition("/")[2])
            for one in _alerts()
            for name in _METRIC.findall(one["expr"])
        }
        assert told == asked - {("yizhan_database_up", "parts.md")}

    def test_are_rendered_with_the_province_s_runbooks(self) -> None:
        [rule] = sizes()["small"].of_kind("PrometheusRule")
        rules = rule["spec"]["groups"][0]["rules"]
        assert [one["alert"] for one in rules] == [one["alert"] for one in _alerts()]
        assert all(one["annotations"]["runbook_url"].startswith("https://example.invalid/") for one in rules)


class TestServiceMonitor:
    def test_finds_the_port_that_the_service_has(self) -> None:
        found = sizes()["small"]
        [monitor], [service] = found.of_kind("ServiceMonitor"), found.of_kind("Service")
        assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
        assert {one["port"] for one in monitor["spec"]["endpoints"]} == {
            one["name"] for one in service["spec"]["ports"]
        }


class TestDashboard:
    def test_is_handed_over_whole(self) -> None:
        [config] = [
            one for one in sizes()["small"].of_kind("ConfigMap") if one["metadata"]["name"].endswith("dashboard")
        ]
        assert json.loads(config["data"]["yizhan.json"]) == _dashboard()

    def test_has_a_title_for_every_panel(self) -> None:
        titles = [one["title"] for one in _dashboard()["panels"]]
        assert all(titles)
        assert len(titles) == len(set(titles))
