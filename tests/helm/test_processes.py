"""What the manifests say is what runs: each container's command, with its variables and nothing else, on real parts."""

import json
import re
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from django.db import connection

from tests.factories.lights import leave_backups_and_certificates
from tests.helm.alert_cases import alerts
from tests.helm.expressions import dashboard, expressions, selectors
from tests.helm.node import Node, make_node
from tests.helm.prometheus_process import MISSING, Prometheus, is_installed, prometheus
from tests.helm.rendering import sizes
from tests.log_lines import lines_of, strays_in
from tests.roles import as_owner
from tests.servers import ROOT, wait_until

PHONE = "13800001111"


@pytest.fixture
def node(fresh_database: None, object_store: None) -> Iterator[Node]:
    with tempfile.TemporaryDirectory(prefix="yz-") as var:
        found = make_node(Path(var))
        yield found
        found.stop()


class TestUpgradeJob:
    def test_names_every_secret_that_is_missing_at_once(self, node: Node) -> None:
        del node.secrets["yizhan"]["PERSONAL_KEYS"], node.secrets["yizhan-owner"]["DATABASE_OWNER_URL"]
        code, said = node.run("upgrade", "upgrade")
        assert code == 1
        assert "PERSONAL_KEYS" in said
        assert "DATABASE_OWNER_URL" in said
        assert "SECRET_KEY" not in said.replace("缺少", "")
        assert "Traceback" not in said

    def test_leaves_alone_what_a_newer_release_made(self, node: Node) -> None:
        """An older program would make the templates of halls anew, without what was added."""
        self._record("catalogue", "9999_of_tomorrow")
        code, said = node.run("upgrade", "upgrade")
        assert code == 1
        assert "catalogue.9999_of_tomorrow" in said
        assert "helm rollback" in said

    def test_fails_where_a_hall_cannot_be_upgraded(self, node: Node) -> None:
        """One whose record lacks a migration that its schema has: its table cannot be made again."""
        from provisioning.migrating import digest_of
        from provisioning.models import HallSchema

        with as_owner():
            own = HallSchema.objects.get(hall__slug="north")
            own.migrations.remove("duty.0001_initial")
            own.digest = digest_of(own.migrations)
            own.save()
        code, said = node.run("upgrade", "upgrade")
        assert code == 1
        assert "1 个服务厅没有升级成功" in said

    def test_is_waited_for_by_every_other_pod(self, node: Node) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'catalogue'")
        waiting = node.start("web", "await")
        wait_until(lambda: "数据库升级没有执行" in node.said("web", "await"), what="its saying so", seconds=60)
        assert waiting.poll() is None

    def _record(self, app: str, name: str) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])


class TestPrometheus:
    def test_is_installed(self) -> None:
        """Without it nobody has asked the running programs what alerts and panels ask."""
        if not is_installed():
            pytest.skip(MISSING)


