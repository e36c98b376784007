"""A real Prometheus that asks where the chart's ServiceMonitor says, and evaluates the chart's rules."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.helm.rendering import NAMESPACE, Tree
from tests.servers import NO_TLS, free_port, wait_until

MISSING = "NOT TRIED with a real Prometheus: none is installed here (tests/set-up-prometheus)"


def is_installed() -> bool:
    return bool(shutil.which("prometheus") and shutil.which("promtool"))


def promtool(*words: str) -> str:
    """What it says where all is well. Skips where there is none."""
    if not is_installed():
        pytest.skip(MISSING)
    done = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Prometheus:
    address: str

    def asked(self, path: str, **words: str) -> Any:
        answer = httpx.get(f"{self.address}/api/v1/{path}", params=words, timeout=20, verify=NO_TLS)
        found = answer.json()
        assert found["status"] == "success", f"{words}: {found}"
        return found["data"]


@contextmanager
def prometheus(folder: Path, monitor: Tree, rules: Tree, target: str) -> Iterator[Prometheus]:
    """It asks ``target`` (host:port) for what the ServiceMonitor names, every second, as one of the namespace."""
    [endpoint] = monitor["spec"]["endpoints"]
    port = free_port()
    jobs = {
        "job_name": monitor["metadata"]["name"],
        "metrics_path": endpoint["path"],
        "static_configs": [{"targets": [target], "labels": {"namespace": NAMESPACE}}],
    }
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [jobs],
    }
    folder.mkdir(parents=True)
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules["spec"], allow_unicode=True), encoding="utf-8")
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    command = [
        *("prometheus", "--config.file", str(folder / "prometheus.yaml"), "--storage.tsdb.path", str(folder / "data")),
        *("--web.listen-address", f"127.0.0.1:{port}", "--log.level", "warn"),
    ]
    found = Prometheus(f"http://127.0.0.1:{port}")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: _is_ready(found), what="Prometheus' start", seconds=60)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)


def _is_ready(found: Prometheus) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{found.address}/-/ready", timeout=2, verify=NO_TLS).is_success
    return False
