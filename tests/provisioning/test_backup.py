import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import override_settings

from foundation import schemas
from foundation.embedded_services import postgres
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.operations import drain_events
from foundation.files.store import FileInStore, put_back, read_file
from foundation.sealing.models import DataKey
from province.audit.queries import entries_about
from province.catalogue.models import HallItem
from province.catalogue.operations.adoptions import AdoptionReport, report_adoptions
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall, HallDomain, HallGeneration
from province.opinion.models import QuestionReport
from province.rights.queries import system_actor
from provisioning.archives import signature_of
from provisioning.backup import backup_hall
from provisioning.models import HallSchema
from provisioning.restore import restore_hall
from provisioning.upgrade import upgrade_halls
from provisioning.verify import verify_halls
from tenants.portal.models import Article, Column
from tenants.services.models import Adoption
from tenants.workflow.models import FilledForm
from tests.conftest import person
from tests.factories.catalogue import make_item
from tests.factories.engagement import make_question
from tests.forked import process
from tests.foundation.sealing.test_sealing import VALUES, make_filled
from tests.provisioning.carry_out import AHEAD, TODAY, call_halls, migrate_public
from tests.servers import PASSWORD, ROOT, free_port, make_roles_and_database, scratch, wait_until

pytestmark = pytest.mark.usefixtures("fresh_database", "store")


def fill(hall: Hall) -> FileInStore:
    """Two columns, one below the other, an article whose text is hard to write down, and a file."""
    file = FileInStore(f"{hall.folder}/ab/note.txt", "text/plain", "村务公开\n".encode())
    put_back(file)
    with schemas.enter(hall.schema_name):
        upper = Column.objects.create(code="upper", name="上级栏目")
        column = Column.objects.create(code="lower", name="下级栏目", parent=upper)
        Article.objects.create(
            column=column, title="制表\t反斜杠\\ 换行", body="一\n二\r三\\.四", keywords=["甲,乙", '"']
        )
    return file


def rows_of(schema_name: str) -> dict[str, list[Any]]:
    """Every row of a hall's schema."""
    with schemas.enter(schema_name), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT row_to_json({table})::text FROM {table} ORDER BY 1")  # noqa: S608 - from the catalogue
            found[table] = cursor.fetchall()
    return found


def parts_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, Any] = json.loads(archive.read("manifest.json"))["parts"]
        return parts


@pytest.fixture
def archive(north: Hall, tmp_path: Path) -> Path:
    path = tmp_path / "north.zip"
    fill(north)
    # nothing was sealed here yet; keys are told for the archive alone, each time in another way
    DataKey.objects.filter(owner_id=north.pk).delete()
    backup_hall(by=person("zhao"), hall=north, path=path)
    return path


