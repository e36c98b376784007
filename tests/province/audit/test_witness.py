"""What a copy outside the database finds: a former state of the whole audit put back, or all of it gone."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from minio.error import S3Error
from typer.testing import CliRunner

from config.cli import app
from config.doctor import audit as doctor
from foundation.errors import Unavailable
from foundation.files.clients import client_of_store
from foundation.files.locked import make_locked_bucket, put_locked
from province.audit.models import DAYS, ONLY_ADDED, AuditDay, AuditEntry, AuditHead
from province.audit.operations import link_entries, seal_chains
from province.audit.operations.witness import store_seals, witness_seals
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.audit.queries.witness import name_in_store, witnessed_seals, witnesses
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.roles import as_owner
from tests.servers import wait_until

AT_ONCE = timedelta()
ALL = (*ONLY_ADDED, "audit_auditpending", "audit_audithead")


@pytest.fixture(autouse=True)
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "elsewhere" / "audit.jsonl"
    monkeypatch.setattr(settings, "AUDIT_WITNESS", path)
    return path


@pytest.fixture(autouse=True)
def bucket(object_store: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of this test's own: nothing in it can be removed again."""
    name = f"audit-{uuid4().hex}"
    monkeypatch.setattr(settings, "AUDIT_BUCKET", name)
    make_locked_bucket(name)
    return name


def faults(*, with_witness: bool = True) -> list[str]:
    keys = audit_keys()
    asked = list(witnesses()) if with_witness else []
    report = verify(records(), keys=keys, public_key=keys.signing.public.hex(), witnesses=asked)
    return [one.fault for one in report.faults]


def act_and_seal(hall: Hall, count: int = 3) -> None:
    leave_entries(count, hall=hall)
    link_all()
    assert seal_chains(every=AT_ONCE)
    witness_seals()
    store_seals()


def run_unguarded(*statements: str) -> None:
    """By the owner of the tables, or who has its password."""
    with as_owner(), connection.cursor() as cursor:
        for table in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_is_only_added")
        cursor.execute("ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_link_is_packed")


def put_back(heads: list[dict[str, Any]], entries: set[Any]) -> None:
    """The audit as it was when it had these heads and entries."""
    last = next(head["position"] for head in heads if head["id"] == DAYS)
    kept = ", ".join(f"'{one}'" for one in entries)
    run_unguarded(
        *(f"DELETE FROM {table} WHERE id NOT IN ({kept})" for table in ("audit_auditlink", "audit_auditentry")),  # noqa: S608
        *(f"DELETE FROM {table} WHERE number > {last}" for table in ("audit_auditseal", "audit_auditday")),  # noqa: S608
    )
    AuditHead.objects.exclude(pk__in=[head["id"] for head in heads]).delete()
    for head in heads:
        AuditHead.objects.filter(pk=head["id"]).update(
            **{name: head[name] for name in ("position", "hash", "mac", "sealed_position")}
        )


@pytest.mark.django_db
class TestWitness:
    def test_is_content_with_what_it_saw(self, north: Hall, south: Hall) -> None:
        act_and_seal(north)
        act_and_seal(south)
        assert len(witnessed_seals() or {}) == 2
        # written again, it holds nothing twice
        witness_seals()
        assert len(witnessed_seals() or {}) == 2
        assert faults() == []

    def test_finds_a_tail_that_was_cut_with_its_earlier_heads_put_back(self, north: Hall) -> None:
        act_and_seal(north)
        heads = list(AuditHead.objects.values())
        entries = set(AuditEntry.objects.values_list("pk", flat=True))
        act_and_seal(north)
        assert faults() == []
        put_back(heads, entries)
        # the chain alone is whole: it is as it was
        assert faults(with_witness=False) == []
        assert any("第 2 次封存" in fault and "见证" in fault for fault in faults())

    def test_finds_all_tables_emptied(self, north: Hall) -> None:
        act_and_seal(north)
        run_unguarded(f"TRUNCATE {', '.join(ALL)}")
        assert any("见证" in fault for fault in faults())
        # and what is written afterwards under the same number does not hide it
        leave_entries(2, hall=north)
        link_all()
        assert seal_chains(every=AT_ONCE)
        witness_seals()
        assert any("第 1 次封存" in fault and "见证" in fault for fault in faults())

    def test_finds_an_audit_without_any_entry(self) -> None:
        assert "审计里一条记录也没有" in faults(with_witness=False)[0]

    def test_is_said_to_be_missing(self, north: Hall, witness: Path) -> None:
        assert witnessed_seals() is None
        act_and_seal(north)
        assert doctor.audit_witnessed() is None
        witness.unlink()
        assert witnessed_seals() is None
        found = doctor.audit_witnessed()
        assert found
        assert str(witness) in found.fault

    def test_is_asked_by_the_doctor(self, north: Hall) -> None:
        act_and_seal(north)
        run_unguarded(f"TRUNCATE {', '.join(ALL)}")
        found = doctor.audit_witnessed()
        assert found
        assert "见证" in found.fault

    def test_lies_in_a_file_that_is_only_added_to_and_closed_to_others(self, north: Hall, witness: Path) -> None:
        act_and_seal(north)
        before = witness.read_bytes()
        act_and_seal(north)
        assert witness.read_bytes().startswith(before)
        assert witness.stat().st_mode & 0o077 == 0
        told = [json.loads(line)["hash"] for line in witness.read_text().splitlines()]
        assert told == list(AuditDay.objects.order_by("number").values_list("hash", flat=True))