class TestPods:
    def test_start_do_their_work_and_end_in_peace(self, node: Node) -> None:
        code, said = node.run("upgrade", "upgrade")
        assert code == 0, said
        code, said = node.run("web", "await")
        assert code == 0, said
        web, proxy = node.start("web", "web"), node.start("web", "proxy")
        node.wait_for_readiness("web", "proxy", seconds=240)
        assert [node.passes("web", name, "livenessProbe") for name in ("web", "proxy")] == [True, True]
        # the proxy is no root in a container
        assert stat.S_IMODE((node.var / "run" / "web.sock").stat().st_mode) == 0o600
        self._answers_readers_and_monitors(node)
        # only now: each takes some seconds of a processor to start
        others = {
            component: node.start(component, component) for component in ("worker", "builder", "relay", "scheduler")
        }
        with self._watched_by_prometheus(node) as watched:
            self._takes_tasks()
            if watched:
                self._answers_whatever_alerts_and_panels_ask(watched)
        self._gives_up_on_tasks_that_nobody_can_do(node)
        assert {name: one.poll() for name, one in others.items()} == dict.fromkeys(others, None)
        self._are_examined_from_inside(node)
        self._answers_what_it_has_begun(node, proxy)
        assert web.poll() is None
        assert node.end(web, "web") == 0
        for component, process in others.items():
            assert node.end(process, component) == 0, node.said(component, component)
        self._has_said_all_by_lines_of_one_schema(node)

    def _answers_readers_and_monitors(self, node: Node) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{node.port}", timeout=30) as client:
            page = client.get("/", headers={"Host": "yizhan.localhost", "X-Forwarded-Proto": "https"})
            assert page.status_code == 200
            assert "Strict-Transport-Security" in page.headers
            assert "yizhan_database_up 1.0" in client.get("/metrics").text
            stranger = {"X-Forwarded-For": "203.0.113.9"}
            assert client.get("/metrics", headers=stranger).status_code == 404

    def _takes_tasks(self) -> None:
        from config.celery import app

        hosts = {f"worker@{socket.gethostname()}", f"builder@{socket.gethostname()}"}

        def answering() -> set[str]:
            return {name for one in app.control.ping(timeout=1) for name in one}

        wait_until(lambda: answering() >= hosts, what="the workers' start", seconds=120)

    @contextmanager
    def _watched_by_prometheus(self, node: Node) -> Iterator[Prometheus | None]:
        if not is_installed():
            # said by test_is_installed
            yield None
            return
        leave_backups_and_certificates()
        found = sizes()["small"]
        [monitor], [rules] = found.of_kind("ServiceMonitor"), found.of_kind("PrometheusRule")
        with prometheus(node.var / "prometheus", monitor, rules, f"127.0.0.1:{node.port}") as watched:
            yield watched

    def _answers_whatever_alerts_and_panels_ask(self, watched: Prometheus) -> None:
        """Each is read, and names nothing that the web server does not show; the rules are judged without a fault."""

        def is_judged() -> bool:
            [group] = watched.asked("rules")["groups"]
            return all(rule["health"] == "ok" for rule in group["rules"]) and bool(
                watched.asked("query", query="rate(yizhan_requests_total[1m])")["result"]
            )

        wait_until(is_judged, what="the judging of all rules", seconds=60)
        for expression in expressions():
            watched.asked("query", query=expression)
        named = {selector for expression in expressions() for selector in selectors(expression)}
        # what the panels' list of namespaces is filled with
        named |= {re.sub(r"label_values\((\w+), namespace\)", r'\1{namespace="yizhan"}', _namespaces()["query"])}
        unknown = [one for one in sorted(named) if not watched.asked("query", query=one)["result"]]
        assert unknown == []
        [group] = watched.asked("rules")["groups"]
        assert {rule["name"]: rule.get("lastError", "") for rule in group["rules"]} == {
            one["alert"]: "" for one in alerts()
        }
        assert [one for one in alerts() if not (ROOT / _runbook(one)).exists()] == []

    def _gives_up_on_tasks_that_nobody_can_do(self, node: Node) -> None:
        """One that there is not, and one that fails: Celery tells of both in many lines, arguments and trace."""
        from config.celery import app

        for name in ("yizhan.nothing_of_this_name", "halls.check_domains"):
            app.send_task(name, [PHONE])
        wait_until(lambda: node.said("worker", "worker").count("Traceback") >= 2, what="its saying so", seconds=60)

    def _has_said_all_by_lines_of_one_schema(self, node: Node) -> None:
        logs = {path.stem: path.read_text(encoding="utf-8") for path in node.var.glob("*.out")}
        # what Caddy says before it has read how to write
        early = [line for line in logs["web-proxy"].splitlines() if '"ts":' in line]
        logs["web-proxy"] = "\n".join(line for line in logs["web-proxy"].splitlines() if line not in early)
        assert {name: strays for name, log in logs.items() if (strays := list(strays_in(log)))} == {}
        processes = {name: {line["process"] for line in lines_of(log)} for name, log in logs.items()}
        assert processes == {
            "upgrade-upgrade": {"release"},
            "web-await": {"await"},
            "web-web": {"web"},
            "web-proxy": {"proxy"},
            **{f"{name}-{name}": {name} for name in ("worker", "builder", "relay")},
            "scheduler-scheduler": {"beat"},
        }
        failed = [line for line in lines_of(logs["worker-worker"]) if "Traceback" in line.get("exception", "")]
        assert failed
        assert "138****1111" in logs["worker-worker"]
        assert [name for name, log in logs.items() if PHONE in log] == []

    def _are_examined_from_inside(self, node: Node) -> None:
        """``yizhan doctor`` in the worker's container: what it cannot see it says, and calls no fault."""
        done = node.execute("worker", "worker", "yizhan", "doctor", "--json")
        found = {one["check"]: one for one in json.loads(done.stdout)}
        # static files are collected where the image is made
        assert [one["check"] for one in found.values() if one["state"] in {"fault", "skipped"}] == ["static_collected"]
        assert done.returncode == 1
        unseen = {name for name, one in found.items() if one["state"] == "unseen"}
        # the witness is mounted in a real worker; this machine mounts nothing
        assert unseen - {"audit_witnessed"} == {
            *("ports_free", "web_answers", "proxy_answers", "builder_runs", "beat_runs", "relay_runs"),
            *("backup_folder_set", "browser_for_tests", "chinese_fonts"),
        }
        assert {found[one]["state"] for one in ("database_reachable", "store_reachable", "worker_runs")} == {"ok"}

    def _answers_what_it_has_begun(self, node: Node, proxy: subprocess.Popen[Any]) -> None:
        """A form that is on its way while the pod is ended."""
        with socket.create_connection(("127.0.0.1", node.port), timeout=30) as reader:
            reader.sendall(
                b"POST /sign-in/ HTTP/1.1\r\nHost: yizhan.localhost\r\nContent-Length: 10\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\nusern"
            )
            ours = reader.getsockname()[1]
            wait_until(lambda: ours in _taken_by_programs(), what="the proxy's taking it")
            proxy.send_signal(signal.SIGTERM)
            wait_until(lambda: not _takes_more(node.port), what="the proxy's door shut", seconds=30)
            reader.sendall(b"ame=a")
            assert reader.recv(4096).startswith(b"HTTP/1.1 403")
        assert proxy.wait(timeout=60) == 0


def _namespaces() -> dict[str, Any]:
    [found] = [one for one in dashboard()["templating"]["list"] if one["name"] == "namespace"]
    return dict(found)


def _runbook(alert: dict[str, Any]) -> str:
    return str(alert["annotations"]["runbook_url"].replace("RUNBOOKS", "docs/runbooks"))


def _taken_by_programs() -> set[int]:
    """The readers' ports of connections that a program has taken, and not only the machine for it."""
    return {one.raddr.port for one in psutil.net_connections("tcp") if one.raddr and one.pid}


def _takes_more(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
