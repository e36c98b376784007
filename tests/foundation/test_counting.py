"""Counts by statements that are put together once: they find what Django's own would."""

from uuid import UUID

import pytest
from django.db.models import QuerySet

from foundation.counting import count_once
from foundation.gathering import insert_rows
from province.people.models import OpenWork

pytestmark = pytest.mark.django_db

_ME, _YOU = UUID(int=7), UUID(int=8)


def _work(object_id: UUID, owner_id: UUID) -> OpenWork:
    return OpenWork(hall_id=_ME, kind="a", object_id=object_id, owner_id=owner_id)


def _of_owners(owners: tuple[UUID, ...]) -> QuerySet[OpenWork]:
    return OpenWork.objects.filter(owner_id__in=owners)


class TestCount:
    def test_is_that_of_django_for_whatever_it_is_given(self) -> None:
        insert_rows([_work(_ME, _ME), _work(_YOU, _YOU), _work(UUID(int=9), _YOU)])
        for owners in ((_ME,), (_YOU,), (_ME, _YOU), (UUID(int=9),), (), (_YOU,)):
            assert count_once(_of_owners, owners) == _of_owners(owners).count(), owners

    def test_is_counted_anew_by_a_statement_that_is_put_together_once(self) -> None:
        asked: list[str] = []

        def ask(kind: str) -> QuerySet[OpenWork]:
            asked.append(kind)
            return OpenWork.objects.filter(kind=kind)

        assert count_once(ask, "a") == 0
        insert_rows([_work(_ME, _ME)])
        assert [count_once(ask, "a"), count_once(ask, "b"), count_once(ask, "a")] == [1, 0, 1]
        assert asked == ["a", "b"]
