"""Whatever is done for a hall is done with its own key of the store, which is changed while people work."""

from io import BytesIO

import httpx
import pytest
from django.conf import settings
from django.test.utils import override_settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from config.doctor import services
from config.doctor.findings import DoctorFault
from foundation import schemas
from foundation.errors import NotAllowed, NotFound, Unavailable
from foundation.events.models import DueTime
from foundation.files import credentials
from foundation.files.clients import knows_key
from foundation.files.keys import FolderKey, folder_key, forget_keys
from foundation.files.models import FolderKeyChange
from foundation.files.store import StoredFacts, copy_file, files_in, link_to, read_file, store_file
from province.catalogue.operations import imports, materials
from province.content.operations.assets import desk_folder
from province.document_templates.operations import templates
from province.halls.models import Hall, HallKind
from provisioning.store_keys import FORMER_LASTS, open_store, open_store_for, retire_former_key, rotate_store_key
from tests.conftest import person
from tests.factories.registry import register_halls
from tests.servers import NO_TLS, wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def put(folder: str, text: str = "村务公开") -> StoredFacts:
    return store_file(folder=folder, name="a.txt", content=BytesIO(text.encode()))


def known(hall: Hall) -> list[int]:
    """Which of the hall's first four keys the store takes."""
    return [one for one in range(1, 5) if knows_key(hall.folder, folder_key(hall.folder, one))]


def settled(hall: Hall) -> tuple[int, int | None, int | None]:
    change = FolderKeyChange.objects.get(owner_id=hall.pk)
    return change.generation, change.coming, change.former