class TestRestoreHall:
    def test_brings_back_what_was_changed_and_removed(self, north: Hall, archive: Path) -> None:
        before = rows_of(north.schema_name)
        generation = HallGeneration.objects.get(hall=north).generation
        with schemas.enter(north.schema_name):
            Article.objects.all().delete()
            Column.objects.update(name="改了")
        HallDomain.objects.filter(tenant=north).delete()
        Hall.objects.filter(pk=north.pk).update(name="改了", slogan="改了")
        restored = restore_hall(by=person("zhao"), path=archive)
        assert rows_of(north.schema_name) == before
        assert (restored.pk, restored.name, restored.slogan) == (north.pk, north.name, "")
        assert HallDomain.objects.get(tenant=north).domain == "north.yizhan.localhost"
        # every cached page is stale
        assert HallGeneration.objects.get(hall=north).generation > generation
        assert [entry.act for entry in entries_about(north.id)] == ["halls.backup", "halls.restore"]
        assert verify_halls(by=person("zhao")).drifts == ()

    def test_brings_back_what_opens_sealed_values(self, north: Hall, tmp_path: Path) -> None:
        path = tmp_path / "north.zip"
        with schemas.enter(north.schema_name):
            filled = make_filled(north)
        backup_hall(by=person("zhao"), hall=north, path=path)
        with zipfile.ZipFile(path) as archive:
            written = archive.read("data_keys.json")
        assert DataKey.objects.get(owner_id=north.pk).key.plain.encode() not in written
        with schemas.enter(north.schema_name):
            FilledForm.objects.all().delete()
        # as on a server that has never seen this hall
        DataKey.objects.all().delete()
        connection.close()
        restore_hall(by=person("zhao"), path=path)
        with schemas.enter(north.schema_name):
            assert FilledForm.objects.get(pk=filled.pk).values.opened(north.pk) == VALUES

    def test_brings_back_a_schema_and_files_that_are_gone(self, north: Hall, archive: Path) -> None:
        before = rows_of(north.schema_name)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {north.schema_name} CASCADE")
        HallSchema.objects.filter(hall=north).delete()
        restore_hall(by=person("zhao"), path=archive)
        assert rows_of(north.schema_name) == before
        assert read_file(f"{north.folder}/ab/note.txt") == "村务公开\n".encode()

    def test_leaves_other_halls_alone(self, south: Hall, archive: Path) -> None:
        fill(south)
        before = (rows_of(south.schema_name), Hall.objects.filter(pk=south.pk).values().get())
        restore_hall(by=person("zhao"), path=archive)
        assert (rows_of(south.schema_name), Hall.objects.filter(pk=south.pk).values().get()) == before

    def test_brings_back_an_older_programs_hall_and_leaves_it_to_the_next_upgrade(
        self, north: Hall, archive: Path
    ) -> None:
        with override_settings(MIGRATION_MODULES=AHEAD):
            upgrade_halls(by=person("zhao"), workers=1)
            restore_hall(by=person("zhao"), path=archive)
            assert HallSchema.objects.get(hall=north).migrations == TODAY
            upgrade_halls(by=person("zhao"), workers=1)
            assert verify_halls(by=person("zhao")).drifts == ()
        with schemas.enter(north.schema_name):
            assert Article.objects.count() == 1

    def test_refuses_a_newer_programs_hall(self, north: Hall, tmp_path: Path) -> None:
        path = tmp_path / "newer.zip"
        with override_settings(MIGRATION_MODULES=AHEAD):
            upgrade_halls(by=person("zhao"), workers=1)
            backup_hall(by=person("zhao"), hall=north, path=path)
        before = rows_of(north.schema_name)
        with pytest.raises(Conflict):
            restore_hall(by=person("zhao"), path=path)
        assert rows_of(north.schema_name) == before

    @pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
    def test_refuses_a_damaged_archive_before_anything_happens(self, north: Hall, archive: Path, place: float) -> None:
        before = rows_of(north.schema_name)
        content = bytearray(archive.read_bytes())
        at = int(len(content) * place)
        # zeros may stand there already
        content[at : at + 40] = bytes(255 - one for one in content[at : at + 40])
        archive.write_bytes(content)
        with pytest.raises(Invalid):
            restore_hall(by=person("zhao"), path=archive)
        assert rows_of(north.schema_name) == before

    def test_refuses_what_is_no_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "other.zip"
        with zipfile.ZipFile(path, "w") as other:
            other.writestr("readme.txt", "x")
        with pytest.raises(Invalid):
            restore_hall(by=person("zhao"), path=path)
        with pytest.raises(Invalid):
            restore_hall(by=person("zhao"), path=tmp_path / "missing.zip")

    def test_refuses_an_archive_that_names_anothers_files_or_tables(self, south: Hall, archive: Path) -> None:
        for field, value in (
            ("files", {"files/0": [f"{south.folder}/x", "text/plain"]}),
            ("tables", {'a"; DROP SCHEMA public; --': ["id"]}),
        ):
            forged = archive.with_name(f"{field}.zip")
            with zipfile.ZipFile(archive) as old, zipfile.ZipFile(forged, "w") as new:
                for name in old.namelist():
                    content = old.read(name)
                    if name == "manifest.json":
                        content = json.dumps(json.loads(content) | {field: value}).encode()
                        signature = signature_of(content)
                    new.writestr(name, signature if name.startswith("manifest.hmac") else content)
            with pytest.raises(Invalid, match=r"不合规|不属于这个服务厅"):
                restore_hall(by=person("zhao"), path=forged)

    def test_refuses_what_another_hand_wrote(self, north: Hall, archive: Path) -> None:
        """Every checksum is right: whoever writes rows can write those as well."""
        before = rows_of(north.schema_name)
        forged = archive.with_name("forged.zip")
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(forged, "w") as new:
            rows = old.read("tables/portal_column.copy").replace("上级栏目".encode(), "冒名栏目".encode())
            manifest = json.loads(old.read("manifest.json"))
            part = manifest["parts"]["tables/portal_column.copy"]
            part |= {"sha256": hashlib.sha256(rows).hexdigest(), "size": len(rows)}
            contents = {name: old.read(name) for name in old.namelist()}
            contents |= {"tables/portal_column.copy": rows, "manifest.json": json.dumps(manifest).encode()}
            for name, content in contents.items():
                new.writestr(name, content)
        with pytest.raises(Invalid, match="不是这个平台写的"):
            restore_hall(by=person("zhao"), path=forged)
        assert rows_of(north.schema_name) == before

    def test_takes_an_archive_of_another_server_where_its_key_is_known(self, north: Hall, archive: Path) -> None:
        with override_settings(BACKUP_KEY="of another server"):
            with pytest.raises(Invalid, match="BACKUP_KEY"):
                restore_hall(by=person("zhao"), path=archive)
            backup_hall(by=person("zhao"), hall=north, path=archive)
            assert restore_hall(by=person("zhao"), path=archive).pk == north.pk

    def test_keeps_the_prefixes_of_today_and_reports_what_stood_then(self, north: Hall, archive: Path) -> None:
        adopted, since = make_item(1), make_item(2)
        with schemas.enter(north.schema_name):
            Adoption.objects.create(item_id=adopted.pk, version_number=1, draft_number=1)
        asked = make_question(north)
        backup_hall(by=person("zhao"), hall=north, path=archive)
        report = AdoptionReport(since.pk, AdoptionState.PUBLISHED, HallGuideState.DONE, 100, 1)
        report_adoptions(hall_id=north.pk, reports=[report])
        make_question(north)
        Hall.objects.filter(pk=north.pk).update(prefixes=["42", "429999"])
        restore_hall(by=person("zhao"), path=archive)
        drain_events()
        assert Hall.objects.get(pk=north.pk).prefixes == ["42", "429999"]
        assert [one.item_id for one in HallItem.objects.filter(hall_id=north.pk)] == [adopted.pk]
        assert [one.pk for one in QuestionReport.objects.filter(hall_id=north.pk)] == [asked.pk]

    def test_refuses_where_another_hall_has_the_domain(self, north: Hall, south: Hall, archive: Path) -> None:
        HallDomain.objects.filter(tenant=north).delete()
        HallDomain.objects.create(tenant=south, domain="north.yizhan.localhost", is_primary=False)
        with pytest.raises(Conflict, match=r"north\.yizhan\.localhost"):
            restore_hall(by=person("zhao"), path=archive)

    def test_is_refused_to_a_halls_editor(self, north: Hall, archive: Path) -> None:
        with pytest.raises(NotAllowed):
            restore_hall(by=person("sun"), path=archive)
        with pytest.raises(NotAllowed):
            backup_hall(by=person("sun"), hall=north, path=archive)


