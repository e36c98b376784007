"""What a copy outside the database finds: a former state of the whole audit put back, or all of it gone."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from config.doctor import audit as doctor
from province.audit.models import DAYS, ONLY_ADDED, AuditDay, AuditEntry, AuditHead
from province.audit.operations import link_entries, seal_chains
from province.audit.operations.witness import witness_seals
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.audit.queries.witness import witnessed_seals
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.roles import as_owner

AT_ONCE = timedelta()
ALL = (*ONLY_ADDED, "audit_auditpending", "audit_audithead")


@pytest.fixture(autouse=True)
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "elsewhere" / "audit.jsonl"
    monkeypatch.setattr(settings, "AUDIT_WITNESS", path)
    return path


def faults(*, with_witness: bool = True) -> list[str]:
    keys = audit_keys()
    witnessed = (witnessed_seals() or {}) if with_witness else {}
    report = verify(records(), keys=keys, public_key=keys.signing.public.hex(), witnessed=witnessed)
    return [one.fault for one in report.faults]


def act_and_seal(hall: Hall, count: int = 3) -> None:
    leave_entries(count, hall=hall)
    link_all()
    assert seal_chains(every=AT_ONCE)
    witness_seals()


def run_unguarded(*statements: str) -> None:
    """By the owner of the tables, or who has its password."""
    with as_owner(), connection.cursor() as cursor:
        for table in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ONLY_ADDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER audit_is_only_added")


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
