"""Lists of cases at the desk: what a filter counts is what its list has."""

import pytest
from django.utils import timezone

from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.states import ClockKind
from tenants.casework.models import JointOpinion
from tenants.casework.operations.work import take_case
from tenants.casework.queries.desk import cases_at_desk, cases_by_filter
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import accept_but, accepted, apply_at_window, let_pass, make_lacking_setup
from tests.factories.joint import make_joint_setup
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


class TestFilters:
    def test_count_what_their_lists_have(self, north: Hall) -> None:
        lacking, joint = make_lacking_setup(north), make_joint_setup(north)
        with inside(north):
            late, soon, owed = (apply_at_window(north, lacking) for _ in range(3))
            let_pass(late, ClockKind.ACCEPTANCE)
            Clock.objects.filter(owner_id=soon.pk).update(near_on=timezone.localdate())
            accept_but(north, owed)
            take_case(by=person("cao"), hall=north, case_id=late.pk)
            asked = [accepted(north, joint) for _ in range(2)]
            let_pass(JointOpinion.objects.filter(case=asked[0])[0], ClockKind.STEP)
            counts = {}
            for who in ("cao", "jing"):
                desk = Desk(person(who), north)
                counts[who] = cases_by_filter(desk)
                assert counts[who] == {key: cases_at_desk(desk, state=key).count() for key in counts[who]}
        found = {key: number for key, number in counts["cao"].items() if number}
        # who accepts has it
        assert found == {"open": 5, "mine": 4, "late": 1, "soon": 1, "received": 2, "accepted": 3} | {
            "promised": 1,
            "joint": 2,
            "joint-late": 1,
        }