def rewrite_everything(hall: Hall, witness: Path) -> None:
    """By whoever has the database and the machine's files: the audit anew, and the file told of that alone."""
    run_unguarded(f"TRUNCATE {', '.join(ALL)}")
    witness.unlink()
    leave_entries(2, hall=hall)
    link_all()
    assert seal_chains(every=AT_ONCE)
    witness_seals()


def make_older() -> None:
    """The chain is not looked at by those who call this: its hashes do not hold after it."""
    run_unguarded("UPDATE audit_auditday SET created_at = created_at - interval '61 minutes'")


@pytest.mark.django_db
class TestWitnessInTheStore:
    def test_finds_what_database_and_file_agree_on(self, north: Hall, witness: Path, bucket: str) -> None:
        act_and_seal(north)
        assert faults() == []
        rewrite_everything(north, witness)
        assert faults(with_witness=False) == []
        (found,) = faults()
        assert "第 1 次封存与对象存储的存储桶" in found
        # nor does it help to tell the store anew
        store_seals()
        day = AuditDay.objects.get()
        put_locked(bucket, name_in_store(day), b"{}")
        assert faults() == [found]
        assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 1

    def test_cannot_be_removed_by_the_keys_of_the_store(self, north: Hall, bucket: str) -> None:
        act_and_seal(north)
        name = name_in_store(AuditDay.objects.get())
        client = client_of_store()
        version = client.stat_object(bucket, name).version_id
        with pytest.raises(S3Error, match="AccessDenied"):
            client.remove_object(bucket, name, version_id=version)
        with pytest.raises(S3Error, match="BucketNotEmpty"):
            client.remove_bucket(bucket)
        # hidden, and written over, it is still what was told first
        client.remove_object(bucket, name)
        put_locked(bucket, name, b"another")
        assert faults() == []
        answer = client.get_object(bucket, name, version_id=version)
        assert json.loads(answer.data)["hash"] in name

    def test_says_what_it_was_not_told(
        self, north: Hall, witness: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        act_and_seal(north)
        make_older()
        monkeypatch.setattr(settings, "AUDIT_BUCKET", f"{bucket}-gone")
        assert any("的存储桶" in fault and "不存在或无法读取" in fault for fault in faults())
        found = doctor.audit_locked()
        assert found
        assert "不存在" in found.fault
        store_seals()
        make_locked_bucket(f"{bucket}-gone")
        assert any("第 1 次封存在对象存储的存储桶" in fault and "没有见证" in fault for fault in faults())
        found = doctor.audit_locked()
        assert found
        assert "有 1 次封存没有写进" in found.fault
        store_seals()
        assert doctor.audit_locked() is None
        witness.unlink()
        assert any("见证文件" in fault and "不存在" in fault for fault in faults())

    def test_in_a_bucket_without_a_lock_is_no_witness(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert doctor.audit_locked() is None
        open_bucket = f"open-{uuid4().hex}"
        client_of_store().make_bucket(open_bucket)
        monkeypatch.setattr(settings, "AUDIT_BUCKET", open_bucket)

        def fault() -> str:
            found = doctor.audit_locked()
            return found.fault if found else ""

        # the store's gateway hears of a new bucket a moment later
        wait_until(lambda: "不存在" not in fault(), what="the bucket")
        assert "不锁住" in fault()
        # and it is not given one afterwards
        with pytest.raises(Unavailable):
            make_locked_bucket(open_bucket)


@pytest.mark.django_db
class TestSealChains:
    def test_seals_within_the_hour(self, north: Hall) -> None:
        leave_entries(1, hall=north)
        assert link_entries() == 1
        assert seal_chains()
        leave_entries(1, hall=north)
        link_all()
        assert seal_chains() is None
        run_unguarded("UPDATE audit_auditday SET created_at = created_at - interval '61 minutes'")
        assert seal_chains()
