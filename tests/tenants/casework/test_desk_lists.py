"""Lists of cases at the desk: what a filter counts is what its list has, and pages follow the list's order."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from foundation.rows import draw_id
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import Case, JointOpinion
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.work import take_case
from tenants.casework.queries.desk import case_lines, cases_at_desk, cases_by_filter, due_first
from tenants.casework.queries.waiting import waiting_cases
from tenants.shell.slots import Desk
from tenants.workflow.models import Run
from tests.conftest import person
from tests.factories.casework import accept_but, accepted, apply_at_window, let_pass, make_lacking_setup
from tests.factories.joint import BUILDERS, POLICE, answer, make_joint_setup, seat_at
from tests.factories.people import client_of, make_unit
from tests.factories.runs import HANDLERS, free_step, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


class TestToDecide:
    def test_waits_for_who_may_decide_while_nobody_else_is_waited_for(self, north: Hall) -> None:
        lacking, joint = make_lacking_setup(north), make_joint_setup(north)
        leader, handler = (Desk(person(who), north) for who in ("he", "cao"))

        def waiting(desk: Desk) -> list[UUID]:
            return [one.key for one in waiting_cases(desk) if one.tag == "待决定"]

        with inside(north):
            free, asked = accepted(north, lacking), accepted(north, joint)
            accept_but(north, apply_at_window(north, lacking))
            lacking.flow = row_of(north, free_step("look", HANDLERS), code="examine")
            lacking.save()
            examined = accepted(north, lacking)
            assert (waiting(leader), waiting(handler)) == ([free.pk], [])
            assert [one.pk for one in cases_at_desk(leader, state="to-decide")] == [free.pk]
            for body in (POLICE, BUILDERS):
                answer(north, asked, body, "agreed")
            assert waiting(leader) == [free.pk, asked.pk]
            # it was broken off
            Run.objects.filter(pk=examined.run_id).update(ended_at=timezone.now())
            assert set(waiting(leader)) == {free.pk, asked.pk, examined.pk}
            decide_case(by=leader.by, hall=north, case_id=free.pk, outcome="granted", reasons="")
            assert set(waiting(leader)) == {asked.pk, examined.pk}


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

    def test_are_put_together_once(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the first page asks: Django's work for its statements is longer than the database's answers."""
        setup, desk = make_lacking_setup(north), Desk(person("cao"), north)
        put_together, as_sql = [], SQLCompiler.as_sql
        with inside(north):
            apply_at_window(north, setup)
            for _ in range(2):
                cases_by_filter(desk)
                found = due_first(desk, cases_at_desk(desk, state="open"), 0, 1, all_open=1)
                assert len(case_lines(north, found)) == 1
                monkeypatch.setattr(
                    SQLCompiler,
                    "as_sql",
                    lambda it, *given, **named: put_together.append(it.query) or as_sql(it, *given, **named),
                )
        assert put_together == []

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
            # as any list, as few, and as so many that the database begins with the clocks
            for number in (None, 5, 5_000):
                for first in range(6):
                    for last in range(7):
                        found = [one.pk for one in due_first(desk, rows, first, last, all_open=number)]
                        assert found == whole[first:last], (number, first, last)
            # of one department, beside cases of others
            unit = make_unit("一科", hall=north)
            seat_at(north, unit, "yi-ke", "易科")
            Case.objects.filter(pk__in=[one.pk for one in cases[1:4]]).update(unit_id=unit.pk)
            officer = Desk(person("yi-ke"), north)
            rows = cases_at_desk(officer, state="open")
            assert [one.pk for one in rows] == whole[1:4]
            assert cases_by_filter(officer)["open"] == 3
            for number in (None, 3, 5_000):
                assert [one.pk for one in due_first(officer, rows, 1, 3, all_open=number)] == whole[2:4], number
            nobody = Desk(replace(officer.by, grants=()), north)
            assert not any(cases_by_filter(nobody).values())
            assert not due_first(nobody, cases_at_desk(nobody), 0, 30, all_open=3)
            page = client_of("cao", "north.yizhan.localhost").get("/desk/cases/").text
        assert [page.index(case.short_number) for case in cases] == sorted(
            page.index(one.short_number) for one in cases
        )
