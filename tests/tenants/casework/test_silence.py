"""Nobody tells an applicant in time whether the application is accepted: it is, since its papers came in (行政许可法
art. 32), whether the sweep has come or somebody accepts it later; and then nothing more can be asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import drain_events
from province.cases.models import CaseReport
from province.cases.states import CaseState
from province.halls.models import Hall
from province.messaging.models import Notice
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from tenants.casework.models import Case, CaseSetup, Correction
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, bring_the_rest, decline_case
from tenants.casework.operations.time import note_ran_out
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.queries.papers import documents_of_case
from tests.conftest import person
from tests.factories.casework import apply_at_window, give_all, let_pass
from tests.tenants.casework.test_desk_pages import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture
def case(at_north: Hall) -> Case:
    """Whole, received forty days ago."""
    made = give_all(at_north, apply_at_window(at_north, CaseSetup.objects.get()))
    Case.objects.filter(pk=made.pk).update(received_at=timezone.now() - timedelta(days=40))
    run_out(made, 40)
    return made


def run_out(case: Case, days: int) -> None:
    """The time to tell the applicant began so many days ago, and was over yesterday."""
    today = timezone.localdate()
    running = Clock.objects.filter(owner_id=case.pk, kind=ClockKind.ACCEPTANCE, ended_on=None)
    running.update(began_on=today - timedelta(days=days), due_on=today - timedelta(days=1))


def began(case: Case) -> set[int]:
    """How many days ago the clocks of the examination began."""
    clocks = Clock.objects.filter(owner_id=case.pk, kind__in=(ClockKind.STATUTORY, ClockKind.PROMISED))
    return {(timezone.localdate() - one.began_on).days for one in clocks}


def days_since(case: Case) -> int:
    return (timezone.localdate() - timezone.localdate(case.accepted_at)).days


class TestCorrection:
    def test_that_nobody_brings_in_time_waits_for_the_hall_again(self, at_north: Hall) -> None:
        case = apply_at_window(at_north, CaseSetup.objects.get())
        given = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        ask_for_correction(**given, asked=["缺身份证"], workdays=5)
        with pytest.raises(Conflict, match="还没有过"):
            decline_case(**given, said="逾期没有补正。")
        assert "不予受理</summary>" not in desk("cao").get(f"/desk/cases/{case.pk}/").text
        let_pass(case, ClockKind.SUPPLEMENT)
        for _ in range(2):
            sweep_clocks()
            drain_events()
        told = Notice.objects.filter(title__startswith="补正期限已过，没有补齐")
        assert [one.account_id for one in told] == [person("cao").id]
        assert "不予受理</summary>" in desk("cao").get(f"/desk/cases/{case.pk}/").text
        found = decline_case(**given, said="逾期没有补正身份证。")
        assert (found.state, found.was_late) == (CaseState.DECLINED, False)
        assert not Clock.objects.filter(owner_id=case.pk, ended_on=None).exists()

    def test_without_a_limit_is_waited_for(self, at_north: Hall) -> None:
        case = apply_at_window(at_north, CaseSetup.objects.get())
        given = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        ask_for_correction(**given, asked=["缺身份证"])
        with pytest.raises(Conflict, match="还没有过"):
            decline_case(**given, said="没有补正。")


class TestSilence:
    def test_accepts_from_the_day_of_receipt_and_tells_the_applicant(self, at_north: Hall, case: Case) -> None:
        note_ran_out(hall=at_north, case_id=case.pk, kind="acceptance", cause_id=case.pk)
        found = Case.objects.select_related("setup", "filled__version").get(pk=case.pk)
        assert (found.is_deemed_accepted, days_since(found), began(found)) == (True, 40, {40})
        day = timezone.localdate(found.received_at)
        assert CaseReport.objects.get(pk=case.pk).accepted_on == day
        said = f"自收到材料之日（{day.year}年{day.month}月{day.day}日）起视为受理"
        assert said in own_case_view(found).told[0].said
        assert [one.kind for one in documents_of_case(found)] == ["acceptance"]

    def test_after_a_correction_accepts_from_the_day_of_the_full_set(self, at_north: Hall) -> None:
        case = give_all(at_north, apply_at_window(at_north, CaseSetup.objects.get()))
        given = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        ask_for_correction(**given, asked=["缺身份证"])
        bring_the_rest(**given)
        now = timezone.now()
        Case.objects.filter(pk=case.pk).update(received_at=now - timedelta(days=40))
        Correction.objects.filter(case=case).update(answered_at=now - timedelta(days=10))
        run_out(case, 10)
        note_ran_out(hall=at_north, case_id=case.pk, kind="acceptance", cause_id=case.pk)
        found = Case.objects.get(pk=case.pk)
        assert (found.state, days_since(found), began(found)) == (CaseState.ACCEPTED, 10, {10})

    def test_leaves_nothing_to_ask_for_and_dates_an_acceptance_by_hand_back(self, at_north: Hall, case: Case) -> None:
        """The sweep has not come yet."""
        given = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        with pytest.raises(Conflict, match="不能再要求补正"):
            ask_for_correction(**given, asked=["缺身份证"])
        with pytest.raises(Conflict, match="不能再不予受理"):
            decline_case(**given, said="不属于本厅职权。")
        found = accept_case(**given)
        assert (found.is_deemed_accepted, found.was_late, days_since(found), began(found)) == (True, True, 40, {40})
