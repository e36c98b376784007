"""Statements that are gathered: in their order, before whatever reads, and gone with the transaction that fails."""

from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.gathering import gathering, insert_row, send, update_row
from province.halls.models import HallGeneration
from province.people.models import OpenWork

pytestmark = pytest.mark.django_db

_SET = "UPDATE people_openwork SET kind = %s WHERE kind = %s"


_ME = UUID(int=7)


def _note(kind: str) -> None:
    insert_row(OpenWork(hall_id=_ME, kind=kind, object_id=_ME, owner_id=_ME))


@transaction.atomic
def _change_and_fail() -> None:
    send(_SET, ["b", "a"])
    raise LookupError


def kinds() -> list[str]:
    return sorted(OpenWork.objects.values_list("kind", flat=True))


class TestGathering:
    def test_sends_in_order_with_what_reads_and_at_the_end(self) -> None:
        # the connection has said by now where it looks for tables
        assert kinds() == []
        with CaptureQueriesContext(connection) as asked, gathering():
            send(_SET, ["none", "nobody's"])
            _note("a")
            send(_SET, ["b", "a"])
            assert kinds() == ["b"]
            with gathering():
                send(_SET, ["c", "b"])
            send(_SET, ["d", "c"])
        # what read took them along; the rest went at the end
        assert len(asked) == 2, [one["sql"] for one in asked]
        assert kinds() == ["d"]

    def test_goes_by_savepoints_and_drops_what_failed(self) -> None:
        with gathering():
            _note("a")
            with pytest.raises(LookupError):
                _change_and_fail()
            assert kinds() == ["a"]
        with pytest.raises(LookupError), gathering():
            _change_and_fail()
        assert kinds() == ["a"]
        # without it, each goes at once
        send(_SET, ["b", "a"])
        assert kinds() == ["b"]

    def test_writes_the_fields_that_are_named(self) -> None:
        row = HallGeneration.objects.first()
        assert row
        row.generation += 5
        with gathering():
            update_row(row, "generation")
        again = HallGeneration.objects.get(pk=row.pk)
        assert again.generation == row.generation
