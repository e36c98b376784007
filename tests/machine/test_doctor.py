"""Each kind of fault that `yizhan doctor` knows is really made, and must be named with its cure."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.doctor import database, hints, machine, schemas, services
from config.doctor.findings import DoctorFault
from foundation.embedded_services import postgres
from foundation.events.models import DueTime, Event, EventDelivery
from foundation.events.operations import emit_event
from foundation.files import store
from province.catalogue.events import IMPORT_FORGOTTEN
from province.halls.models import Hall
from tests.machine.distorting import distorting
from tests.plugin import ask
from tests.roles import as_owner
from tests.scanner import fake_scanner
from tests.servers import free_port

is_root = pytest.mark.skipif("__import__('os').geteuid() != 0", reason="only root may do this to its own machine")
Patch = pytest.MonkeyPatch


def _fault(found: DoctorFault | None) -> str:
    """What is said; there must be a cure with it."""
    assert found
    assert found.cure
    return found.fault


@pytest.fixture
def var(tmp_path: Path, monkeypatch: Patch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setattr(settings, "VAR", folder)
    return folder


@pytest.fixture
def database_facts(monkeypatch: Patch) -> dict[str, Any]:
    """The settings' database, to be pointed elsewhere; what Django itself uses stays."""
    facts = dict(settings.DATABASES["default"])
    monkeypatch.setitem(settings.DATABASES, "default", facts)
    return facts


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


class TestMachineCheck:
    @is_root
    def test_sees_a_full_disk(self, var: Path) -> None:
        with _mounted(var, "size=4m"):
            assert "只剩 4 MB" in _fault(machine.disk_space())

    @is_root
    def test_sees_a_folder_that_cannot_be_written(self, var: Path) -> None:
        with _mounted(var, "ro,size=4m"):
            assert "不能写入" in _fault(machine.data_folder_writable())

    @is_root
    def test_sees_a_folder_closed_to_postgres(self, var: Path, monkeypatch: Patch) -> None:
        monkeypatch.delenv("DATABASE_URL")
        (var / "postgres").mkdir()
        var.chmod(0o700)
        assert postgres.OS_USER in _fault(machine.postgres_reaches_its_data())

    @is_root
    def test_sees_a_folder_that_is_not_postgres_own(self, var: Path, monkeypatch: Patch) -> None:
        monkeypatch.delenv("DATABASE_URL")
        (var / "postgres").mkdir()
        for folder in (var, *var.parents):
            folder.chmod(folder.stat().st_mode | 0o111)
        assert "不属于" in _fault(machine.postgres_reaches_its_data())

    def test_sees_secrets_that_others_can_read(self, var: Path) -> None:
        (var / "secrets.json").touch(mode=0o644)
        (var / "secrets.json").chmod(0o644)
        assert "其他用户读取" in _fault(machine.secrets_closed())

    def test_sees_a_stranger_at_a_port(self, var: Path, monkeypatch: Patch) -> None:
        port = free_port()
        monkeypatch.setattr(settings, "WEB_PORT", port)
        with socket.create_server(("127.0.0.1", port)):
            assert f"端口 {port} 已被进程" in _fault(machine.ports_free())

    def test_sees_a_site_that_others_can_overhear(self, monkeypatch: Patch) -> None:
        assert machine.readers_encrypted() is None
        monkeypatch.setattr(settings, "IS_FOR_THIS_MACHINE", False)
        assert "http，密码" in _fault(machine.readers_encrypted())
        monkeypatch.setattr(settings, "PUBLIC_SCHEME", "https")
        assert machine.readers_encrypted() is None

    def test_sees_that_static_files_lack(self, var: Path, monkeypatch: Patch) -> None:
        monkeypatch.setattr(settings, "STATIC_ROOT", var / "static")
        assert "静态文件" in _fault(machine.static_collected())


class TestDatabaseCheck:
    def test_sees_that_no_server_answers(self, database_facts: dict[str, Any]) -> None:
        database_facts["PORT"] = free_port()
        assert "连接不上" in _fault(database.database_reachable())

    def test_sees_a_wrong_password(self, database_facts: dict[str, Any]) -> None:
        database_facts["PASSWORD"] = "wrong"
        assert f"不接受账号 {database_facts['USER']} 的密码" in _fault(database.database_reachable())

    def test_sees_that_the_database_lacks(self, database_facts: dict[str, Any]) -> None:
        database_facts["NAME"] = "nowhere"
        assert "没有名为“nowhere”的数据库" in _fault(database.database_reachable())

    def test_sees_an_old_version(self, database_facts: dict[str, Any]) -> None:
        with distorting(database_facts, lambda said: said.replace(b"server_version\x0018.", b"server_version\x0015.")):
            assert "PostgreSQL 15" in _fault(database.database_version())

    def test_sees_a_clock_that_is_off(self, database_facts: dict[str, Any]) -> None:
        here = str(int(timezone.now().timestamp()))[:7].encode()
        ahead = str(int(here) + 1).encode()
        with distorting(database_facts, lambda said: said.replace(here, ahead)):
            assert "本机时钟比数据库服务器慢" in _fault(database.clock_right())

    @pytest.mark.parametrize("options", ["ENCODING 'SQL_ASCII' LC_CTYPE 'C'", "ENCODING 'UTF8' LC_CTYPE 'C'"])
    def test_sees_a_wrong_encoding_or_locale(self, database_facts: dict[str, Any], options: str) -> None:
        ask(f"CREATE DATABASE wrong_locale TEMPLATE template0 {options} LC_COLLATE 'C' LOCALE_PROVIDER libc")
        try:
            database_facts["NAME"] = "wrong_locale"
            assert "编码" in _fault(database.database_locale())
        finally:
            ask("DROP DATABASE wrong_locale")

    @pytest.mark.django_db
    def test_sees_a_migration_that_waits(self) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE (app, name) = ('content', '0001_initial')")
        assert "有 1 项数据库升级没有执行（content.0001_initial 等）" in _fault(database.migrations_done())

    @pytest.mark.django_db
    def test_sees_a_hall_that_drifted(self, north: Hall) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {north.schema_name}.portal_column ADD COLUMN stray int")
        assert f"例如 {north.name}" in _fault(schemas.halls_match_their_template())

    @pytest.mark.django_db
    def test_is_content_with_what_is_right(self) -> None:
        checks = (
            *(database.database_reachable, database.database_version, database.database_locale),
            *(database.clock_right, database.migrations_done, schemas.halls_match_their_template),
        )
        assert [check() for check in checks] == [None] * len(checks)


