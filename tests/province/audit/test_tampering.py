"""Every way to bend the audit, some times over, by somebody to whom the whole database belongs and who lacks only the
key; a thousand times in a soak."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from province.audit.operations import link_entries, pack_links, seal_chains
from province.audit.queries.keys import audit_keys
from province.audit.queries.records import Record, records
from province.audit.queries.verification import AuditReport, verify
from province.halls.models import Hall
from tests.factories.audit import leave_entries, link_all
from tests.plugin import ask
from tests.province.audit.bends import BENDS
from tests.province.audit.pack_bends import BENDS_OF_PACKS
from tests.province.audit.tables import Bend, Tables
from tests.servers import PASSWORD, wait_until
from tests.soak import SOAK

# some for each way
TAMPERINGS = 1_000 if SOAK else 200
REALLY_DONE = 64
_GUARDED = ("audit_auditentry", "audit_auditlink", "audit_auditpack", "audit_auditday", "audit_auditseal")
# of links a row
_SIZE = 3


def _verified(stream: Iterator[Record], *, is_whole: bool = True) -> AuditReport:
    keys = audit_keys()
    return verify(stream, keys=keys, public_key=keys.signing.public.hex(), is_whole=is_whole)


def _fill(monkeypatch: pytest.MonkeyPatch) -> Tables:
    """Three days of two halls and the province, sealed; then a day that is not, with a third hall; and two entries that
    wait."""
    north, south, village = (Hall.objects.get(slug=slug) for slug in ("north", "south", "village"))
    for day in range(1, 5):
        for hall, count in ((north, 4), (south, 2), (None, 2)):
            leave_entries(count, hall=hall)
        link_all()
        if day < 4:
            monkeypatch.setattr(timezone, "localdate", lambda day=day: date(2026, 11, day))
            seal_chains(every=timedelta())
    leave_entries(2, hall=village)
    link_all()
    leave_entries(2, hall=north)
    return Tables.read()


@pytest.fixture
def sealed(db: None, monkeypatch: pytest.MonkeyPatch) -> Tables:
    return _fill(monkeypatch)


@pytest.fixture
def packed(sealed: Tables) -> Tables:
    """The same with most links packed."""
    assert pack_links(size=_SIZE) == 8
    return Tables.read()


@pytest.fixture
def committed(fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> Tables:
    """Filled and sealed tables that are committed, so that other sessions see them."""
    return _fill(monkeypatch)


class TestVerify:
    def test_says_nothing_where_nothing_was_bent(self, sealed: Tables) -> None:
        assert _verified(sealed.records()).faults == []
        assert _verified(records(Hall.objects.get(slug="north").id), is_whole=False).faults == []
        report = _verified(records())
        assert (report.entries, report.chains, report.days, report.waiting) == (34, 4, 3, 2)
        assert report.faults == []

    @pytest.mark.soak
    def test_finds_every_tampering(self, sealed: Tables) -> None:
        assert len(BENDS) * 3 < TAMPERINGS
        rng = Random(20261125)  # noqa: S311 - repeatable
        missed = []
        for number in range(TAMPERINGS):
            tables = sealed.copy()
            bent = BENDS[number % len(BENDS)](rng, tables)
            if not _verified(tables.records()).faults:
                missed.append(bent)
        assert missed == []

    @pytest.mark.soak
    def test_finds_every_tampering_of_packed_chains(self, packed: Tables) -> None:
        assert _verified(packed.records()).faults == []
        assert max(len(BENDS), len(BENDS_OF_PACKS)) * 2 < TAMPERINGS
        rng = Random(20261201)  # noqa: S311 - repeatable
        missed = []
        for number in range(TAMPERINGS):
            tables = packed.copy()
            bent = _bend_packed(tables, rng, number)
            if not _verified(tables.records()).faults:
                missed.append(bent)
        assert missed == []

    @pytest.mark.parametrize("is_packed", [False, True])
    def test_finds_what_a_superuser_really_did(self, committed: Tables, is_packed: bool) -> None:  # noqa: FBT001 - a case
        if is_packed:
            assert pack_links(size=_SIZE) == 8
            committed = Tables.read()
        rng = Random(42)  # noqa: S311 - repeatable
        missed = []
        # what ends here as the program's own role goes on as the server's superuser
        own = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD", "OPTIONS")}
        connection.close()
        connection.settings_dict |= {"USER": "postgres", "PASSWORD": PASSWORD, "OPTIONS": {}}
        try:
            for number in range(REALLY_DONE):
                tables = committed.copy()
                bent = _bend_packed(tables, rng, number) if is_packed else BENDS[number % len(BENDS)](rng, tables)
                with transaction.atomic():
                    _lay_down_guards()
                    tables.write_changes(committed)
                    if not _verified(records()).faults:
                        missed.append(bent)
                    transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict |= own
            _await_end_of_superuser()
        assert missed == []
        assert _verified(records()).faults == []

    def test_names_the_same_places_whether_they_are_packed_or_not(self, sealed: Tables, packed: Tables) -> None:
        for bend in BENDS:
            one, other = sealed.copy(), packed.copy()
            said = bend(Random(7), one)  # noqa: S311 - repeatable
            assert other.bend_links(_as_ordered(bend), Random(7)) == said  # noqa: S311 - as above
            assert _verified(one.records()).faults == _verified(other.records()).faults, said

    def test_names_the_entry(self, sealed: Tables) -> None:
        tables = sealed.copy()
        link = tables.links[5]
        entry = tables.entry(link["id"])
        entry["reason"] = "改过的理由"
        [fault] = _verified(tables.records()).faults
        assert (fault.entry_id, fault.position, fault.chain_id) == (link["id"], link["position"], link["chain_id"])
        assert fault.at == entry["created_at"]
        assert "内容被改动" in fault.fault
        assert entry["actor_name"] in fault.what

    def test_names_only_the_place_that_was_bent(self, sealed: Tables) -> None:
        tables = sealed.copy()
        chain = tables.chain(tables.links[0]["chain_id"])
        tables.drop([chain[3]])
        faults = _verified(tables.records()).faults
        assert {fault.position for fault in faults if fault.entry_id} == {5}
        assert "少了第 4 条" in faults[0].fault

    def test_finds_in_one_halls_chain_what_is_wrong_with_its_seals(self, sealed: Tables) -> None:
        """Without the others', from which the day's root could be taken."""
        chain_id = next(seal["chain_id"] for seal in sealed.seals)
        tables = sealed.copy()
        seal = next(seal for seal in tables.seals if seal["chain_id"] == chain_id)
        seal["created_at"] = "2020-01-01T00:00:00.000000Z"
        hall = [
            (kind, facts) for kind, facts in tables.records() if chain_id in {facts.get("chain_id"), facts.get("id")}
        ]
        assert "封存被改动或伪造" in _verified(iter(hall), is_whole=False).faults[0].fault

    def test_sees_of_the_chain_alone_what_needs_no_key(self, sealed: Tables) -> None:
        tables = sealed.copy()
        assert verify(tables.records(), keys=None, public_key=audit_keys().signing.public.hex()).faults == []
        tables.drop([tables.links[3]])
        assert verify(tables.records(), keys=None, public_key=audit_keys().signing.public.hex()).faults

    def test_believes_no_other_signature(self, sealed: Tables) -> None:
        faults = verify(sealed.records(), keys=None, public_key="00" * 64).faults
        assert {fault.fault.partition("：")[2] for fault in faults} == {"不是用本平台的签名密钥签的"}


def _bend_packed(tables: Tables, rng: Random, number: int) -> str:
    """By turns a link, as if it were a row of its own, and a pack."""
    if number % 2:
        return BENDS_OF_PACKS[number // 2 % len(BENDS_OF_PACKS)](rng, tables)
    return tables.bend_links(BENDS[number // 2 % len(BENDS)], rng)


def _as_ordered(bend: Bend) -> Bend:
    """Links stand in the order of their ids, as they are read."""

    def ordered(rng: Random, tables: Tables) -> str:
        tables.links.sort(key=lambda link: link["id"])
        return bend(rng, tables)

    return ordered


def _lay_down_guards() -> None:
    """Triggers and constraints: what no program can, the superuser can."""
    with connection.cursor() as cursor:
        for table in _GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(
            """
            SELECT conrelid::regclass::text, conname FROM pg_constraint
            WHERE conrelid::regclass::text LIKE 'audit\\_audit%' AND contype IN ('p', 'u', 'c')
            """
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def _await_end_of_superuser() -> None:
    """Its session ends some moments after its connection, and until then nobody else may drop the database."""
    name = settings.DATABASES["default"]["NAME"]
    sessions = f"SELECT count(*) FROM pg_stat_activity WHERE usename = 'postgres' AND datname = '{name}'"  # noqa: S608
    wait_until(lambda: ask(sessions) == [0], what="the end of the superuser's session")


class TestGuard:
    def test_holds_for_a_superuser_who_turns_triggers_off_for_the_session(self, committed: Tables) -> None:
        import psycopg2

        database = settings.DATABASES["default"]
        session = psycopg2.connect(
            dbname=database["NAME"], host=database["HOST"], port=database["PORT"], user="postgres", password=PASSWORD
        )
        session.autocommit = True
        try:
            with session.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                for table in _GUARDED:
                    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"):
                        with pytest.raises(psycopg2.Error, match="审计记录只增不改"):
                            cursor.execute(statement.format(table))
        finally:
            session.close()
            _await_end_of_superuser()
        assert _verified(records()).faults == []
        assert link_entries() == 2
