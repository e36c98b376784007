from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from province.audit.models import AuditEntry, AuditPending
from province.audit.operations import record_act
from province.audit.operations.entries import entry_digest
from province.audit.queries.entries import EntryFilter, entries_about_person, entries_matching
from province.halls.models import Hall
from province.rights.actors import Actor
from tests.roles import as_owner

pytestmark = pytest.mark.django_db


def _actor(name: str = "李四", **facts: object) -> Actor:
    return Actor(uuid4(), name, (), **facts)  # type: ignore[arg-type]


class TestRecordAct:
    def test_keeps_who_acted_in_which_position_and_in_whose_place(self, north: Hall) -> None:
        by = _actor(position_id=uuid4(), acting_for_id=uuid4(), acting_for="张三")
        person_id, object_id = uuid4(), uuid4()
        record_act(
            by=by,
            act="content.push",
            object_type="push",
            object_id=object_id,
            hall_id=north.id,
            person_id=person_id,
            reason="理由",
            changes={"state": ["live", None]},
        )
        entry = AuditEntry.objects.get(object_id=object_id)
        assert (entry.actor_id, entry.position_id, entry.acting_for_id) == (by.id, by.position_id, by.acting_for_id)
        assert entry.shown_actor == "李四 代 张三"
        assert (entry.hall_id, entry.person_id, entry.reason) == (north.id, person_id, "理由")
        assert entry.changes == {"state": ["live", None]}

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"字段": ["旧", "新"], "n": [1, 2**70], "b": [True, None], "list": [[1, "二"], {"z": 1, "a": "𠮷"}]},
            {"fraction": [0.1, 1e300], "small": 5e-324, "whole": 1.0},
            {"quotes": "\"'\\ %s %(x)s {}", "line": "a\nb\u2028", "key with 空格": ""},
        ],
    )
    def test_has_the_same_digest_when_it_is_read_again(self, changes: dict[str, object]) -> None:
        object_id = uuid4()
        record_act(by=_actor("名 'x' \\"), act="a.b", object_type="c", object_id=object_id, changes=changes)
        entry = AuditEntry.objects.get(object_id=object_id)
        assert entry.digest == entry_digest(entry)

    def test_waits_for_its_chain_exactly_when_it_is_there(self) -> None:
        with transaction.atomic():
            record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4())
            transaction.set_rollback(True)
        assert not AuditEntry.objects.exists()
        assert not AuditPending.objects.exists()
        record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4())
        assert AuditEntry.objects.get().pk == AuditPending.objects.get().pk

    def test_draws_ids_in_the_order_of_time(self) -> None:
        for number in range(200):
            record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4(), changes={"n": number})
        entries = AuditEntry.objects.order_by("pk")
        assert [entry.changes["n"] for entry in entries] == list(range(200))
        assert {(entry.pk.version, entry.pk.variant) for entry in entries} == {(7, "specified in RFC 4122")}
        times = [entry.created_at for entry in entries]
        assert times == sorted(times)

    def test_is_one_round_trip(self, django_assert_num_queries: object) -> None:
        record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4())
        with django_assert_num_queries(1):  # type: ignore[operator]
            record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4())


class TestDatabase:
    """Not even the tables' owner changes these rows; the application's role is not even asked (tests/machine)."""

    TABLES = ("audit_auditentry", "audit_auditlink", "audit_auditpack", "audit_auditday", "audit_auditseal")

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize(
        "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DELETE FROM {} WHERE false"]
    )
    def test_refuses_every_change(self, table: str, statement: str) -> None:
        with (
            as_owner(),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="审计记录只增不改"),
            transaction.atomic(),
        ):
            cursor.execute(statement.format(table))

    def test_names_the_table_and_the_statement(self) -> None:
        record_act(by=_actor(), act="a.b", object_type="c", object_id=uuid4())
        with as_owner(), pytest.raises(DatabaseError, match="audit_auditentry 执行 DELETE"), transaction.atomic():
            AuditEntry.objects.all().delete()


class TestEntriesMatching:
    def test_narrows_by_every_fact(self, north: Hall, south: Hall) -> None:
        object_id = uuid4()
        record_act(by=_actor("王芳"), act="content.push", object_type="push", object_id=object_id, hall_id=north.id)
        record_act(by=_actor("李四"), act="halls.update", object_type="hall", object_id=south.id, hall_id=south.id)
        record_act(by=_actor("赵六", acting_for="王芳"), act="content.push", object_type="push", object_id=uuid4())

        def found(**asked: object) -> list[str]:
            return [entry.actor_name for entry in entries_matching(EntryFilter(**asked))]  # type: ignore[arg-type]

        assert found() == ["赵六", "李四", "王芳"]
        assert found(person="王芳") == ["赵六", "王芳"]
        assert found(acts=["halls.update"]) == ["李四"]
        assert found(object_types=["push"]) == ["赵六", "王芳"]
        assert found(object_id=object_id) == ["王芳"]
        assert found(hall_ids=[south.id]) == ["李四"]
        assert found(hall_ids=[]) == []
        assert found(hall_id=south.id) == ["李四"]
        assert found(is_province=True) == ["赵六"]

    def test_reads_the_newest_of_one_hall_by_its_index(self, north: Hall) -> None:
        for name in ("甲", "乙", "丙"):
            record_act(by=_actor(name), act="a.b", object_type="push", object_id=uuid4(), hall_id=north.id)
        entries = entries_matching(EntryFilter(hall_id=north.id))
        assert [entry.actor_name for entry in entries] == ["丙", "乙", "甲"]
        with connection.cursor() as cursor:
            # so few are read whole otherwise
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = entries.all()[:2].explain()
        assert "Incremental Sort" in plan
        assert "Index Scan Backward using audit_of_hall" in plan


class TestEntriesAboutPerson:
    def test_are_those_who_saw_their_data_and_who_acted_in_their_place(self) -> None:
        person_id = uuid4()
        record_act(by=_actor("看的人"), act="a.b", object_type="case", object_id=uuid4(), person_id=person_id)
        record_act(by=_actor("改的人"), act="a.b", object_type="citizen", object_id=person_id)
        record_act(
            by=_actor("代办的人", acting_for_id=person_id, acting_for="群众"),
            act="a.b",
            object_type="case",
            object_id=uuid4(),
        )
        record_act(by=_actor("不相干"), act="a.b", object_type="case", object_id=uuid4(), person_id=uuid4())
        names = [entry.actor_name for entry in entries_about_person(person_id)]
        assert names == ["代办的人", "改的人", "看的人"]
