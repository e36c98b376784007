"""One hall's key of the object store opens nothing of another's, and nothing beside."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test.utils import override_settings
from minio import Minio
from minio.error import S3Error

from foundation.errors import Unavailable
from foundation.files.clients import client_of_store
from foundation.files.credentials import await_key, open_folders
from foundation.files.keys import folder_key
from province.halls.models import Hall
from provisioning.create import provision_halls
from provisioning.models import RolloutStep
from provisioning.states import StepState
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages
from tests.servers import wait_until

DENIED = "AccessDenied"


def client_of(folder: str) -> Minio:
    key = folder_key(folder)
    return Minio(
        urlsplit(settings.S3_ENDPOINT).netloc,
        access_key=key.access_key,
        secret_key=key.secret_key,
        secure=False,
        region=settings.S3_REGION,
    )


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except S3Error as error:
        return str(error.code)
    return "done"


def attempts(client: Minio, key: str) -> set[str]:
    """What comes of writing, reading, copying away and removing one key."""
    bucket = settings.S3_BUCKET
    return {
        outcome(lambda: client.put_object(bucket, key, BytesIO(b"x"), 1)),
        outcome(lambda: client.get_object(bucket, key).close()),
        outcome(lambda: client.stat_object(bucket, key) and None),
        outcome(lambda: client.remove_object(bucket, key)),
    }


@pytest.mark.usefixtures("store")
class TestFolderKey:
    @pytest.fixture(autouse=True)
    def _two_folders(self) -> None:
        for folder in ("halls/a", "halls/b", "halls/ab", "desks/42"):
            client_of_store().put_object(settings.S3_BUCKET, f"{folder}/file.txt", BytesIO(b"text"), 4)
        open_folders(["halls/a", "halls/b"])
        await_key("halls/a", folder_key("halls/a"))

    def test_opens_its_own_folder(self) -> None:
        client = client_of("halls/a")
        assert attempts(client, "halls/a/通知/附件.txt") == {"done"}
        listed = client.list_objects(settings.S3_BUCKET, prefix="halls/a/", recursive=True)
        assert [one.object_name for one in listed] == ["halls/a/file.txt"]

    @pytest.mark.parametrize(
        "key", ["halls/b/file.txt", "halls/ab/file.txt", "desks/42/file.txt", "halls/file.txt", "file.txt"]
    )
    def test_opens_nothing_else(self, key: str) -> None:
        # S3 answers a forbidden HEAD without a body, which the client calls by its status
        assert attempts(client_of("halls/a"), key) <= {DENIED, "Forbidden"}

    @pytest.mark.parametrize("prefix", ["", "halls/", "halls/b/", "halls/a", "desks/"])
    def test_lists_nothing_else(self, prefix: str) -> None:
        client = client_of("halls/a")
        assert outcome(lambda: list(client.list_objects(settings.S3_BUCKET, prefix=prefix, recursive=True))) == DENIED

    def test_is_the_same_whenever_it_is_asked_for(self) -> None:
        assert folder_key("halls/a") == folder_key("halls/a")
        assert folder_key("halls/a") != folder_key("halls/b")


@pytest.mark.django_db
class TestProvisionedHall:
    def test_has_a_key_that_opens_its_folder(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        one, other = Hall.objects.filter(division__code__startswith="4205820012").order_by("number")
        client = client_of(one.folder)
        key = f"{one.folder}/a"
        wait_until(
            lambda: outcome(lambda: client.put_object(settings.S3_BUCKET, key, BytesIO(b"x"), 1)) == "done",
            what="the store's knowledge of the key",
            seconds=10,
        )
        assert attempts(client, f"{other.folder}/a") <= {DENIED, "Forbidden"}

    def test_is_not_made_while_the_store_is_away_and_made_when_it_is_back(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        with override_settings(S3_FILER_ENDPOINT="http://127.0.0.1:9"), pytest.raises(Unavailable):
            provision_halls(by=person("zhao"), under="420582001", workers=1)
        assert not Hall.objects.filter(division__code__startswith="420582001").exists()
        assert set(RolloutStep.objects.values_list("state", flat=True)) == {StepState.WAITING}
        provision_halls(by=person("zhao"), under="420582001", workers=1)
        assert Hall.objects.filter(division__code__startswith="420582001").count() == 3
