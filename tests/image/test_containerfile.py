"""The Containerfile, line by line, against what it speaks of. ``test_image.py`` carries it out."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.machine.parts import _SOURCES
from tests.helm.rendering import containers_of, sizes
from tests.image.archive import MOMENT
from tests.image.tree import Instruction, base_of, instructions
from tests.servers import ROOT

TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")
LINES = instructions(TEXT)
KNOWN = {"ARG", "FROM", "RUN", "COPY", "ENV", "WORKDIR", "USER", "LABEL", "CMD"}


def _last_stage() -> list[Instruction]:
    begins = [place for place, one in enumerate(LINES) if one.word == "FROM"]
    return LINES[begins[-1] :]


def _apt_sources(line: str, folder: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shell = line.replace("/etc/apt", str(folder))
    return subprocess.run(["/bin/sh", "-c", shell], env=given, capture_output=True, text=True, check=False)


def _uv() -> str:
    """As the Makefile finds it."""
    return shutil.which("uv") or str(ROOT / "var" / "uv" / "bin" / "uv")


def _lock() -> dict[str, Any]:
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


class TestContainerfile:
    def test_has_no_line_that_would_not_be_carried_out(self) -> None:
        assert {one.word for one in LINES} == KNOWN

    def test_is_built_on_no_base_without_its_digest(self) -> None:
        """One place for all stages; a base of its own in a stage would be pinned by nobody."""
        digest = f"sha256:{'0' * 64}"
        assert base_of(TEXT, DIGEST=digest)["digest"] == digest
        assert (
            base_of(TEXT, DEBIAN="registry.example.gov.cn:5000/debian:trixie-slim", DIGEST=digest)["tag"]
            == "trixie-slim"
        )
        without: list[dict[str, str]] = [{}, {"DIGEST": ""}, {"DIGEST": "latest"}, {"DIGEST": digest[:-1]}]
        # one in the name stands in for none
        without.append({"DEBIAN": f"docker.io/library/debian@{digest}"})
        for given in without:
            with pytest.raises(ValueError, match="invalid reference"):
                base_of(TEXT, **given)
        stages = [one.rest.split(" AS ") for one in LINES if one.word == "FROM"]
        made = {name for _, *names in stages for name in names}
        assert {source for source, *_ in stages} - made == {"${DEBIAN}@${DIGEST}"}

    def test_takes_debian_s_packages_of_one_moment_alone(self, tmp_path: Path) -> None:
        """The line that says where they come from, carried out for another folder; nothing is installed before it."""
        runs = [one.rest for one in LINES if one.word == "RUN"]
        [place] = [place for place, line in enumerate(runs) if "sources.list" in line]
        assert not any("apt-get" in line for line in runs[: place + 1])
        (tmp_path / "sources.list.d").mkdir()
        (tmp_path / "sources.list.d" / "debian.sources").touch()
        given = {one.rest.partition("=")[0]: one.rest.partition("=")[2] for one in LINES if one.word == "ARG"}
        # no moment is written here; what an image is made of is written down where it is deployed
        assert given["SNAPSHOT"] == ""
        for moment in ("", "latest", "20261201", "20261201T000000Z/../20261202T000000Z"):
            done = _apt_sources(runs[place], tmp_path, given | {"SNAPSHOT": moment})
            assert done.returncode == 1
            assert "SNAPSHOT" in done.stderr
            assert not (tmp_path / "sources.list").exists()
        assert _apt_sources(runs[place], tmp_path, given | {"SNAPSHOT": MOMENT}).returncode == 0
        assert list((tmp_path / "sources.list.d").iterdir()) == []
        lines = (tmp_path / "sources.list").read_text().splitlines()
        signed = "[check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        address = "http://snapshot.debian.org/archive"
        assert lines == [
            f"deb {signed} {address}/debian/{MOMENT} trixie main",
            f"deb {signed} {address}/debian/{MOMENT} trixie-updates main",
            f"deb {signed} {address}/debian-security/{MOMENT} trixie-security main",
        ]

    def test_goes_on_with_no_list_that_did_not_come(self) -> None:
        """Apt would take what it has, so that an image lacks what was mended, and nobody knows."""
        updates = [part for one in LINES for part in one.rest.split(" && ") if "apt-get update" in part]
        assert [part.split() for part in updates] == [["apt-get", "update", "--error-on=any"]] * 2

    def test_copies_what_is_there(self) -> None:
        sources = [
            word for one in LINES if one.word == "COPY" and "--from" not in one.rest for word in one.rest.split()[:-1]
        ]
        assert [one for one in sources if not (ROOT / one).exists()] == []
        assert set(_SOURCES) <= set(sources)
        # what a machine keeps for itself
        assert not {"var", ".venv", "tests", "."} & set(sources)

    def test_installs_by_the_lock_and_its_hashes_alone(self) -> None:
        [sync] = [one.rest for one in LINES if "uv sync" in one.rest]
        assert {"--frozen", "--no-dev", "--no-install-project"} <= set(sync.split())
        [pip] = [one.rest for one in LINES if "pip install" in one.rest]
        assert {"--require-hashes", "--only-binary"} <= set(pip.split())
        for package in _lock()["package"]:
            files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
            assert all(one["hash"].startswith("sha256:") for one in files), package["name"]
            assert files or package["name"] == "yizhan"

    def test_compiles_without_the_time_of_the_build(self) -> None:
        """Python names the time of a source in what it compiles, if nobody objects: no two builds would be alike."""
        compiles = [one.rest for one in LINES if "compileall" in one.rest or "--compile-bytecode" in one.rest]
        said = ("PYC_INVALIDATION_MODE=UNCHECKED_HASH", "--invalidation-mode unchecked-hash")
        assert [sum(one in line for one in said) for line in compiles] == [1, 1]

    def test_builds_nothing_but_what_has_no_wheel(self) -> None:
        bare = {one["name"] for one in _lock()["package"] if not one.get("wheels")} - {"yizhan"}
        assert bare == {"http-ece"}

    def test_installs_with_the_uv_of_the_makefile(self) -> None:
        own = re.findall(r"uv==([\d.]+)", (ROOT / "container" / "uv.txt").read_text())
        assert own == re.findall(r"uv==([\d.]+)", (ROOT / "Makefile").read_text())

    def test_has_the_python_of_the_project(self) -> None:
        asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
        versions = set(re.findall(r"python(3\.\d+)", TEXT))
        assert [asked.startswith(f">={one}") for one in versions] == [True]

    def test_ends_as_the_user_of_the_pods(self) -> None:
        [user] = [one.rest for one in _last_stage() if one.word == "USER"]
        for pod in sizes()["small"].pods().values():
            own = pod["securityContext"]
            assert f"{own['runAsUser']}:{own['runAsGroup']}" == user

    def test_has_a_folder_for_every_mount(self) -> None:
        made = set(
            re.findall(r"/var/lib/yizhan/\w+", " ".join(one.rest for one in _last_stage() if "mkdir" in one.rest))
        )
        mounted = {
            mount["mountPath"]
            for pod in sizes()["small"].pods().values()
            for one in containers_of(pod)
            for mount in one["volumeMounts"]
        }
        assert made == mounted - {"/tmp"}  # noqa: S108 - of the image
        [variables] = [one.rest for one in _last_stage() if one.word == "ENV"]
        assert "YIZHAN_VAR=/var/lib/yizhan" in variables

    def test_brings_no_secret(self) -> None:
        """The one value that building needs is none."""
        assert re.findall(r"(?:KEY|PASSWORD|TOKEN|SECRET)\w*=(\S+)", TEXT) == ["build"]

    def test_installs_no_more_of_debian_than_it_names(self) -> None:
        installs = [one.rest for one in LINES if "apt-get install" in one.rest]
        assert all("--no-install-recommends" in one for one in installs)


class TestPapers:
    @pytest.fixture
    def papers(self, tmp_path: Path) -> dict[str, Any]:
        """Of the packages that are installed here."""
        exported = subprocess.run(
            [
                *(_uv(), "export", "--frozen", "--no-dev", "--no-emit-project", "-q"),
                *("--preview-features", "sbom-export", "--format", "cyclonedx1.5"),
            ],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        if exported.returncode:
            pytest.skip(f"UV CANNOT BE STARTED HERE, the bill of materials is not checked: {exported.stderr.decode()}")
        (tmp_path / "uv.json").write_bytes(exported.stdout)
        script = ROOT / "container" / "papers.py"
        subprocess.run([sys.executable, str(script), str(tmp_path / "uv.json"), str(tmp_path / "papers")], check=True)
        bill: dict[str, Any] = json.loads((tmp_path / "papers" / "sbom.cdx.json").read_text(encoding="utf-8"))
        return bill

    def test_name_every_package_and_do_not_change_with_the_day(self, papers: dict[str, Any]) -> None:
        assert papers["bomFormat"] == "CycloneDX"
        locked = {one["name"]: one["version"] for one in _lock()["package"]}
        assert len(papers["components"]) > 60
        for one in papers["components"]:
            assert locked[one["name"]] == one["version"]
            assert one["licenses"][0]["license"]["name"]
            assert one["purl"]
        assert "serialNumber" not in papers
        assert "timestamp" not in papers["metadata"]
