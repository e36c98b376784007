"""Two halls take in the same person at once."""

from functools import partial

import pytest

from foundation.errors import NotFound
from province.halls.models import Hall
from province.people.models import Position
from province.people.operations.people import appoint_person
from province.rights.roles import Role
from tests.conftest import person
from tests.races import at_once


@pytest.mark.usefixtures("fresh_database")
class TestAppointPersonAtOnce:
    def test_gives_one_first_position(self, north: Hall, south: Hall) -> None:
        appoint = partial(appoint_person, by=person("zhao"), username="wu", name="吴名", role=Role.EDITOR)
        outcomes = at_once(
            partial(appoint, hall_id=north.pk, prefix="420582"), partial(appoint, hall_id=south.pk, prefix="420583")
        )
        assert sum(isinstance(one, NotFound) for one in outcomes) == 1
        assert Position.objects.filter(account__username="wu").count() == 1
