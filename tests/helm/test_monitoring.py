"""Alerts, the dashboard, runbooks and the metrics that the program really shows."""

import json
import re
from pathlib import Path

import promql_parser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from config.metrics import render_metrics
from tests.factories.lights import leave_backups_and_certificates
from tests.helm.alert_cases import alerts, cases, write_cases
from tests.helm.expressions import dashboard, expressions
from tests.helm.prometheus_process import promtool
from tests.helm.rendering import sizes
from tests.servers import ROOT

RUNBOOKS = ROOT / "docs" / "runbooks"
# of one scrape
QUESTIONS = 15
_METRIC = re.compile(r"\byizhan_[a-z_]+")


@pytest.fixture
def exported(django_db_setup: None, db: None) -> dict[str, set[str]]:
    """Names of samples, as Prometheus fetches them → labels."""
    leave_backups_and_certificates()
    text = render_metrics()[0].decode()
    families = list(text_string_to_metric_families(text))
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    # nothing was counted yet in this process
    return {"yizhan_requests_total": {"method", "status"}, "yizhan_request_seconds_bucket": {"le"}} | found


class TestExpressions:
    @pytest.mark.parametrize("expression", list(expressions()))
    def test_are_such_that_prometheus_reads(self, expression: str) -> None:
        promql_parser.parse(expression)

    def test_ask_for_what_the_program_shows(self, exported: dict[str, set[str]]) -> None:
        for expression in expressions():
            assert set(_METRIC.findall(expression)) <= set(exported), expression
            for name, matchers in re.findall(r"(yizhan_[a-z_]+)\{([^}]*)\}", expression):
                labels = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", matchers)) - {"namespace"}
                assert labels <= exported[name], expression

    def test_ask_for_states_that_there_are(self, exported: dict[str, set[str]]) -> None:
        """A misspelt state would never fire."""
        text = render_metrics()[0].decode()
        for expression in expressions():
            for name, state in re.findall(r'(yizhan_[a-z_]+)\{[^}]*state="(\w+)"', expression):
                assert f'{name}{{state="{state}"}}' in text


class TestAlerts:
    def test_lead_to_a_runbook_that_names_them(self) -> None:
        named = {path.name: set(re.findall(r"`(Yizhan\w+)`", path.read_text())) for path in RUNBOOKS.glob("*.md")}
        led: dict[str, set[str]] = {name: set() for name in named}
        for one in alerts():
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
            for one in alerts()
            for name in _METRIC.findall(one["expr"])
        }
        assert told == asked - {("yizhan_database_up", "parts.md")}

    def test_are_rendered_with_the_province_s_runbooks(self) -> None:
        [rule] = sizes()["small"].of_kind("PrometheusRule")
        rules = rule["spec"]["groups"][0]["rules"]
        own = "https://example.invalid/docs/runbooks"
        led = [
            one["annotations"] | {"runbook_url": one["annotations"]["runbook_url"].replace("RUNBOOKS", own)}
            for one in alerts()
        ]
        assert rules == [one | {"annotations": found} for one, found in zip(alerts(), led, strict=True)]
        assert {one["labels"]["severity"] for one in rules} == {"critical", "warning"}

    def test_ring_at_the_fault_and_at_nothing_else(self, tmp_path: Path) -> None:
        """By Prometheus' own test of rules."""
        asked = [case for test in cases()["tests"] for case in test["alert_rule_test"]]
        ringing = {case["alertname"] for case in asked if case["exp_alerts"]}
        assert ringing == {one["alert"] for one in alerts()}
        [rule] = sizes()["small"].of_kind("PrometheusRule")
        assert "SUCCESS" in promtool("test", "rules", str(write_cases(tmp_path, rule["spec"])))


class TestMetrics:
    def test_are_counted_by_as_many_questions_whatever_the_number_of_halls(self, exported: dict[str, set[str]]) -> None:
        """None of a hall's own schema."""
        with CaptureQueriesContext(connection) as asked:
            render_metrics()
        assert len(asked) <= QUESTIONS
        assert [one["sql"] for one in asked.captured_queries if "hall_0" in one["sql"]] == []


class TestServiceMonitor:
    def test_finds_the_port_that_the_service_has(self) -> None:
        found = sizes()["small"]
        [monitor], [service] = found.of_kind("ServiceMonitor"), found.of_kind("Service")
        asked = monitor["spec"]["selector"]["matchLabels"]
        assert asked.items() <= service["metadata"]["labels"].items()
        assert asked.keys() >= service["spec"]["selector"].keys()
        [endpoint] = monitor["spec"]["endpoints"]
        assert (endpoint["path"], endpoint["interval"], endpoint["scrapeTimeout"]) == ("/metrics", "30s", "10s")
        assert {one["port"] for one in monitor["spec"]["endpoints"]} == {
            one["name"] for one in service["spec"]["ports"]
        }


class TestDashboard:
    def test_is_handed_over_whole(self) -> None:
        [config] = [
            one for one in sizes()["small"].of_kind("ConfigMap") if one["metadata"]["name"].endswith("dashboard")
        ]
        assert json.loads(config["data"]["yizhan.json"]) == dashboard()
        # by which Grafana's sidecar finds it
        assert config["metadata"]["labels"]["grafana_dashboard"] == "1"

    def test_has_a_title_for_every_panel(self) -> None:
        titles = [one["title"] for one in dashboard()["panels"]]
        assert all(titles)
        assert len(titles) == len(set(titles))
