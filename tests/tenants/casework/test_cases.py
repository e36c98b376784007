"""Cases: received once, accepted, examined, decided, served, archived; by the table of their states and clocks."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.operations import drain_events
from province.cases.models import CaseApplicant, CaseReport
from province.cases.states import CaseOutcome, CaseState, Channel
from province.halls.models import Hall
from province.people.models import OpenWork
from province.workdays.models import Clock
from province.workdays.states import ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseAct, CaseSetup, Decision
from tenants.casework.operations.acceptance import (
    accept_case,
    ask_for_correction,
    bring_the_rest,
    decline_case,
    deem_accepted,
)
from tenants.casework.operations.closing import archive_case, finish_at_once, serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    terminate_case,
    transfer_case,
    withdraw_case,
)
from tenants.casework.operations.work import put_back_case, take_case
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all, make_setup
from tests.factories.citizens import make_proved
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_north(north: Hall) -> Iterator[Hall]:
    adoption = make_shown(north)
    north.refresh_from_db()
    with inside(north):
        make_setup(north, adoption)
        yield north


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def again(case: Case) -> Case:
    return Case.objects.select_related("setup").get(pk=case.pk)


def clocks(case: Case) -> dict[str, str]:
    """Kind of clock → how it stands; of several of a kind the newest."""
    return dict(Clock.objects.filter(owner_id=case.pk).order_by("pk").values_list("kind", "state"))


class TestReceiving:
    def test_makes_one_case_of_one_form_with_a_number_by_item_and_day(self, at_north: Hall, setup: CaseSetup) -> None:
        first, second = apply_at_window(at_north, setup), apply_at_window(at_north, setup)

        begins = f"{timezone.localdate():%Y%m%d}"
        assert [first.number[-12:], second.number[-12:]] == [f"{begins}0001", f"{begins}0002"]
        assert len(first.number) == 43
        assert (first.state, first.channel) == (CaseState.RECEIVED, Channel.WINDOW)
        assert clocks(first) == {"acceptance": ClockState.RUNNING}
        applicant = CaseApplicant.objects.get(pk=first.applicant_id)
        assert (applicant.name.plain, applicant.shown_name) == ("安娜", "安*")
        report = CaseReport.objects.get(pk=first.pk)
        assert (report.number, report.state, report.hall_id) == (first.number, "received", at_north.pk)

    def test_takes_a_citizens_application_only_when_every_needed_file_is_there(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        citizen = make_proved(1)

        with pytest.raises(Invalid) as refused:
            apply_online(at_north, setup, citizen, material_1=[])
        assert [one.where for one in refused.value.faults] == ["material_1"]
        case = apply_online(at_north, setup, citizen)
        assert (case.channel, case.citizen_id) == (Channel.SITE, citizen.pk)
        assert set(case.materials.values_list("state", flat=True)) <= {"given", "not_needed", "missing"}
