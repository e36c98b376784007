"""Files that the backup is told of by the WAL, and those that nobody told of: each fault, on a real WAL and store."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings
from django.utils import timezone

from foundation.backups import database
from foundation.backups.copies import StoreCopy
from foundation.backups.folder import BackupFolder, Base
from foundation.backups.moments import WalPosition
from foundation.embedded_services import postgres
from foundation.errors import NotFound, Unavailable
from foundation.files.store import FileInStore, make_bucket, put_as_owner, put_back, put_file, remove_file
from foundation.files.told import PUT
from provisioning.backup_lights import files_state
from provisioning.comparing import Comparing
from provisioning.follow import Follower
from provisioning.models import BackupState
from provisioning.whole import (
    backup_server,
    forget_lost_slot,
    moments_of,
    note_moment,
    prepared_folder,
    wal_received,
)
from tests.servers import PASSWORD, free_port, wait_until

pytestmark = pytest.mark.usefixtures("fresh_database", "object_store")

# of a day whose next backup is due
_BASE = Base("20261101T000000.000000Z", "", "2026-11-01T00:00:00+00:00", "2026-11-01T00:00:01+00:00", "")

# what no file of the store is called
_NO_KEYS = [
    *(b"", b"/", b".", b"..", b"desks//a", b"desks/./a", b"../other/a.txt", b"desks/../a.txt", b"a\0b"),
    *(b"desks/a\nb", b"\xff\xfe", b"desks\\a", b"a" * 1025, b"desks/" + b"a" * 300),
]


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[BackupFolder]:
    """A folder with a backup of the database; the bucket is the test's own."""
    server = {
        "HOST": "127.0.0.1",
        "PORT": settings.DATABASES["default"]["PORT"],
        "USER": postgres.BACKUP,
        "PASSWORD": PASSWORD,
    }
    bucket = f"told-{time.monotonic_ns()}"
    with override_settings(BACKUP_FOLDER=tmp_path / "backup", BACKUP_DATABASE=server, S3_BUCKET=bucket):
        make_bucket()
        one = prepared_folder()
        base = one.base_path(_BASE.id)
        base.mkdir()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")
            (base / "backup_label").write_text(f"START WAL LOCATION: 0/1 (file {cursor.fetchone()[0]})\n")
        one.add_base(_BASE)
        yield one
        database.drop_slot(backup_server())


@pytest.fixture
def folder(prepared: BackupFolder) -> Iterator[BackupFolder]:
    """As ``prepared``, with a first moment, while the WAL comes in."""
    with wal_received(prepared):
        note_moment(prepared)
        yield prepared


def as_superuser(*statements: str) -> None:
    facts = settings.DATABASES["default"]
    session = psycopg2.connect(
        host="127.0.0.1", port=facts["PORT"], user="postgres", password=PASSWORD, dbname="postgres"
    )
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            for one in statements:
                cursor.execute(one)
    finally:
        session.close()


def put(key: str, content: bytes = b"content") -> None:
    put_back(FileInStore(key, "text/plain", content))


def put_past_us(key: str) -> None:
    """As a tool would that does not know our program, or one of ours that was killed before it told."""
    put_as_owner(FileInStore(key, "text/plain", b"past us"))


def copied(folder: BackupFolder) -> set[str]:
    copy = StoreCopy(folder.files)
    assert copy.damaged() == []
    return set(copy.copied())


class TestMoment:
    def test_copies_what_the_wal_tells_of_and_asks_for_nothing_else(self, folder: BackupFolder) -> None:
        put_past_us("past/us.txt")
        put("desks/中文 a.txt")
        put_file(key="desks/made.txt", media_type="text/plain", file=BytesIO(b"made"), size=4)
        _, count = note_moment(folder)
        assert count == 2
        assert copied(folder) == {"desks/中文 a.txt", "desks/made.txt"}
        assert note_moment(folder)[1] == 0

    def test_has_the_store_s_own_mark_of_a_file_that_went_in_parts(self, folder: BackupFolder) -> None:
        put("desks/large.bin", bytes(11 * 1024 * 1024))
        note_moment(folder)
        assert StoreCopy(folder.files).missing() == []

    def test_copies_what_was_put_in_a_transaction_that_failed(self, folder: BackupFolder) -> None:
        with transaction.atomic():
            put("desks/a.txt")
            transaction.set_rollback(True)
        assert note_moment(folder)[1] == 1

    def test_leaves_out_what_was_removed_since_and_keeps_what_was_copied(self, folder: BackupFolder) -> None:
        put("desks/ab/kept.txt")
        note_moment(folder)
        put("desks/ab/gone.txt")
        put("desks/ab/there.txt")
        remove_file("desks/ab/gone.txt")
        remove_file("desks/ab/kept.txt")
        assert note_moment(folder)[1] == 1
        assert copied(folder) == {"desks/ab/kept.txt", "desks/ab/there.txt"}

    def test_takes_up_what_a_pass_left_that_did_not_come_to_its_end(self, folder: BackupFolder) -> None:
        put("desks/a.txt")
        with override_settings(S3_ENDPOINT=f"http://127.0.0.1:{free_port()}"), pytest.raises(Unavailable):
            note_moment(folder)
        put("desks/b.txt")
        assert note_moment(folder)[1] == 2

    def test_is_one_after_the_other_where_two_are_taken_at_once(self, folder: BackupFolder) -> None:
        for number in range(20):
            put(f"desks/{number}.txt")

        def note(_: int) -> int:
            try:
                return note_moment(folder)[1]
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(note, range(2))) == [0, 20]
        assert len(moments_of(folder).times()) == 3

    def test_goes_by_the_wal_though_the_clock_was_set_back(self, folder: BackupFolder) -> None:
        put("desks/a.txt")
        newest = moments_of(folder).newest()
        assert newest
        tomorrow = timezone.now() + timedelta(days=1)
        position = WalPosition(newest.lsn, newest.segment, newest.offset)
        moments_of(folder).add(_BASE, folder.base_path(_BASE.id), tomorrow, position)
        assert note_moment(folder)[1] == 1


