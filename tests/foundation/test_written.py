"""Statements that are put together once: they ask what Django's own would, for whatever ids they are given."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.gathering import insert_rows
from foundation.written import columns_of, read_rows, row_from, rows_once
from province.halls.models import Hall
from province.people.models import OpenWork

pytestmark = pytest.mark.django_db

_ME, _YOU = UUID(int=7), UUID(int=8)


def _work(object_id: UUID, owner_id: UUID) -> OpenWork:
    return OpenWork(hall_id=_ME, kind="a", object_id=object_id, owner_id=owner_id)


def _owned(hall_id: UUID, owners: list[UUID]) -> QuerySet[Any, Any]:
    found = OpenWork.objects.filter(hall_id=hall_id, kind="a", owner_id__in=owners)
    return found.order_by("object_id").values_list("object_id", flat=True)


def _owned_since(day: date, hall_id: UUID) -> QuerySet[Any, Any]:
    found = OpenWork.objects.filter(hall_id=hall_id, created_at__date__gte=day)
    return found.order_by("object_id").values_list("object_id", flat=True)


def _all(_hall_id: UUID) -> QuerySet[Any, Any]:
    return OpenWork.objects.values_list("object_id", flat=True)


class TestRows:
    def test_are_those_that_django_finds(self) -> None:
        insert_rows([_work(_ME, _ME), _work(_YOU, _YOU)])
        for owners in ([_ME], [_YOU], [_ME, _YOU], [_YOU, _ME], [UUID(int=9)], [_ME]):
            for hall_id in (_ME, _YOU):
                found = [one for (one,) in rows_once(_owned, hall_id, owners)]
                assert found == list(_owned(hall_id, owners)), (hall_id, owners)

    def test_are_those_since_a_day(self) -> None:
        insert_rows([_work(_ME, _ME)])
        today = timezone.localdate()
        for day, found in ((today, [(_ME,)]), (today + timedelta(days=1), []), (today, [(_ME,)])):
            assert rows_once(_owned_since, day, _ME) == found, day

    def test_refuse_a_query_that_does_not_ask_for_what_it_is_given(self) -> None:
        with pytest.raises(LookupError, match="not asked for"):
            rows_once(_all, _ME)

    def test_are_inserted_at_once_and_learn_what_the_database_gives(self) -> None:
        # the connection has said by now where it looks for tables
        assert not OpenWork.objects.exists()
        with CaptureQueriesContext(connection) as asked:
            made = [_work(_ME, _ME), _work(_YOU, _ME)]
            insert_rows(made, kind=("lower(%s)", ["WORKED"]))
            insert_rows([])
        assert len(asked) == 1
        kept = {one.pk: one for one in OpenWork.objects.filter(kind="worked")}
        for one in made:
            assert kept[one.pk].object_id == one.object_id
            assert (one.kind, one.created_at) == ("worked", kept[one.pk].created_at)
        # it is there by now: written again, it is changed
        made[0].owner_id = _YOU
        made[0].save()
        assert OpenWork.objects.filter(owner_id=_YOU, object_id=_ME).count() == 1

    def test_are_read_as_django_reads_them(self) -> None:
        hall = Hall.objects.order_by("pk").first()
        assert hall
        sql = f"SELECT {columns_of(Hall, 'one')} FROM halls_hall AS one WHERE one.id = %s"  # noqa: S608 - names of our own
        ((*values,),) = read_rows(sql, [hall.pk])
        read = row_from(Hall, values)
        for one in Hall._meta.concrete_fields:
            assert getattr(read, one.attname) == getattr(hall, one.attname), one.name
