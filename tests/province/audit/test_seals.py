from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from foundation.crypto.sm2 import is_signed
from province.audit.models import DAYS, AuditDay, AuditHead, AuditSeal
from province.audit.operations import seal_chains
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.races import at_once

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)


def _faults() -> list[str]:
    keys = audit_keys()
    return [one.fault for one in verify(records(), keys=keys, public_key=keys.signing.public.hex()).faults]


def _go_to(monkeypatch: pytest.MonkeyPatch, *, days: int) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=days))


@pytest.mark.django_db
class TestSealChains:
    def test_seals_where_each_chain_has_come_to(self, north: Hall, south: Hall) -> None:
        leave_entries(3, hall=north)
        leave_entries(1, hall=south)
        link_all()
        day = seal_chains()
        assert day
        assert (day.number, day.seals) == (1, 2)
        seal = AuditSeal.objects.get(chain_id=north.id)
        head = AuditHead.objects.get(pk=north.id)
        assert (seal.position, seal.hash) == (3, head.hash)
        assert head.sealed_position == 3
        assert is_signed(audit_keys().signing.public, bytes.fromhex(day.hash), bytes.fromhex(day.signature))
        assert _faults() == []

    def test_seals_the_next_time_only_what_moved(
        self, north: Hall, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number, hall in enumerate((north, south, north)):
            _go_to(monkeypatch, days=number)
            leave_entries(2, hall=hall)
            link_all()
            seal_chains()
        sealed = AuditSeal.objects.order_by("number").values_list("number", "chain_id", "position")
        assert list(sealed) == [(1, north.id, 2), (2, south.id, 2), (3, north.id, 4)]
        assert AuditHead.objects.get(pk=DAYS).position == 3
        assert _faults() == []

    def test_seals_once_an_hour(self, north: Hall) -> None:
        leave_entries(1, hall=north)
        link_all()
        assert seal_chains()
        leave_entries(1, hall=north)
        link_all()
        assert seal_chains() is None

    def test_seals_nothing_where_nothing_moved(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        assert seal_chains() is None
        leave_entries(1, hall=north)
        link_all()
        _go_to(monkeypatch, days=0)
        seal_chains()
        _go_to(monkeypatch, days=1)
        assert seal_chains() is None


class TestSealChainsAtOnce:
    def test_seals_once(self, fresh_database: None, north: Hall) -> None:
        leave_entries(1, hall=north)
        link_all()
        done = at_once(seal_chains, seal_chains, seal_chains)
        assert sum(one is not None for one in done) == 1
        assert AuditDay.objects.count() == 1
        assert _faults() == []