class TestCallInAHall:
    """Which key it is signed with, the store itself tells: each of these would go well with the province's."""

    @pytest.fixture(autouse=True)
    def _files(self, north: Hall, south: Hall) -> None:
        self.own, self.other, self.desk = put(north.folder).key, put(south.folder).key, put("desks/42").key

    def test_works_in_its_own_folder(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            assert put(north.folder).key == self.own
            assert read_file(self.own) == "村务公开".encode()
            assert self.own in [file.key for file in files_in(north.folder)]
            assert httpx.get(link_to(self.own), verify=NO_TLS).status_code == 200

    def test_is_refused_by_the_store_in_another_halls(self, north: Hall, south: Hall) -> None:
        with schemas.enter(north.schema_name):
            with pytest.raises(NotFound):
                read_file(self.other)
            with pytest.raises(NotFound):
                put(south.folder, "别厅")
            with pytest.raises(NotFound):
                list(files_in(south.folder))
            assert httpx.get(link_to(self.other), verify=NO_TLS).status_code == 403

    def test_reads_what_is_the_provinces_and_cannot_write_there(self, north: Hall) -> None:
        with schemas.enter(north.schema_name):
            assert read_file(self.desk) == "村务公开".encode()
            assert httpx.get(link_to(self.desk), verify=NO_TLS).status_code == 200
            with pytest.raises(NotFound):
                put("desks/42", "本厅写的")

    def test_takes_what_another_hall_offers_by_the_key_that_only_reads(self, north: Hall, south: Hall) -> None:
        with schemas.enter(north.schema_name):
            assert httpx.get(link_to(self.other, is_offered=True), verify=NO_TLS).status_code == 200
            taken = copy_file(self.other, f"{north.folder}/taken")
            assert read_file(taken) == "村务公开".encode()
            with pytest.raises(NotFound):
                copy_file(self.own, f"{south.folder}/planted")

    def test_is_refused_where_no_hall_has_the_schema(self, north: Hall) -> None:
        with schemas.enter("hall_999999"), pytest.raises(Unavailable):
            read_file(self.own)

    def test_is_signed_with_the_one_key_that_a_store_of_others_knows(self, north: Hall) -> None:
        with override_settings(S3_FILER_ENDPOINT=""), schemas.enter(north.schema_name):
            assert read_file(self.other) == "村务公开".encode()


class TestProvince:
    def test_works_with_a_halls_key_in_its_folder(self, north: Hall) -> None:
        with override_settings(S3_ACCESS_KEY="NOBODY"):
            key = put(north.folder).key
            assert read_file(key) == "村务公开".encode()
            assert httpx.get(link_to(key), verify=NO_TLS).status_code == 200

    def test_names_every_folder_that_its_own_key_opens(self) -> None:
        folders = {desk_folder("42").partition("/")[0], materials.FOLDER, imports.FOLDER, templates.FOLDER}
        assert folders == set(settings.STORE_FOLDERS)


def a_hall() -> Hall:
    """One that no other test has: the cast's keys are the same in every database, and in the one store beside them."""
    (hall,) = register_halls([("420599", HallKind.COUNTY)])
    open_store([hall])
    return hall


class TestRotateStoreKey:
    @pytest.fixture
    def north(self) -> Hall:
        return a_hall()

    def test_leaves_both_good_for_some_minutes_and_then_the_new_one(
        self, north: Hall, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        key = put(north.folder).key
        with schemas.enter(north.schema_name):
            link = link_to(key)
        with django_capture_on_commit_callbacks(execute=True):
            change = rotate_store_key(by=person("zhao"), hall=north)
        assert (settled(north), known(north)) == ((2, None, 1), [1, 2])
        with schemas.enter(north.schema_name):
            assert folder_key(north.folder, 2).access_key in link_to(key)
            assert read_file(key) == "村务公开".encode()
        assert httpx.get(link, verify=NO_TLS).status_code == 200
        retire_former_key(north.pk)
        assert known(north) == [1, 2], "before its time"
        due = DueTime.objects.get(kind="provisioning.store_key_over", subject_id=north.pk)
        assert change.changed_at is not None
        assert due.due_at == change.changed_at + FORMER_LASTS
        FolderKeyChange.objects.update(changed_at=timezone.now() - FORMER_LASTS)
        retire_former_key(north.pk)
        retire_former_key(north.pk)
        assert settled(north) == (2, None, None)
        # the gateway hears of it from the filer, a moment later
        wait_until(lambda: known(north) == [2], what="the end of the former key", seconds=10)
        assert httpx.get(link, verify=NO_TLS).status_code == 403

    @pytest.mark.parametrize("step", ["open_folders", "await_key", "_use_coming_key"])
    def test_is_carried_on_where_it_was_killed(self, north: Hall, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        key = put(north.folder).key

        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(f"provisioning.store_keys.{step}", die)
            with pytest.raises(KeyboardInterrupt):
                rotate_store_key(by=person("zhao"), hall=north)
        forget_keys()
        assert settled(north) == (1, 2, None)
        with schemas.enter(north.schema_name):
            assert read_file(key) == "村务公开".encode(), "the old one works until the new one is in"
        rotate_store_key(by=person("zhao"), hall=north)
        assert (settled(north), known(north)) == ((2, None, 1), [1, 2])

    def test_changes_nothing_where_the_store_does_not_take_it(
        self, north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(credentials, "_PATIENCE", 0.2)
        monkeypatch.setattr(credentials, "_write", lambda *_: None)
        with pytest.raises(Unavailable, match="一直不认识"):
            rotate_store_key(by=person("zhao"), hall=north)
        assert (settled(north), known(north)) == ((1, 2, None), [1])

    def test_is_the_provinces(self, north: Hall) -> None:
        with pytest.raises(NotAllowed):
            rotate_store_key(by=person("sun"), hall=north)


class TestKeyThatTheStoreDoesNotKnow:
    @pytest.fixture
    def south(self) -> Hall:
        return a_hall()

    @pytest.fixture(autouse=True)
    def _lost(self, south: Hall) -> None:
        put(south.folder)
        # as if its identities had been written anew without this key
        credentials._tell(credentials._name(south.folder), [FolderKey("LOST", "lost")], [])  # noqa: SLF001
        wait_until(lambda: not known(south), what="the store's oblivion")

    def test_is_told_to_who_needs_it_and_named_by_the_doctor_until_it_is_mended(self, south: Hall) -> None:
        with schemas.enter(south.schema_name), pytest.raises(Unavailable, match="yizhan doctor"):
            put(south.folder, "新的")
        fault = services.halls_have_their_keys()
        assert isinstance(fault, DoctorFault)
        assert south.name in fault.fault
        assert "halls keys tell" in fault.cure
        assert open_store_for(by=person("zhao")) == Hall.objects.count()
        assert services.halls_have_their_keys() is None
        with schemas.enter(south.schema_name):
            assert put(south.folder, "新的").size
