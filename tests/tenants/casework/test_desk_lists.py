"""Lists of cases at the desk: what a filter counts is what its list has, and pages follow the list's order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.rows import draw_id
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import JointOpinion
from tenants.casework.operations.work import take_case
from tenants.casework.queries.desk import cases_at_desk, cases_by_filter, due_first
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.casework import accept_but, accepted, apply_at_window, let_pass, make_lacking_setup
from tests.factories.joint import make_joint_setup
from tests.factories.people import client_of
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

    def test_have_the_same_order_by_pages_as_whole(self, north: Hall) -> None:
        """Two of one day, one with two clocks, one whose clock stands, one without any: wherever they are cut."""
        setup = make_lacking_setup(north)
        with inside(north):
            cases = [apply_at_window(north, setup) for _ in range(5)]
            due, today = Clock.objects.filter(kind=ClockKind.ACCEPTANCE), timezone.localdate()
            for case, days in zip(cases, (9, 3, 3, 6, 6), strict=True):
                due.filter(owner_id=case.pk).update(due_on=today + timedelta(days=days))
            second = due.get(owner_id=cases[0].pk)
            second.pk, second.kind, second.due_on = draw_id(), ClockKind.DELIVERY, today + timedelta(days=1)
            second.save(force_insert=True)
            due.filter(owner_id=cases[3].pk).update(state=ClockState.PAUSED, paused_on=today, due_on=None, near_on=None)
            due.filter(owner_id=cases[4].pk).delete()
            desk = Desk(person("cao"), north)
            rows = cases_at_desk(desk, state="open")
            whole = [one.pk for one in rows]
            assert whole == [cases[place].pk for place in (0, 1, 2, 3, 4)]
            for first in range(6):
                for last in range(first, 7):
                    assert [one.pk for one in due_first(north, rows, first, last)] == whole[first:last], (first, last)
            page = client_of("cao", "north.yizhan.localhost").get("/desk/cases/").text
        assert [page.index(case.short_number) for case in cases] == sorted(
            page.index(one.short_number) for one in cases
        )
