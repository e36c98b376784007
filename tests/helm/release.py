"""A release of the chart in a namespace of its own, by the commands that the guide gives."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.helm.api_server import BINARIES, Cluster
from tests.helm.rendering import CHART, EVERYTHING, Tree, values_of
from tests.servers import wait_until


def make_namespace(cluster: Cluster, name: str) -> None:
    """One where pods that are not restricted are refused, and whoever asks for such pods is warned."""
    cluster.kubectl("create", "namespace", name)
    modes = [f"pod-security.kubernetes.io/{mode}=restricted" for mode in ("enforce", "warn")]
    cluster.kubectl("label", "namespace", name, *modes)


@dataclass(frozen=True)
class Release:
    cluster: Cluster
    folder: Path
    name: str
    namespace: str

    def helm(self, act: str, *more: str, size: str = "small", code: int | None = 0) -> str:
        """``install`` or ``upgrade`` to this size."""
        values = self.folder / f"{size}.yaml"
        values.write_text(yaml.safe_dump(values_of(size, EVERYTHING)))
        words = (self.name, str(CHART), "-n", self.namespace, "-f", str(values), "--wait", "--timeout", "3m")
        return self.cluster.helm(act, *words, *more, code=code)

    def deployments(self) -> dict[str, Tree]:
        """Component → its Deployment."""
        found = self.cluster.get("get", "deployments", "-n", self.namespace)["items"]
        return {one["metadata"]["labels"]["app.kubernetes.io/component"]: one for one in found}

    def ready(self) -> dict[str, int]:
        """Component → pods that are ready."""
        return {component: one["status"].get("readyReplicas", 0) for component, one in self.deployments().items()}

    @contextmanager
    def watching(self, component: str) -> Iterator[list[int]]:
        """Once left: how many pods of it were ready, at the beginning and whenever the cluster said something new."""
        found: list[int] = []
        said = self.folder / f"{component}.seen"
        words = ("get", "deployment", f"{self.name}-{component}", "-n", self.namespace, "--watch")
        with said.open("wb") as out:
            watcher = subprocess.Popen(
                [
                    *(str(BINARIES / "kubectl"), "--kubeconfig", str(self.cluster.kubeconfig), *words),
                    *("-o", r'jsonpath={.status.readyReplicas}{"\n"}'),
                ],
                stdout=out,
            )
        try:
            wait_until(lambda: said.stat().st_size > 0, what="the watcher's first word")
            yield found
        finally:
            watcher.kill()
            watcher.wait()
        found += [int(line or 0) for line in said.read_text().splitlines()]

    def tags(self) -> set[str]:
        """Of the images that the Deployments want."""
        found = self.deployments().values()
        return {tag_of(one["spec"]["template"]) for one in found}

    def pods(self, component: str) -> list[Tree]:
        found: list[Tree] = self.cluster.get(
            "get", "pods", "-n", self.namespace, "-l", f"app.kubernetes.io/component={component}"
        )["items"]
        return found

    def rollback(self, revision: int, *more: str, code: int | None = 0) -> str:
        words = (self.name, str(revision), "-n", self.namespace, "--wait", "--timeout", "3m")
        return self.cluster.helm("rollback", *words, *more, code=code)

    def wait_for(self, ready: dict[str, int]) -> None:
        wait_until(lambda: self.ready() == ready, what=f"{ready}", seconds=90)


def tag_of(pod: Tree) -> str:
    tag: str = pod["spec"]["containers"][0]["image"].rpartition(":")[2]
    return tag


def is_ready(pod: Tree) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in pod["status"].get("conditions", []))
