"""A process of this machine that has no key gets nothing from the embedded store's inner doors: HTTP and gRPC."""

import json
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from minio import Minio

from foundation.embedded_services import seaweed
from foundation.files.credentials import await_key, open_folders
from foundation.files.keys import folder_key
from foundation.files.store import FileInStore, put_as_owner
from tests.servers import scratch

EVIL = json.dumps(
    {
        "name": "evil",
        "credentials": [{"access_key": "EVIL", "secret_key": "evil", "status": "Active"}],
        "actions": ["Admin"],
    }
).encode()


COMMANDS = (
    "s3.configure",
    "s3.configure -user=evil -access_key=EVIL -secret_key=evil -actions=Admin -apply",
    "fs.ls /etc/iam/identities",
    "fs.cat /etc/iam/identities/halls-victim.json",
    "volume.list",
)
SECRETS = ("halls-victim", "EVIL", "DataNode")


def _at(step: int) -> str:
    """An inner door: the master's, the volume's or the filer's."""
    parts = urlsplit(settings.S3_ENDPOINT)
    return f"http://{parts.hostname}:{(parts.port or 0) + step}"


@pytest.fixture(autouse=True)
def _filled(store: None) -> None:
    open_folders(["halls/victim"])
    await_key("halls/victim", folder_key("halls/victim"))
    put_as_owner(FileInStore("halls/victim/a.txt", "text/plain", "内部文件".encode()))


class TestFilerOverHttp:
    @pytest.mark.parametrize(
        "path", ["/", "/etc/iam/identities/", "/etc/iam/identities/halls-victim.json", "/buckets/"]
    )
    def test_shows_nothing(self, path: str) -> None:
        answer = httpx.get(f"{_at(3)}{path}", headers={"Accept": "application/json"})
        assert (answer.status_code, "halls-victim" in answer.text) == (401, False)

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_takes_no_administrator(self, method: str) -> None:
        path = "/etc/iam/identities/evil.json?saveInside=true"
        answer = httpx.request(method, f"{_at(3)}{path}", files={"file": ("evil.json", EVIL, "application/json")})
        assert answer.status_code == 401
        evil = Minio(urlsplit(settings.S3_ENDPOINT).netloc, "EVIL", "evil", secure=False, region=settings.S3_REGION)
        with pytest.raises(Exception, match=r"InvalidAccessKeyId|AccessDenied|does not exist"):
            evil.list_buckets()

    def test_deletes_nothing(self) -> None:
        assert httpx.delete(f"{_at(3)}/buckets/?recursive=true").status_code == 401


class TestMasterOverHttp:
    @pytest.mark.parametrize(
        "path",
        ["/dir/assign", "/dir/status", "/vol/grow?count=1", "/vol/status", "/col/delete?collection=yizhan", "/submit"],
    )
    def test_does_nothing(self, path: str) -> None:
        assert httpx.get(f"{_at(1)}{path}").status_code == 404


class TestVolumeOverHttp:
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_does_nothing(self, method: str) -> None:
        assert httpx.request(method, f"{_at(2)}/1,01637037d6").status_code == 401


class TestShell:
    """``weed shell`` speaks gRPC to master and filer."""

    def test_gets_no_answer_without_a_certificate(self, tmp_path: Path) -> None:
        """All commands at once: each tries for six seconds."""
        with ThreadPoolExecutor(len(COMMANDS)) as shells:
            answers = zip(COMMANDS, shells.map(lambda command: _shell(command, tmp_path), COMMANDS), strict=True)
        strays = [(command, word) for command, said in answers for word in SECRETS if word in said]
        assert strays == []

    def test_answers_who_has_one(self, tmp_path: Path, with_certificate: Callable[[], dict[str, str]]) -> None:
        """Otherwise the tests above would see nothing of a shell that cannot work at all."""
        assert "halls-victim" in _shell("fs.ls /etc/iam/identities", tmp_path, **with_certificate())


@pytest.fixture
def with_certificate() -> Callable[[], dict[str, str]]:
    return lambda: seaweed.certificates(scratch() / "s3-keys")


def _shell(command: str, folder: Path, **variables: str) -> str:
    """Ended where it still tries after some seconds."""
    master, filer = (f"127.0.0.1:{urlsplit(_at(step)).port}.{urlsplit(_at(step + 10)).port}" for step in (1, 3))
    try:
        done = subprocess.run(
            [seaweed.program(), "shell", f"-master={master}", f"-filer={filer}"],
            input=f"{command}\nexit\n",
            capture_output=True,
            text=True,
            timeout=6,
            check=False,
            cwd=folder,
            env=os.environ | {"HOME": str(folder), **variables},
        )
    except subprocess.TimeoutExpired as waited:
        return f"{waited.stdout!r}"
    return done.stdout + done.stderr
