"""A code that nobody has used opens no account that has gained rights from somebody else meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from foundation.errors import NotAllowed
from province.halls.models import Hall
from province.people.models import ActivationCode
from province.people.operations.activation import issue_activation, use_activation_code
from province.people.operations.hand_over import hand_over
from province.people.operations.people import admit_person
from province.people.operations.people_imports import import_people
from province.people.operations.positions import give_position
from province.people.operations.roles import change_role
from province.people.operations.substitutes import name_substitute
from province.rights.actors import Actor
from province.rights.roles import Role
from tests.conftest import person
from tests.factories.people import account, make_role, people_table_file, position_of
from tests.races import at_once

PREFIX = "420582"
NEW = "zhang.san"


@pytest.fixture
def code(north: Hall) -> str:
    """Of somebody whom Zhao has admitted, and who has not used it."""
    role = make_role("秘书", ["content.read"], hall=north)
    return admit_person(by=person("zhao"), username=NEW, name="张三", role=role, hall_id=north.pk, prefix=PREFIX)[1]


def gives(by: Actor, hall: Hall) -> None:
    give_position(by=by, account=account(NEW), role=Role.EDITOR, hall_id=hall.pk, reach_prefix=PREFIX)


def takes_in(by: Actor, hall: Hall) -> None:
    rows = [(NEW, "张三", "", "", "编辑")]
    assert import_people(by=by, file=people_table_file(rows), hall_id=hall.pk, prefix=PREFIX).positions == 1


def hands_over(by: Actor, hall: Hall) -> None:
    hand_over(by=by, account=account("sun"), successor=account(NEW))


def names_substitute(by: Actor, hall: Hall) -> None:
    today = localdate()
    name_substitute(
        by=by, position=position_of("sun"), substitute=account(NEW), from_on=today, to_on=today + timedelta(days=3)
    )


def widens(by: Actor, hall: Hall) -> None:
    role = account(NEW).positions.get().own_role
    assert role
    change_role(by=by, role=role, name="秘书", permissions=["content.read", "content.write"], prefix=PREFIX)


def widens_where_the_person_stands_in(by: Actor, hall: Hall) -> None:
    role = make_role("文书", ["content.read"], hall=hall)
    held = give_position(by=person("zhao"), account=account("sun"), role=role, hall_id=hall.pk, reach_prefix=PREFIX)
    today = localdate()
    name_substitute(by=person("zhao"), position=held, substitute=account(NEW), from_on=today, to_on=today)
    assert ActivationCode.objects.get(account__username=NEW).used_at is None
    change_role(by=by, role=role, name="文书", permissions=["content.read", "content.write"], prefix=PREFIX)


GAINS = [gives, takes_in, hands_over, names_substitute, widens, widens_where_the_person_stands_in]


@pytest.mark.django_db
class TestAnUnusedCode:
    @pytest.mark.parametrize("gain", GAINS)
    def test_ends_when_somebody_else_gives_more_rights(
        self, north: Hall, code: str, gain: Callable[[Actor, Hall], None]
    ) -> None:
        gain(person("he"), north)
        assert use_activation_code(username=NEW, code=code) is None
        # who has given them hands out another one
        assert use_activation_code(username=NEW, code=issue_activation(by=person("he"), account=account(NEW)))

    @pytest.mark.parametrize("gain", GAINS)
    def test_goes_on_when_its_issuer_gives_them(
        self, north: Hall, code: str, gain: Callable[[Actor, Hall], None]
    ) -> None:
        gain(person("zhao"), north)
        assert use_activation_code(username=NEW, code=code) == account(NEW)

    def test_goes_on_when_nothing_is_gained(self, north: Hall, code: str) -> None:
        role = account(NEW).positions.get().own_role
        assert role
        give_position(by=person("he"), account=account(NEW), role=role, hall_id=north.pk, reach_prefix=PREFIX)
        change_role(by=person("he"), role=role, name="文秘", permissions=["content.read"], prefix=PREFIX)
        assert use_activation_code(username=NEW, code=code)

    def test_of_which_no_issuer_is_kept_ends(self, north: Hall, code: str) -> None:
        ActivationCode.objects.update(issued_by_id=None)
        gives(person("zhao"), north)
        assert use_activation_code(username=NEW, code=code) is None


@pytest.mark.usefixtures("fresh_database")
class TestAtOnce:
    def test_with_a_gain_a_code_is_refused_or_ends(self) -> None:
        """A hall's administrator issues one while the province gives what the administrator does not rule."""
        north = Hall.objects.get(slug="north")
        role = make_role("秘书", ["content.read"], hall=north)
        admit_person(by=person("zhao"), username=NEW, name="张三", role=role, hall_id=north.pk, prefix=PREFIX)
        issued, _ = at_once(
            partial(issue_activation, by=person("he"), account=account(NEW)),
            partial(give_position, by=person("zhao"), account=account(NEW), role=Role.PROVINCE_OPERATOR),
        )
        with transaction.atomic():
            assert isinstance(issued, NotAllowed) or use_activation_code(username=NEW, code=issued) is None
