"""Links that a sealing covers are packed, and nothing that they said is lost."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from province.audit.models import AuditEntry, AuditLink, AuditPack
from province.audit.operations import link_entries, pack_links, packs, seal_chains
from province.audit.queries.ends import are_here, chain_ends
from province.audit.queries.keys import audit_keys
from province.audit.queries.links import link_of
from province.audit.queries.records import Record, records
from province.audit.queries.verification import verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.races import at_once
from tests.roles import as_owner

AT_ONCE = timedelta()


def _faults() -> list[str]:
    keys = audit_keys()
    return [one.fault for one in verify(records(), keys=keys, public_key=keys.signing.public.hex()).faults]


def _packed(chain_id: UUID) -> list[tuple[int, int]]:
    packed = AuditPack.objects.filter(chain_id=chain_id).order_by("position")
    return [(one.position, len(one.ids)) for one in packed]


def _loose(chain_id: UUID) -> list[int]:
    return list(AuditLink.objects.filter(chain_id=chain_id).order_by("position").values_list("position", flat=True))


def _seal(hall: Hall | None, count: int) -> None:
    leave_entries(count, hall=hall)
    link_all()
    assert seal_chains(every=AT_ONCE)


def _act_late(hall: Hall, count: int) -> None:
    """More entries, linked and not sealed."""
    leave_entries(count, hall=hall)
    link_all()


@pytest.mark.django_db
class TestPackLinks:
    def test_loses_nothing(self, north: Hall, south: Hall) -> None:
        _seal(south, 2)
        _seal(north, 10)
        _act_late(north, 3)
        before: list[Record] = list(records())
        assert pack_links(size=4) == 2
        assert _packed(north.id) == [(1, 4), (5, 4)]
        assert _loose(north.id) == [9, 10, 11, 12, 13]
        assert _loose(south.id) == [1, 2]
        assert list(records()) == before
        assert _faults() == []

    def test_packs_no_more_than_a_sealing_covers(self, north: Hall) -> None:
        _seal(north, 3)
        _act_late(north, 9)
        assert pack_links(size=4) == 0
        assert seal_chains(every=AT_ONCE)
        assert pack_links(size=4) == 3
        assert _loose(north.id) == []

    def test_does_nothing_again(self, north: Hall) -> None:
        assert pack_links(size=4) == 0
        _seal(north, 9)
        assert pack_links(size=4) == 2
        assert pack_links(size=4) == 0

    def test_goes_on_behind_the_last_pack(self, north: Hall) -> None:
        for _ in range(3):
            _seal(north, 3)
            pack_links(size=4)
        assert _packed(north.id) == [(1, 4), (5, 4)]
        assert link_entries() == 0
        _seal(north, 3)
        # packs of another size follow as well
        assert pack_links(size=2) == 2
        assert _packed(north.id) == [(1, 4), (5, 4), (9, 2), (11, 2)]
        assert _faults() == []

    def test_does_later_what_was_not_done_when_it_was_killed(
        self, north: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _seal(north, 12)
        monkeypatch.setattr(packs, "_AT_ONCE", 1)
        real, done = packs._pack_some, []  # noqa: SLF001 - where it is killed

        def dies(ready: tuple[tuple[str, int, int], ...]) -> int:
            if done:
                raise KeyboardInterrupt
            done.append(real(ready))
            return done[0]

        monkeypatch.setattr(packs, "_pack_some", dies)
        with pytest.raises(KeyboardInterrupt):
            pack_links(size=4)
        monkeypatch.undo()
        assert _packed(north.id) == [(1, 4)]
        assert _faults() == []
        # another chain's sealing is the last by now
        _seal(None, 1)
        assert pack_links(size=4) == 0
        _seal(north, 1)
        assert pack_links(size=4) == 2
        assert _loose(north.id) == [13]
        assert _faults() == []

    def test_passes_over_a_chain_that_lacks_a_link(self, north: Hall, south: Hall) -> None:
        _seal(south, 1)
        leave_entries(5, hall=south)
        _seal(north, 5)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditlink DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM audit_auditlink WHERE chain_id = %s AND position = 2", [north.id])
            cursor.execute("ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_link_is_packed")
        assert pack_links(size=4) == 1
        assert _packed(south.id) == [(1, 4)]
        assert any("少了第 2 条" in one for one in _faults())

    def test_leaves_links_with_whole_codes_as_they_are(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        from province.audit.operations import chain

        with monkeypatch.context() as before:
            before.setattr(chain, "shortened", lambda mac: mac)
            _seal(north, 4)
        assert pack_links(size=4) == 0
        assert _loose(north.id) == [1, 2, 3, 4]
        assert _faults() == []

    def test_asks_as_much_of_many_chains_as_of_one(self, django_assert_num_queries: object, north: Hall) -> None:
        _seal(north, 3)
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert pack_links(size=4) == 0


@pytest.mark.django_db
class TestPackedLinks:
    def test_are_found_by_their_entries_and_places(self, north: Hall) -> None:
        _seal(north, 9)
        entries = list(AuditEntry.objects.filter(hall_id=north.id).order_by("pk"))
        _, ends = chain_ends(connection.cursor())
        before = [
            (link.pk, link.position, link.hash, link.mac, link.created_at) for link in map(link_of, entries) if link
        ]
        assert [one[1] for one in before] == list(range(1, 10))
        assert pack_links(size=3) == 3
        after = [
            (link.pk, link.position, link.hash, link.mac, link.created_at) for link in map(link_of, entries) if link
        ]
        assert after == before
        assert chain_ends(connection.cursor())[1] == ends
        assert are_here(ends)
        assert not are_here([type(ends[0])(ends[0].chain_id, 9, "00" * 32, 9)])
        leave_entries(1, hall=north)
        assert link_of(AuditEntry.objects.latest("pk")) is None

    def test_are_found_where_an_entry_came_late(self, north: Hall) -> None:
        """Its id is smaller than that of entries before it in the chain."""
        leave_entries(1, hall=north)
        late = AuditEntry.objects.latest("pk")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_auditpending WHERE id = %s", [late.pk])
        _act_late(north, 3)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_auditpending (id) VALUES (%s)", [late.pk])
        _seal(north, 2)
        assert pack_links(size=3) == 2
        found = link_of(late)
        assert found
        assert found.position == 4
        assert _faults() == []


@pytest.mark.django_db
class TestGuardOfLinks:
    """Not even the tables' owner takes away a link that no pack holds word for word."""

    @pytest.mark.parametrize(
        "bend",
        [
            "ids = array_replace(ids, ids[2], uuidv7())",
            "times = array_replace(times, times[2], now() - interval '1 day')",
            "hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
            "macs = set_byte(macs, 20, get_byte(macs, 20) # 1)",
            "macs = substring(macs FROM 1 FOR 20)",
            "ids = ids[1:1]",
            "position = 2",
            "chain_id = uuidv7()",
        ],
    )
    def test_refuses_what_a_pack_says_otherwise(self, north: Hall, bend: str) -> None:
        _seal(north, 3)
        pack_links(size=3)
        link = list(AuditPack.objects.get().links())[1]
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditlink DISABLE TRIGGER USER")
            link.save(force_insert=True)
            cursor.execute("ALTER TABLE audit_auditlink ENABLE ALWAYS TRIGGER audit_link_is_packed")
            delete = "DELETE FROM audit_auditlink"
            with transaction.atomic():
                cursor.execute(delete)
                transaction.set_rollback(True)
            cursor.execute("ALTER TABLE audit_auditpack DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE audit_auditpack SET {bend}")  # noqa: S608 - as it stands above
            with pytest.raises(DatabaseError, match="审计记录只增不改"), transaction.atomic():
                cursor.execute(delete)

    def test_lets_the_application_make_no_pack(self, north: Hall) -> None:
        _seal(north, 3)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            AuditPack.objects.create(
                id=UUID(int=1), created_at="2026-12-01T00:00Z", chain_id=north.id, position=1, ids=[], times=[]
            )
        with connection.cursor() as cursor:
            for first, last in ((1, 4), (0, 2), (3, 2), (2**40, 2**40 + 1)):
                cursor.execute("SELECT pack_audit_links(%s, %s, %s)", [north.id, first, last])
                assert cursor.fetchone() == (False,)
        assert _loose(north.id) == [1, 2, 3]


class TestPackLinksAtOnce:
    def test_makes_each_pack_once(self, fresh_database: None, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            leave_entries(60, hall=hall)
        link_all()
        assert seal_chains(every=AT_ONCE)
        made = at_once(*[lambda: pack_links(size=4)] * 4)
        assert sum(made) == 30
        assert _packed(north.id) == [(first, 4) for first in range(1, 61, 4)]
        assert _loose(south.id) == []
        assert _faults() == []

    def test_loses_nothing_to_another_size(self, fresh_database: None, north: Hall) -> None:
        leave_entries(90, hall=north)
        link_all()
        assert seal_chains(every=AT_ONCE)

        def pack(size: int) -> None:
            try:
                pack_links(size=size)
            except DatabaseError as error:
                assert "at the same time" in str(error)  # noqa: PT017 - one of two may come too late

        at_once(*[lambda size=size: pack(size) for size in (4, 5, 4, 5)])
        assert _faults() == []
        assert [fact["position"] for kind, fact in records() if kind == "link"] == list(range(1, 91))
