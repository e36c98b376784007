"""A subscriber that works in a hall finds itself in the hall of its event."""

from uuid import UUID

import pytest

from foundation.events.kinds import NoPayload, ReceivedEvent
from foundation.events.models import Event
from foundation.rows import draw_id
from foundation.schemas import PUBLIC, current_schema
from province.halls.models import Hall
from province.halls.states import HallState
from tenants.shell.subscribers import in_hall

pytestmark = pytest.mark.django_db


def schemas_entered(hall_id: UUID | None) -> list[tuple[Hall, str]]:
    entered = []

    @in_hall
    def look(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
        entered.append((hall, current_schema()))

    look(ReceivedEvent(Event(kind="tests.happened", hall_id=hall_id), NoPayload()))
    assert current_schema() == PUBLIC
    return entered


class TestInHall:
    def test_works_in_the_halls_schema_and_leaves_it(self, north: Hall, south: Hall) -> None:
        assert schemas_entered(north.pk) == [(north, north.schema_name)]
        assert schemas_entered(south.pk) == [(south, south.schema_name)]

    def test_has_nothing_to_do_in_a_hall_that_is_not_there(self, north: Hall, south: Hall) -> None:
        Hall.objects.filter(pk=north.pk).update(state=HallState.RETIRED)
        Hall.objects.filter(pk=south.pk).update(schema_name="hall_999999")
        assert [schemas_entered(one) for one in (north.pk, south.pk, draw_id())] == [[], [], []]

    def test_needs_an_event_of_a_hall(self) -> None:
        with pytest.raises(ValueError, match="belongs to no hall"):
            schemas_entered(None)