def _no_segment(folder: BackupFolder) -> None:
    """The server threw it away before it was fetched; what comes next begins later."""
    newest = moments_of(folder).newest()
    assert newest
    # the receiver names a finished segment once it has the beginning of the next one
    as_superuser("SELECT pg_switch_wal()", "SELECT pg_logical_emit_message(false, 'test', '', true)")
    gone = folder.wal / newest.segment
    wait_until(gone.exists, what="the end of the segment")
    gone.unlink()


def _older_release(folder: BackupFolder) -> None:
    """It noted moments without a position, and told of nothing."""
    newest = moments_of(folder).newest()
    assert newest
    position = WalPosition("", newest.segment, newest.offset)
    moments_of(folder).add(_BASE, folder.base_path(_BASE.id), timezone.now(), position)


class TestHostileMessage:
    def test_keeps_no_file_out_of_the_backup(self, folder: BackupFolder) -> None:
        """Whoever holds the application's password can write into the WAL, too."""
        with connection.cursor() as cursor:
            for key in _NO_KEYS:
                cursor.execute("SELECT pg_logical_emit_message(false, %s, %s::bytea)", [PUT, key])
        put("desks/honest.txt")
        assert note_moment(folder)[1] == 1
        assert copied(folder) == {"desks/honest.txt"}


class TestMissingWal:
    @pytest.mark.parametrize("spoil", [_no_segment, _older_release])
    def test_makes_the_moment_list_the_whole_store(
        self, folder: BackupFolder, spoil: Callable[[BackupFolder], None]
    ) -> None:
        put("desks/a.txt")
        put_past_us("past/us.txt")
        spoil(folder)
        assert note_moment(folder)[1] == 2
        put_past_us("past/us/again.txt")
        assert note_moment(folder)[1] == 0


def compare(folder: BackupFolder, comparing: Comparing, between: Callable[[], None] = lambda: None) -> None:
    """One list, with what happens between it and the moment after it."""
    comparing.go_on(has_listed=comparing.has_listed())
    wait_until(comparing.has_listed, what="the list's end")
    between()
    has_listed = comparing.has_listed()
    note_moment(folder)
    comparing.go_on(has_listed=has_listed)


class TestComparing:
    def test_copies_what_nobody_told_of_and_says_how_much_until_there_is_nothing(self, folder: BackupFolder) -> None:
        comparing = Comparing(folder, every=0, grace=0)
        assert files_state().is_reachable is None
        for number in range(3):
            put_past_us(f"past/{number}.txt")
        put("desks/told.txt")
        compare(folder, comparing)
        assert copied(folder) >= {f"past/{number}.txt" for number in range(3)}
        state = files_state()
        assert state.is_reachable is False
        assert "3 个文件" in state.failure
        compare(folder, comparing)
        assert files_state().is_reachable is True

    def test_does_not_count_what_was_told_while_it_listed(self, folder: BackupFolder) -> None:
        put("desks/told.txt")
        compare(folder, Comparing(folder, every=0, grace=0))
        assert files_state().is_reachable is True

    def test_is_red_where_the_store_could_not_be_listed_or_nobody_has_for_hours(self, folder: BackupFolder) -> None:
        comparing = Comparing(folder, every=0, grace=0)
        with override_settings(S3_BUCKET="no-such-bucket"):
            comparing.go_on(has_listed=False)
            wait_until(comparing.has_listed, what="the list's end")
        note_moment(folder)
        with pytest.raises(NotFound):
            comparing.go_on(has_listed=True)
        assert files_state().is_reachable is False
        compare(folder, comparing)
        assert files_state().is_reachable is True
        BackupState.objects.filter(kind="files").update(done_at=timezone.now() - timedelta(hours=7))
        assert files_state().is_reachable is False


class TestSlot:
    def test_is_given_up_once_the_server_has_thrown_its_wal_away_and_the_store_is_listed(
        self, prepared: BackupFolder
    ) -> None:
        with wal_received(prepared):
            note_moment(prepared)
            forget_lost_slot(prepared)
            assert not prepared.has_gap
        put("desks/told.txt")
        as_superuser("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()")
        try:
            for _ in range(3):
                as_superuser("CREATE TABLE some_row ()", "DROP TABLE some_row", "SELECT pg_switch_wal()")
            wait_until(self._is_lost, what="the end of the slot")
        finally:
            as_superuser("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()")
        forget_lost_slot(prepared)
        assert prepared.has_gap
        with wal_received(prepared):
            assert note_moment(prepared)[1] == 1
            assert note_moment(prepared)[1] == 0

    def _is_lost(self) -> bool:
        as_superuser("CHECKPOINT")
        with connection.cursor() as cursor:
            cursor.execute("SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s", [database.SLOT])
            return bool(cursor.fetchone() == ("lost",))


class TestFollower:
    def test_notes_moments_while_the_database_is_backed_up(self, folder: BackupFolder) -> None:
        """The folder's backup is of another day, and somebody is at the next one."""
        before = moments_of(folder).times()
        with folder.alone("base"):
            Follower(folder, lambda: b"keys").go_on()
        assert len(moments_of(folder).times()) == len(before) + 1

    def test_notes_none_that_no_backup_of_the_database_leads_up_to(self, folder: BackupFolder) -> None:
        folder.note_gap()
        before = moments_of(folder).times()
        with folder.alone("base"):
            Follower(folder, lambda: b"keys").go_on()
        assert moments_of(folder).times() == before
