import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from province.audit.models import PROVINCE, AuditEntry, AuditHead, AuditLink, AuditPending
from province.audit.operations import chain, entries, link_entries
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import records
from province.audit.queries.verification import verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.races import at_once


def _faults() -> list[str]:
    keys = audit_keys()
    return [one.fault for one in verify(records(), keys=keys, public_key=keys.signing.public.hex()).faults]


def _positions(chain_id: UUID) -> list[int]:
    return list(AuditLink.objects.filter(chain_id=chain_id).order_by("position").values_list("position", flat=True))


@pytest.mark.django_db
class TestLinkEntries:
    def test_makes_one_chain_a_hall_and_one_of_the_province(self, north: Hall, south: Hall) -> None:
        leave_entries(3, hall=north)
        leave_entries(2, hall=south)
        leave_entries(1)
        assert link_entries() == 6
        assert _positions(north.id) == [1, 2, 3]
        assert _positions(south.id) == [1, 2]
        assert _positions(PROVINCE) == [1]
        assert AuditHead.objects.get(pk=north.id).position == 3
        assert not AuditPending.objects.exists()
        assert _faults() == []

    def test_goes_on_where_it_stopped(self, north: Hall) -> None:
        leave_entries(7, hall=north)
        assert [link_entries(most=3) for _ in range(4)] == [3, 3, 1, 0]
        leave_entries(2, hall=north)
        link_all()
        assert _positions(north.id) == list(range(1, 10))
        assert _faults() == []

    def test_goes_on_behind_what_was_kept_with_whole_codes(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as before:
            for where in (entries, chain):
                before.setattr(where, "shortened", lambda mac: mac)
            leave_entries(2, hall=north)
            link_all()
        leave_entries(2, hall=north)
        link_all()
        linked = AuditLink.objects.filter(chain_id=north.pk).order_by("position")
        assert [len(one.mac) for one in linked] == [64, 64, 32, 32]
        assert [len(AuditEntry.objects.get(pk=one.pk).digest) for one in linked] == [64, 64, 32, 32]
        assert _faults() == []
        # a shorter beginning is none
        cut = [
            ("link", facts | {"mac": facts["mac"][:30]}) if kind == "link" else (kind, facts)
            for kind, facts in records()
        ]
        keys = audit_keys()
        report = verify(cut, keys=keys, public_key=keys.signing.public.hex())
        assert sum("链上的位置被改写" in one.fault for one in report.faults) == 4

    def test_asks_one_question_where_nothing_waits(self, django_assert_num_queries: Callable[[int], object]) -> None:
        link_entries()
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            assert link_entries() == 0

    def test_costs_no_more_statements_for_more_halls(
        self, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        for _ in range(40):
            leave_entries(1, hall=uuid4())
        with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
            assert link_entries() == 40

    def test_loses_nothing_where_it_is_killed(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        leave_entries(4, hall=north)
        real = chain.save_heads

        def dies(heads: list[AuditHead]) -> None:
            if any(head.pk == north.id for head in heads):
                raise KeyboardInterrupt
            real(heads)

        monkeypatch.setattr(chain, "save_heads", dies)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            link_entries()
        monkeypatch.undo()
        assert not AuditLink.objects.exists()
        assert AuditPending.objects.count() == 4
        assert link_entries() == 4
        assert _faults() == []

    def test_passes_over_what_waits_without_being_there(self, north: Hall) -> None:
        """It stays, for the check to find; and it holds up nobody, though it is the oldest and fills a turn."""
        lost = AuditPending.objects.create(id=UUID(int=1))
        leave_entries(2, hall=north)
        assert [link_entries(most=1) for _ in range(3)] == [1, 1, 0]
        assert list(AuditPending.objects.all()) == [lost]


class TestLinkEntriesAtOnce:
    def test_never_fork_a_chain(self, fresh_database: None, north: Hall, south: Hall) -> None:
        done = threading.Event()

        def writes(hall: Hall) -> None:
            for _ in range(60):
                leave_entries(1, hall=hall)

        def links() -> int:
            count = 0
            while not done.is_set():
                count += link_entries(most=7)
            return count

        def writes_all() -> None:
            at_once(lambda: writes(north), lambda: writes(south), lambda: writes(north))
            done.set()

        at_once(writes_all, links, links, links)
        link_all()
        assert _positions(north.id) == list(range(1, 121))
        assert _positions(south.id) == list(range(1, 61))
        assert _faults() == []

    def test_link_later_what_is_committed_later(self, fresh_database: None, north: Hall) -> None:
        written, linked = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                leave_entries(1, hall=north)
                written.set()
                assert linked.wait(10)

        def quick() -> None:
            assert written.wait(10)
            leave_entries(2, hall=north)
            link_all()
            linked.set()

        at_once(slow, quick)
        assert _positions(north.id) == [1, 2]
        link_all()
        assert _positions(north.id) == [1, 2, 3]
        assert _faults() == []

    def test_wait_for_nobody_who_writes(self, fresh_database: None, north: Hall) -> None:
        """A transaction of the hall that stays open holds up neither other writers nor their links."""
        leave_entries(1, hall=north)
        link_all()
        with transaction.atomic():
            leave_entries(1, hall=north)

            def other() -> int:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '2s'")
                leave_entries(1, hall=north)
                return link_entries()

            assert at_once(other) == [1]
        link_all()
        assert _faults() == []
