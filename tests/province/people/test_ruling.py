"""Whom somebody may rule: nobody whose positions reach farther than the positions by which they would."""

from collections.abc import Callable
from typing import Final

import pytest

from foundation.errors import NotAllowed
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.activation import issue_activation
from province.people.operations.hand_over import hand_over
from province.people.operations.positions import give_position
from province.people.operations.previews import start_preview
from province.rights.actors import Actor
from province.rights.roles import Reach, Role
from tests.conftest import person
from tests.factories.people import account, make_role, make_unit

PREFIX = "420582"
RULES: Final = ("people.manage", "people.preview", "people.read", "rights.appoint")
ACTS: dict[str, Callable[[Actor, Account], object]] = {
    "opens the account": lambda by, who: issue_activation(by=by, account=who),
    "closes it": lambda by, who: close_account(by=by, account=who),
    "reopens it": lambda by, who: reopen_account(by=by, account=who),
    "hands it over": lambda by, who: hand_over(by=by, account=who, successor=account("hua")),
    "looks around as them": lambda by, who: start_preview(by=by, account=who),
}


def keeper(north: Hall, reach: Reach, *permissions: str) -> Actor:
    """Wu keeps the people of a hall, or of its office, in which they work."""
    unit = make_unit("办公室", hall=north)
    give_position(
        by=person("zhao"),
        account=account("wu"),
        role=make_role("人事员", permissions or RULES, hall=north),
        hall_id=north.pk,
        reach_prefix=PREFIX,
        reach=reach,
        unit=unit,
    )
    he = account("he").positions.get()
    he.unit = unit
    he.save()
    return person("wu")


@pytest.mark.django_db
class TestKeeperOfPeople:
    @pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
    def test_of_a_hall_rules_nobody_who_reaches_below_it(self, north: Hall, act: Callable[..., object]) -> None:
        """Else they would open the account of its administrator, and rule all halls below with it."""
        assert account("he").positions.get().reach == Reach.SUBTREE
        with pytest.raises(NotAllowed, match=r"管理范围以外|范围不够大"):
            act(keeper(north, Reach.HALL), account("he"))

    @pytest.mark.parametrize("reach", [Reach.HALL, Reach.SUBTREE])
    def test_of_a_department_rules_nobody_who_reaches_beyond_it(self, north: Hall, reach: Reach) -> None:
        wu = keeper(north, Reach.UNIT, "people.manage")
        account("he").positions.update(reach=reach)
        with pytest.raises(NotAllowed, match="管理范围以外"):
            issue_activation(by=wu, account=account("he"))
        account("he").positions.update(role=Role.WINDOW_CLERK, reach=Reach.UNIT)
        assert issue_activation(by=wu, account=account("he"))

    def test_rules_who_reaches_as_far(self, north: Hall) -> None:
        wu = keeper(north, Reach.HALL)
        account("he").positions.update(role=Role.WINDOW_CLERK, reach=Reach.HALL)
        assert issue_activation(by=wu, account=account("he"))
        start_preview(by=wu, account=account("he"))
        assert not close_account(by=wu, account=account("he")).is_active
        assert reopen_account(by=wu, account=account("he")).is_active
