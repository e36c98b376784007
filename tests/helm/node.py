"""Starts the containers of rendered manifests as a node of a cluster would, as processes of this machine."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from django.conf import settings

from foundation.embedded_services.postgres import OWNER, ROLE
from tests.helm.rendering import Tree, containers_of, render, values_of
from tests.servers import NO_TLS, PASSWORD, free_port, wait_until

_IMAGE_VAR = "/var/lib/yizhan"
# where a pod listens
_PORT = "8000"
_BINARIES = Path(sys.executable).parent


def _database(role: str) -> str:
    port, name = os.environ["YIZHAN_TEST_PG_PORT"], settings.DATABASES["default"]["NAME"]
    return f"postgresql://{role}:{PASSWORD}@127.0.0.1:{port}/{name}"


def secrets() -> dict[str, dict[str, str]]:
    """Name of a Secret → its keys."""
    store = {name: os.environ[name] for name in ("S3_ACCESS_KEY", "S3_SECRET_KEY")}
    ours = ("SECRET_KEY", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY", "BROKER_URL")
    return {
        "yizhan": {name: os.environ[name] for name in ours} | store | {"DATABASE_URL": _database(ROLE)},
        "yizhan-owner": {"DATABASE_OWNER_URL": _database(OWNER), "S3_FILER_KEY": os.environ["S3_FILER_KEY"]} | store,
    }


@dataclass
class Node:
    """Starts containers as a node of a cluster would. Of the manifest three things are changed: where the image's
    folders lie, and at which address and port of this machine the pod listens."""

    pods: dict[str, Tree]
    secrets: dict[str, dict[str, str]]
    var: Path
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def container(self, component: str, name: str) -> Tree:
        [found] = [one for one in containers_of(self.pods[component]) if one["name"] == name]
        return found

    def variables(self, container: Tree) -> dict[str, str]:
        found = {"PATH": f"{_BINARIES}:/usr/bin:/bin", "HOME": str(self.var), "LANG": "C.UTF-8", "YIZHAN_IMAGE": "1"}
        for one in container.get("env", []):
            if "value" in one:
                found[one["name"]] = one["value"].replace(_IMAGE_VAR, str(self.var))
                continue
            wanted = one["valueFrom"]["secretKeyRef"]
            if value := self.secrets.get(wanted["name"], {}).get(wanted["key"]):
                found[one["name"]] = value
            else:
                assert wanted.get("optional"), f"CreateContainerConfigError: {wanted}"
        assert found.get("YIZHAN_WEB_PORT", _PORT) == _PORT
        here = {"YIZHAN_WEB_HOST": "127.0.0.1", "YIZHAN_WEB_PORT": str(self.port)}
        return found | {name: value for name, value in here.items() if name in found}

    def start(self, component: str, name: str) -> subprocess.Popen[bytes]:
        container = self.container(component, name)
        with (self.var / f"{component}-{name}.out").open("wb") as out:
            process = subprocess.Popen(
                self.command(container),
                env=self.variables(container),
                cwd=self.var,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)
        return process

    def command(self, container: Tree) -> list[str]:
        first, *rest = container["command"]
        return [str(_BINARIES / first), *(word.replace(_IMAGE_VAR, str(self.var)) for word in rest)]

    def run(self, component: str, name: str) -> tuple[int, str]:
        """Exit code, and what it said."""
        code = self.start(component, name).wait(timeout=180)
        return code, self.said(component, name)

    def execute(self, component: str, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """As ``kubectl exec`` does: another command in a container, with its variables and mounts."""
        container = self.container(component, name)
        return subprocess.run(
            self.command(container | {"command": [*words]}),
            env=self.variables(container),
            cwd=self.var,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, component: str, name: str) -> str:
        return (self.var / f"{component}-{name}.out").read_text(encoding="utf-8")

    def passes(self, component: str, name: str, probe: str) -> bool:
        """Asks as this probe of the container says."""
        container = self.container(component, name)
        asked = container[probe]
        seconds = asked.get("timeoutSeconds", 1)
        if "tcpSocket" in asked:
            with suppress(OSError):
                address = ("127.0.0.1", self._port(container, asked["tcpSocket"]["port"]))
                socket.create_connection(address, timeout=seconds).close()
                return True
            return False
        path, port = asked["httpGet"]["path"], self._port(container, asked["httpGet"]["port"])
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=seconds, verify=NO_TLS).is_success
        return False

    def _port(self, container: Tree, port: int | str) -> int:
        """Where this machine has the pod's port; a container may give it a name."""
        named = {one["name"]: one["containerPort"] for one in container.get("ports", [])}
        assert str(named.get(port, port)) == _PORT, f"nobody listens at {port}"
        return self.port

    def wait_for_readiness(self, component: str, name: str, *, seconds: float) -> None:
        """Raises TimeoutError with all that the pod's containers said."""
        try:
            wait_until(
                lambda: self.passes(component, name, "readinessProbe"),
                what=f"readiness of {component}",
                seconds=seconds,
            )
        except TimeoutError as error:
            for path in sorted(self.var.glob(f"{component}-*.out")):
                error.add_note(f"{path.name}: {path.read_text(encoding='utf-8')[-3000:]}")
            raise

    def end(self, process: subprocess.Popen[bytes], component: str) -> int:
        """As a node ends it: politely, and within the time that the pod has."""
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=min(60, self.pods[component]["terminationGracePeriodSeconds"]))

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()


def pods_here() -> dict[str, Tree]:
    """Those of the smallest size, told of the tests' servers."""
    own: Tree = {
        "settings": {
            "BASE_DOMAIN": "yizhan.localhost",
            "S3_ENDPOINT": os.environ["S3_ENDPOINT"],
            "S3_FILER_ENDPOINT": os.environ["S3_FILER_ENDPOINT"],
            "PROXY_ADDRESSES": "127.0.0.1",
            "MONITOR_ADDRESSES": "127.0.0.1",
            # all that they can say
            "LOG_LEVEL": "INFO",
        }
    }
    [rendered] = render(values_of("small", own))
    assert rendered.error == ""
    return rendered.pods()


def make_node(var: Path) -> Node:
    return Node(pods_here(), secrets(), var, free_port())