class TestServiceCheck:
    def test_sees_that_no_broker_answers(self, monkeypatch: Patch) -> None:
        monkeypatch.setattr(settings, "BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
        assert "连接不上" in _fault(services.broker_reachable())

    def test_sees_a_wrong_broker_password(self, monkeypatch: Patch) -> None:
        host = settings.BROKER_URL.rpartition("@")[2]
        monkeypatch.setattr(settings, "BROKER_URL", f"redis://:wrong@{host}")
        assert "不接受密码" in _fault(services.broker_reachable())

    def test_sees_that_no_store_answers(self, object_store: None, monkeypatch: Patch) -> None:
        monkeypatch.setattr(settings, "S3_ENDPOINT", f"http://127.0.0.1:{free_port()}")
        assert "连接不上" in _fault(services.store_reachable())

    def test_sees_a_wrong_store_key(self, object_store: None, monkeypatch: Patch) -> None:
        store.make_bucket()
        monkeypatch.setattr(settings, "S3_SECRET_KEY", "wrong")
        assert "访问密钥" in _fault(services.store_reachable())

    def test_sees_that_the_bucket_lacks(self, object_store: None, monkeypatch: Patch) -> None:
        monkeypatch.setattr(settings, "S3_BUCKET", "nowhere")
        assert "没有存储桶“nowhere”" in _fault(services.bucket_there())

    def test_sees_that_the_scanner_does_not_answer(self, monkeypatch: Patch) -> None:
        assert services.scanner_answers() is None
        with fake_scanner() as scanner:
            monkeypatch.setattr(settings, "CLAMAV_ADDRESS", scanner.address)
            assert services.scanner_answers() is None
        assert "谁都上传不了" in _fault(services.scanner_answers())

    @pytest.mark.django_db
    def test_sees_events_that_nobody_handles(self) -> None:
        emit_event(kind=IMPORT_FORGOTTEN, subject_id=uuid4())
        EventDelivery.objects.update(available_at=timezone.now() - timedelta(minutes=2))
        assert "有 1 个事件" in _fault(services.events_handled())

    @pytest.mark.django_db
    def test_sees_events_that_were_given_up(self) -> None:
        emit_event(kind=IMPORT_FORGOTTEN, subject_id=uuid4())
        EventDelivery.objects.update(state=EventDelivery.State.DEAD, finished_at=timezone.now())
        assert "被放弃，最近一个是“catalogue.import_forgotten”" in _fault(services.no_dead_events())

    @pytest.mark.django_db
    def test_names_kinds_whose_subscriber_is_gone(self) -> None:
        assert services.subscribers_there() is None
        event = Event.objects.create(kind="tests.changed")
        event.deliveries.create(subscriber="tests.was_here", state="done")
        assert services.subscribers_there() is None
        event.deliveries.create(subscriber="tests.is_gone", available_at=timezone.now() - timedelta(minutes=2))
        # the relay is not to blame
        assert services.events_handled() is None
        fault = _fault(services.subscribers_there())
        assert "“tests.changed”没有处理方 tests.is_gone（1 个）" in fault
        assert "was_here" not in fault

    @pytest.mark.django_db
    def test_names_due_times_that_will_never_come_due(self) -> None:
        DueTime.objects.create(kind="tests.forgotten", subject_id=uuid4(), due_at=timezone.now() + timedelta(days=9))
        assert "“tests.forgotten”没有声明" in _fault(services.subscribers_there())


class TestHint:
    def test_names_a_domain_that_leads_nowhere(self, monkeypatch: Patch) -> None:
        monkeypatch.setattr(settings, "BASE_DOMAIN", "nowhere.invalid")
        assert "解析不到" in _fault(hints.domain_resolves())

    def test_names_a_browser_and_fonts_that_lack(self, monkeypatch: Patch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "chromium" in _fault(hints.browser_for_tests())
        assert "字体" in _fault(hints.chinese_fonts())

    def test_names_a_scanner_that_nobody_set(self, monkeypatch: Patch) -> None:
        assert hints.scanner_set() is None
        monkeypatch.setattr(settings, "IS_FOR_THIS_MACHINE", False)
        assert "没有经过病毒扫描" in _fault(hints.scanner_set())
