"""The chart, rendered and linted by Helm's own engine, in a process of its own: that is a program in Go.

``python -m tests.helm.rendering`` reads ``[{"chart", "values"}, …]`` and answers with what became of each.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.servers import ROOT

CHARTS = ROOT / "helm"
CHART = CHARTS / "yizhan"
SIZES = ("small", "middle", "large")
RELEASE = "yz"
NAMESPACE = "yizhan"

type Tree = dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    """What Helm made of the values: the documents, or why it refused; and what its linter says."""

    documents: list[Tree] = field(default_factory=list)
    error: str = ""
    lint: list[str] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[Tree]:
        return [one for one in self.documents if one["kind"] in kinds]

    def one(self, kind: str, name: str) -> Tree:
        [found] = [one for one in self.of_kind(kind) if one["metadata"]["name"] == name]
        return found

    def workloads(self) -> dict[str, Tree]:
        """Component → the Deployment or Job that makes its pods."""
        return {
            one["metadata"]["labels"]["app.kubernetes.io/component"]: one for one in self.of_kind("Deployment", "Job")
        }

    def pods(self) -> dict[str, Tree]:
        """Component → spec of its pods."""
        return {name: one["spec"]["template"]["spec"] for name, one in self.workloads().items()}


def containers_of(pod: Tree) -> list[Tree]:
    """All of them, those that are started before others, too."""
    return [*pod.get("initContainers", []), *pod["containers"]]


def values_of(size: str, extra: Mapping[str, Any] | None = None) -> Tree:
    """A size, the example of a province's own values, and what a test adds."""
    found: Tree = {}
    for name in (f"values-{size}.yaml", "province.example.yaml"):
        found = _merged(found, yaml.safe_load((CHART / name).read_text(encoding="utf-8")) or {})
    return _merged(found, extra or {})


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Tree:
    found = deepcopy(dict(below))
    for key, value in above.items():
        is_both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = _merged(found[key], value) if is_both else deepcopy(value)
    return found


def render(*asked: Tree, chart: Path = CHART) -> list[Rendered]:
    """All of them by one process: to load the engine takes a second."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.helm.rendering"],
        input=json.dumps([{"chart": str(chart), "values": one} for one in asked]),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
    )
    return [Rendered(**one) for one in json.loads(done.stdout)]


EVERYTHING: Tree = {
    "hallDomains": ["www.dangyang.gov.cn", "dy.example.cn"],
    "monitoring": {"serviceMonitor": True, "rules": True, "dashboard": True},
    "settings": {
        "YIZHAN_UPLOAD_LIMIT": 52_428_800,
        "ELASTICSEARCH_URL": "https://search.example.cn:9200",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.monitoring:4318",
    },
    "networkPolicy": {
        "to": {
            "search": {"peers": [{"ipBlock": {"cidr": "10.72.0.0/24"}}]},
            "pool": {"peers": [{"ipBlock": {"cidr": "10.73.0.0/24"}}]},
            "collector": {
                "peers": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
            },
            "reports": {"peers": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]},
        }
    },
}


@cache
def sizes() -> dict[str, Rendered]:
    """Each size with all that can be switched on."""
    return dict(zip(SIZES, render(*(values_of(size, EVERYTHING) for size in SIZES)), strict=True))


def documents_of(texts: Sequence[str]) -> Iterator[Tree]:
    for text in texts:
        yield from (one for one in yaml.safe_load_all(text) if one)


def _answer() -> None:
    import helm_python as helm

    answers = []
    for one in json.load(sys.stdin):
        chart = helm.Chart.load(one["chart"])
        try:
            chart.validate_schema(one["values"])
            found = chart.render(one["values"], name=RELEASE, namespace=NAMESPACE)
        except helm.HelmError as error:
            answers.append({"error": str(error)})
            continue
        report = helm.lint(one["chart"], one["values"], strict=True)
        findings = [f"{said['path']}: {said['error']}" for said in report["messages"] if said["severity"] > 1]
        manifests = [text for path, text in found.items() if path.endswith(".yaml")]
        answers.append({"documents": list(documents_of(manifests)), "lint": [*findings, *report["errors"]]})
    json.dump(answers, sys.stdout, default=str)


if __name__ == "__main__":
    _answer()
