"""A last day that lies behind a year without a notice says so wherever it is shown, on paper too, and no longer once
the notice is there."""

from uuid import uuid4

import pytest
from django.utils import timezone

from province.halls.models import Hall
from province.workdays.models import CalendarGeneration, Clock, YearCalendar
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import accept_case, ask_for_correction
from tenants.casework.queries.papers import documents_of_case
from tests.conftest import person
from tests.factories.casework import apply_online, give_all
from tests.factories.citizens import make_proved
from tests.factories.runs import free_step, people, row_of
from tests.tenants.casework.test_desk_pages import desk, program
from tests.tenants.citizen_pages.test_pages import signed_in
from tests.tenants.workflow.test_run_pages import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

BRIEFLY, WHOLE = "按周末推算", "按周末推算，国务院安排公布后重算"


def publish(state: str) -> None:
    """No notice of this year and the next, or both."""
    year = timezone.localdate().year
    YearCalendar.objects.filter(year__in=(year, year + 1), prefix="").update(state=state)
    CalendarGeneration.objects.update_or_create(id=1, defaults={"mark": uuid4()})


class TestAssumedDay:
    @pytest.mark.parametrize("is_assumed", [True, False])
    def test_says_so_wherever_it_stands(self, at_north: Hall, *, is_assumed: bool) -> None:
        if is_assumed:
            publish("replaced")
        setup, citizen = CaseSetup.objects.get(), make_proved(1)
        setup.flow = row_of(at_north, free_step("look", people("cao"), limit={"amount": 1}), code="examine")
        setup.save()
        case, asked = (apply_online(at_north, setup, citizen) for _ in range(2))
        give_all(at_north, case)
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        ask_for_correction(by=person("cao"), hall=at_north, case_id=asked.pk, asked=["缺身份证"], workdays=5)
        case.refresh_from_db()
        cao, own = desk("cao"), signed_in(citizen)
        for words, page in (
            (BRIEFLY, cao.get("/desk/cases/?state=accepted")),
            (BRIEFLY, cao.get("/desk/cases/?state=accepted&export=csv")),
            (BRIEFLY, cao.get(f"/desk/cases/{case.pk}/")),
            (WHOLE, cao.get(f"/desk/cases/{case.pk}/")),
            (BRIEFLY, cao.get(f"/desk/cases/{asked.pk}/")),
            (BRIEFLY, cao.get("/desk/work/")),
            (BRIEFLY, cao.get("/desk/work/?export=csv")),
            (f"（{BRIEFLY}）", cao.get(f"/desk/runs/{case.run_id}/")),
            (f"前办理（{BRIEFLY}）", cao.get("/desk/tasks/")),
            (BRIEFLY, own.get(f"/cases/{case.pk}/")),
            (WHOLE, own.get(f"/cases/{case.pk}/")),
            (WHOLE, own.get(f"/cases/{asked.pk}/")),
        ):
            assert page.status_code == 200
            assert (words in page.text) is is_assumed, (words, page.request["PATH_INFO"])
        shown = program("he").get(f"/api/hall/v1/casework/cases/{case.pk}").json()
        assert {one["is_assumed"] for one in shown["clocks"] if one["state"] == "running"} == {is_assumed}
        (step,) = Program("cao").get("/work/items").json()["items"]
        assert step["is_assumed"] is is_assumed
        for one in (case, asked):
            (paper,) = documents_of_case(one)
            said = paper.values.opened(at_north.pk)["assumed"]
            assert said == (f"（{WHOLE}）" if is_assumed else ""), paper.kind
        assert Clock.objects.filter(is_assumed=True).exists() is is_assumed
