"""A calendar is published that moves the last days of open cases: who has them is told, once, and the applicant reads
what it was before."""

import pytest

from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.messaging.models import Notice
from province.workdays.models import Clock, ClockRecount
from province.workdays.operations.recounts import carry_on_recount
from tenants.casework.models import CaseSetup
from tenants.casework.operations.acceptance import accept_case, ask_for_correction
from tenants.casework.operations.handlers import tell_of_moved_clocks
from tests.conftest import person
from tests.factories.casework import apply_online, give_all
from tests.factories.citizens import make_proved
from tests.factories.workdays import make_calendar
from tests.province.workdays.test_recounts import closes, workday
from tests.tenants.casework.test_citizen_api import OWN
from tests.tenants.casework.test_desk_pages import desk
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


class TestTimeToBring:
    @pytest.mark.usefixtures("no_papers")
    def test_is_the_clocks_on_each_page_that_says_it(self, at_north: Hall) -> None:
        citizen = make_proved(1)
        case = apply_online(at_north, CaseSetup.objects.get(), citizen)
        ask_for_correction(by=person("cao"), hall=at_north, case_id=case.pk, asked=["缺身份证"], workdays=10)
        clock = Clock.objects.get(owner_id=case.pk, kind="supplement")
        before = clock.due_on
        make_calendar(*closes(workday(at_north, 3)))
        drain_events()
        assert carry_on_recount(recount_id=ClockRecount.objects.latest("pk").pk)
        clock.refresh_from_db()
        assert before != clock.due_on
        own = signed_in(citizen)
        for page in (own.get(f"/cases/{case.pk}/").text, desk("cao").get(f"/desk/cases/{case.pk}/").text):
            for day, is_there in ((clock.due_on, True), (before, False)):
                assert day
                written = f"{day.year}年{day.month}月{day.day}日"
                assert (f"{written}</strong> 前补齐" in page or f"{written}前补齐" in page) is is_there
        assert own.get(f"{OWN}/{case.pk}").json()["until"] == clock.due_on.isoformat()


class TestMovedLimits:
    @pytest.mark.usefixtures("no_papers")
    def test_are_told_once_to_who_has_the_cases_and_on_the_applicants_page(self, at_north: Hall) -> None:
        setup, citizen = CaseSetup.objects.get(), make_proved(1)
        case = give_all(at_north, apply_online(at_north, setup, citizen))
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        before = Clock.objects.get(owner_id=case.pk, kind="promised").due_on
        make_calendar(*closes(workday(at_north, 3)))
        drain_events()
        recount = ClockRecount.objects.latest("pk")
        assert carry_on_recount(recount_id=recount.pk)
        drain_events()
        told = Notice.objects.filter(kind="casework.moved")
        assert {one.account_id for one in told} == {person("cao").id}
        assert "本厅 1 件办件的期限已重算" in told[0].title
        event = told[0].cause_id
        tell_of_moved_clocks(hall=at_north, recount_id=recount.pk, why="重来", cause_id=event)
        assert told.count() == 1
        page = signed_in(citizen).get(f"/cases/{case.pk}/").text
        assert before
        assert f"原为{before.year}年{before.month}月{before.day}日" in page