class TestBackupHall:
    def test_refuses_a_hall_without_schema_and_leaves_no_file(self, north: Hall, tmp_path: Path) -> None:
        HallSchema.objects.filter(hall=north).delete()
        with pytest.raises(NotFound):
            backup_hall(by=person("zhao"), hall=north, path=tmp_path / "x.zip")
        assert list(tmp_path.iterdir()) == []

    def test_keeps_the_older_file_when_it_fails(self, north: Hall, archive: Path) -> None:
        before = archive.read_bytes()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {north.schema_name} CASCADE")
        with pytest.raises(Exception, match=north.schema_name):
            backup_hall(by=system_actor(), hall=north, path=archive)
        assert archive.read_bytes() == before
        assert list(archive.parent.iterdir()) == [archive]


def _call(act: Callable[..., object], *given: Any) -> None:
    """In a process of its own."""
    called = process(act, *given)
    called.start()
    called.join()
    assert called.exitcode == 0


@pytest.fixture
def other_server() -> Iterator[dict[str, str]]:
    """The environment of a second PostgreSQL with an empty registry, and of a bucket of its own."""
    port = free_port()
    data = scratch() / "other-postgres"
    postgres.prepare(data, port=port, password=PASSWORD, durable=False)
    server = subprocess.Popen(
        postgres.command(data), stderr=subprocess.DEVNULL, user=postgres.ensure_os_user(), cwd="/"
    )
    try:
        wait_until(lambda: postgres.is_answering(port=port), what="the other PostgreSQL's start")
        name = f"other_{port}"
        make_roles_and_database(port, database=name)
        environment = os.environ | {
            "DATABASE_URL": f"postgresql://{postgres.ROLE}:{PASSWORD}@127.0.0.1:{port}/{name}",
            "DATABASE_OWNER_URL": f"postgresql://{postgres.OWNER}:{PASSWORD}@127.0.0.1:{port}/{name}",
            "S3_BUCKET": "other",
            "YIZHAN_VAR": str(data.parent),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        _call(migrate_public, port, name)
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=20)


class TestRestoreOnAnotherServer:
    def test_makes_the_same_hall_there(self, archive: Path, other_server: dict[str, str], tmp_path: Path) -> None:
        there = tmp_path / "there.zip"
        done = subprocess.run(
            [str(Path(sys.executable).parent / "yizhan"), "halls", "restore", str(archive), "--json"],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=other_server,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["code"] == "420582000000"
        database = urlsplit(other_server["DATABASE_URL"])
        commands = ("verify",), ("backup", "420582000000", str(there))
        _call(call_halls, database.port, database.path[1:], other_server["S3_BUCKET"], *commands)
        own, others = parts_of(archive), parts_of(there)
        assert own.keys() == others.keys()
        # the registry's generation is counted up by the restore; all else has the same checksums
        assert {name for name in own if own[name] != others[name]} <= {"registry.json"}
