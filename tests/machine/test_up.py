"""`yizhan up`, `down` and `status`."""

import fcntl
import json
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings

from config.machine.progress import Step
from config.machine.up import collect_static
from foundation.embedded_services import postgres, tether
from tests.machine.conftest import Machine, make_machine
from tests.servers import free_port, wait_until

FORKS = {"web", "worker", "builder", "beat", "relay"}
PARTS = {"postgres", "valkey", "s3", "s3-filer", "s3-volume", "programs", *FORKS, "proxy"}


class TestUp:
    def test_brings_every_part_to_work(self, machine: Machine) -> None:
        assert {one.name for one in machine.supervisor.states() if one.state == "RUNNING"} == PARTS
        answer = httpx.get(f"http://127.0.0.1:{machine.port('WEB')}/readyz", timeout=10)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "faults": {}})

    def test_leaves_alone_what_runs_already(self, machine: Machine) -> None:
        before = {one.name: one.pid for one in machine.supervisor.states()}
        machine.yizhan("up", "--no-demo")
        assert {one.name for one in machine.supervisor.states()} == PARTS
        assert {one.name: one.pid for one in machine.supervisor.states()} == before

    def test_lets_one_at_a_time_go_ahead(self, machine: Machine) -> None:
        lock = (machine.var / "run" / "up.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = machine.run("up", "--no-demo")
        lock.close()
        assert refused.returncode == 1
        assert "另一个 make up 正在进行" in refused.stderr

    def test_names_the_stranger_that_holds_its_port(self, tmp_path: Path) -> None:
        newcomer = make_machine(tmp_path / "var")
        with socket.create_server(("127.0.0.1", newcomer.port("VALKEY"))):
            refused = newcomer.run("up", "--no-demo")
            newcomer.run("down")
        assert refused.returncode == 1
        assert f"端口 {newcomer.port('VALKEY')}（消息队列 Valkey）已被进程" in refused.stderr
        assert "YIZHAN_VALKEY_PORT" in refused.stderr


class TestCollectStatic:
    def test_collects_once_for_the_same_code_and_again_what_was_not_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "VAR", tmp_path)
        monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path / "static")
        (tmp_path / "run").mkdir()
        manifest = tmp_path / "static" / "staticfiles.json"

        def collect() -> str:
            step = Step(lambda _: None)
            collect_static(step)
            assert manifest.exists()
            return step.note

        assert collect() == ""
        assert collect() == "已是最新"
        # killed before its end
        manifest.unlink()
        assert collect() == ""


class TestDown:
    def test_stops_what_up_started_and_nothing_else(self, machine: Machine) -> None:
        strangers = psutil.Process()
        pids = [one.pid for one in machine.supervisor.states()]
        machine.yizhan("down")
        assert [pid for pid in pids if pid and psutil.pid_exists(pid)] == []
        assert strangers.is_running()
        assert machine.run("down").stdout.strip() == "没有在运行。"
        machine.yizhan("up", "--no-demo")
        assert {one.name for one in machine.supervisor.states()} == PARTS


class TestStatus:
    def test_lists_every_program(self, machine: Machine) -> None:
        states = json.loads(machine.yizhan("status", "--json"))
        assert {one["name"] for one in states} == PARTS
        assert {one["state"] for one in states} == {"运行中"}

    def test_says_when_nothing_runs(self, tmp_path: Path) -> None:
        answer = make_machine(tmp_path / "var").run("status")
        assert answer.returncode == 1
        assert "make up" in answer.stdout


@pytest.mark.skipif("__import__('os').geteuid() != 0", reason="only root's PostgreSQL runs as somebody else")
class TestFolderClosedToPostgres:
    def test_sends_the_database_elsewhere_for_good(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        data = postgres.data_folder(tmp_path / "var")
        try:
            port = free_port()
            postgres.prepare(data, port=port, password="closed", durable=False)
            command = tether.command(postgres.command(data), user=postgres.ensure_os_user(), end_with="INT")
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
            wait_until(lambda: postgres.is_answering(port=port), what="PostgreSQL's start")
            server.send_signal(signal.SIGINT)
            server.wait()
            assert str(data).startswith("/var/lib/yizhan/")
            assert postgres.data_folder(tmp_path / "var") == data
        finally:
            shutil.rmtree(data.parent)
