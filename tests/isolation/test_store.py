"""Each hall's key of the object store opens its own folder alone; a link is dead as soon as its time is over."""

import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import permutations
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from minio import Minio
from minio.commonconfig import CopySource, Tags
from minio.deleteobjects import DeleteObject
from minio.error import S3Error

from foundation.files.credentials import await_key, open_folders
from foundation.files.keys import folder_key
from foundation.files.store import FileInStore, put_as_owner
from tests.servers import NO_TLS, wait_until

pytestmark = pytest.mark.usefixtures("object_store")

FOLDERS = ("halls/isolation-1", "halls/isolation-2", "halls/isolation-3")
CONTENT = b"text of one hall"
# S3 answers a forbidden HEAD without a body, which the client calls by its status
DENIED = {"AccessDenied", "Forbidden", "S3 operation failed; code: AccessDenied"}


def client_of(folder: str) -> Minio:
    key = folder_key(folder)
    return Minio(
        urlsplit(settings.S3_ENDPOINT).netloc,
        access_key=key.access_key,
        secret_key=key.secret_key,
        secure=False,
        region=settings.S3_REGION,
    )


def copy_away(client: Minio, folder: str, own: str) -> None:
    client.copy_object(settings.S3_BUCKET, f"{own}/taken.txt", CopySource(settings.S3_BUCKET, f"{folder}/file.txt"))


def copy_in(client: Minio, folder: str, own: str) -> None:
    client.copy_object(settings.S3_BUCKET, f"{folder}/planted.txt", CopySource(settings.S3_BUCKET, f"{own}/file.txt"))


def remove_many(client: Minio, folder: str, _: str) -> None:
    for error in client.remove_objects(settings.S3_BUCKET, [DeleteObject(f"{folder}/file.txt")]):
        raise S3Error(None, error.code, error.message, None, None, None)  # type: ignore[arg-type]


def label(client: Minio, folder: str, _: str) -> None:
    tags = Tags.new_object_tags()
    tags["seen"] = "1"
    client.set_object_tags(settings.S3_BUCKET, f"{folder}/file.txt", tags)


# what a client of the store may do, done to ``folder`` with the key of ``own``
OPERATIONS: dict[str, Callable[[Minio, str, str], object]] = {
    "put": lambda client, folder, _: client.put_object(settings.S3_BUCKET, f"{folder}/new.txt", BytesIO(b"x"), 1),
    "get": lambda client, folder, _: client.get_object(settings.S3_BUCKET, f"{folder}/file.txt").close(),
    "stat": lambda client, folder, _: client.stat_object(settings.S3_BUCKET, f"{folder}/file.txt"),
    "list": lambda client, folder, _: list(client.list_objects(settings.S3_BUCKET, prefix=f"{folder}/")),
    "copy away": copy_away,
    "copy in": copy_in,
    "label": label,
    "remove": lambda client, folder, _: client.remove_object(settings.S3_BUCKET, f"{folder}/file.txt"),
    "remove many": remove_many,
}


def outcome(operation: str, folder: str, own: str) -> str:
    try:
        OPERATIONS[operation](client_of(own), folder, own)
    except S3Error as error:
        return str(error.code)
    return "done"


@pytest.fixture(scope="module", autouse=True)
def _three_folders(object_store: None) -> None:
    open_folders(FOLDERS)
    for folder in FOLDERS:
        await_key(folder, folder_key(folder))
        put_as_owner(FileInStore(f"{folder}/file.txt", "text/plain", CONTENT))


class TestKeyOfAHall:
    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_does_nothing_in_another_halls_folder(self, operation: str) -> None:
        assert len(OPERATIONS) >= 8
        for own, other in permutations(FOLDERS, 2):
            assert outcome(operation, other, own) in DENIED, (own, other)
        for folder in FOLDERS:
            answer = client_of(folder).get_object(settings.S3_BUCKET, f"{folder}/file.txt")
            assert answer.data == CONTENT
            answer.close()

    @pytest.mark.parametrize("operation", [one for one in OPERATIONS if "remove" not in one])
    def test_does_it_in_its_own(self, operation: str) -> None:
        assert outcome(operation, FOLDERS[0], FOLDERS[0]) == "done"


class TestLink:
    @pytest.fixture
    def links(self) -> dict[str, str]:
        lasts = timedelta(seconds=2)
        return {
            folder: client_of(folder).presigned_get_object(settings.S3_BUCKET, f"{folder}/file.txt", expires=lasts)
            for folder in FOLDERS
        }

    def test_is_dead_five_seconds_after_its_end(self, links: dict[str, str]) -> None:
        assert {httpx.get(link, verify=NO_TLS).status_code for link in links.values()} == {200}
        ends_at = time.monotonic() + 2
        wait_until(
            lambda: {httpx.get(link, verify=NO_TLS).status_code for link in links.values()} == {403},
            what="the links' end",
            seconds=7,
        )
        assert time.monotonic() <= ends_at + 5

    def test_opens_no_other_halls_file(self, links: dict[str, str]) -> None:
        for own, other in permutations(FOLDERS, 2):
            assert httpx.get(links[own].replace(own, other), verify=NO_TLS).status_code == 403
            signed = client_of(own).presigned_get_object(settings.S3_BUCKET, f"{other}/file.txt")
            assert httpx.get(signed, verify=NO_TLS).status_code == 403
