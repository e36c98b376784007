"""The demo's month: lived once, however often it is begun anew, by people of nobody, in a month that is over."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from stdnum.cn import uscc

from config.demo import month
from config.demo.applicants import applicant
from config.demo.citizens import CITIZENS, make_citizens
from config.demo.clock import living_at
from config.demo.progress import DAYS, lives, month_progress
from foundation import schemas
from foundation.events.models import EventDelivery
from province.audit.models import AuditEntry
from province.cases.models import CaseReport
from province.halls.models import Hall
from standards.items.codelists import CaseType, MaterialNeed
from standards.numbers.residents import birthday_of
from tenants.casework.models import Case
from tenants.casework.queries.acts import MAKE_LICENCE
from tenants.casework.queries.held import acts_of_case
from tenants.casework.states import ServedPaper, ServiceTask
from tenants.licences.queries.register import licences_of_case
from tenants.workflow.models import FilledForm
from tests.factories.adoptions import make_shown
from tests.factories.case_checks import check_case
from tests.factories.catalogue import make_item, make_published
from tests.factories.items import whole_item
from tests.forked import run_and_die

_LIVES = 12
_DESK = {"clerk": "hua", "handler": "cao", "leader": "tao"}


def open_items(north: Hall) -> None:
    """One of each type, under the names that the demo's county takes."""
    material = whole_item()["materials"][0]
    later = [material, material | {"name": "简历", "need": MaterialNeed.LATER.value}]
    body = {"joint_bodies": ["公安局交通管理部门"]}
    at_once = {"promised_days": 0, "promised_unit": "0", "statutory_days": 0, "statutory_unit": "0"}
    at_once |= {"flow": [{"act": "办理", "position": "窗口", "days": 0, "unit": "0"}]}
    for number, (name, case_type, values) in enumerate(
        (
            ("结婚登记", CaseType.INSTANT, at_once),
            ("户口迁移", CaseType.PROMISED, {}),
            ("民办非企业单位登记", CaseType.COMPLETED, {"materials": later}),
            ("临时占用、挖掘城市道路审批", CaseType.JOINT, body),
            ("采矿权新立、延续、变更登记", CaseType.REPORTED, {"upper_body": "宜昌市自然资源和规划局"}),
        )
    ):
        make_shown(north, make_published(make_item(number, name=name, case_type=case_type, **values)))
    north.refresh_from_db()


class TestApplicants:
    def test_are_nobody_and_no_two_are_the_same(self) -> None:
        people = [applicant(place, is_body=True) for place in range(2_700)]
        numbers = [one["applicant_number"] for one in people]
        assert len(set(numbers)) == len({one["applicant_credit_code"] for one in people}) == 2_700
        assert all(birthday_of(one) and one[14:17] == "000" for one in numbers)
        assert all(uscc.is_valid(one["applicant_credit_code"]) for one in people)


@pytest.mark.django_db
class TestMonth:
    def test_is_lived_once_at_its_own_moments_however_often_it_is_broken_off(
        self, north: Hall, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO_CASES = _LIVES
        monkeypatch.setattr(month, "COUNTY_DESK", _DESK)
        with living_at(timezone.now() - timedelta(days=DAYS + 10)):
            open_items(north)
        began_at = timezone.now()

        def rest() -> None:
            """No relay works here."""

        def break_off(said: str) -> None:
            if said.startswith("6 "):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            month.live_month(break_off, rest)
        assert (month_progress().lived, month_progress().is_over) == (6, False)
        assert "6 / 12" in month_progress().words
        for _ in range(2):
            month.live_month(rest=rest)
        entries = list(lives())
        assert Counter(one.changes["place"][1] for one in entries) == Counter(range(_LIVES))
        assert [one.reason for one in entries if one.reason] == []
        assert month_progress().words == ""
        told = EventDelivery.objects.filter(state=EventDelivery.State.WAITING, subscriber="casework.tell_by_phone")
        assert not told.exists()
        # the audit says when it was done, cases say when it would have been
        assert not AuditEntry.objects.filter(object_type="case", created_at__lt=began_at).exists()
        with schemas.enter(north.schema_name):
            cases = list(Case.objects.order_by("pk"))
            for case in cases:
                check_case(north, case)
            latest = {one.pk: max(act.created_at for act in acts_of_case(one)) for one in cases}
            assert {one.case_type for one in cases} == set(CaseType)
            assert [one.received_at for one in cases] == sorted(one.received_at for one in cases)
            days = {timezone.localdate(one.received_at) for one in cases}
            assert len(days) > 5
            assert max(days) < timezone.localdate(began_at)
            assert all(one.received_at <= one.state_at <= latest[one.pk] < began_at for one in cases if not one.is_open)
            licensed = [one for one in cases if licences_of_case(one.pk)]
            assert licensed
            # it is made before anything is done with it, and not on the day on which the demo is loaded
            assert {MAKE_LICENCE in {act.act for act in acts_of_case(one)} for one in licensed} == {True}

    def test_has_citizens_who_apply_online_and_are_served_electronically(
        self, north: Hall, object_store: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DEMO_CASES = 6
        monkeypatch.setattr(month, "COUNTY_DESK", _DESK)
        monkeypatch.setattr(month, "_ONLINE", 1)
        monkeypatch.setattr(month, "_FIRST_ONLINE", 0)
        make_citizens()
        with living_at(timezone.now() - timedelta(days=DAYS + 10)):
            open_items(north)
        month.live_month(rest=lambda: None)
        assert [one.reason for one in lives() if one.reason] == []
        with schemas.enter(north.schema_name):
            cases = list(Case.objects.order_by("pk"))
            for case in cases:
                check_case(north, case)
            assert len({one.citizen_id for one in cases}) == len(CITIZENS)
            assert all(one.serving.choice and one.serving.choice.is_electronic for one in cases)
            served = [one for case in cases for one in case.serving.served]
            # opened and not, asked for more and decided, posted later; and one of which paper is wanted
            assert {bool(one.opened_at) for one in served} == {True, False}
            assert {one.what for one in served} == {ServedPaper.SUPPLEMENT, ServedPaper.DECISION}
            assert ServiceTask.PAPER in {one.service_task for one in cases}


# dies in the third life: in the first turn of its case, or once all of it is done and only its entry is missing
_DIE = """
import os
import signal

from config.demo import month
from config.demo.lives import Turn

month.COUNTY_DESK, where = given
note = month._Month._note


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def note_or_die(self, hall, place, refusal=""):
    die() if place == 2 and where == "entry" else note(self, hall, place, refusal)


def turns(counter, place):
    return [Turn(0, die)] if place == 2 and where == "turn" else []


month._Month._note, month.turns_for = note_or_die, turns
month.live_month(rest=lambda: None)
"""


@pytest.mark.usefixtures("fresh_database")
class TestKilledMonth:
    def test_goes_on_without_a_double_or_a_hole(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        north = Hall.objects.get(slug="north")
        settings.DEMO_CASES = 5
        monkeypatch.setattr(month, "COUNTY_DESK", _DESK)
        with living_at(timezone.now() - timedelta(days=DAYS + 10)):
            open_items(north)
        for where in ("turn", "entry"):
            run_and_die(_DIE, _DESK, where, DEMO_CASES=5)
            assert [one.changes["place"][1] for one in lives().order_by("pk")] == [0, 1], where
            with schemas.enter(north.schema_name):
                before = sorted(Case.objects.values_list("number", flat=True))
                # of the third life nothing is half there
                assert FilledForm.objects.count() == len(before), where
        month.live_month(rest=lambda: None)
        assert sorted(one.changes["place"][1] for one in lives()) == list(range(5))
        assert [one.reason for one in lives() if one.reason] == []
        with schemas.enter(north.schema_name):
            cases = list(Case.objects.order_by("pk"))
            assert {one.number for one in cases} > set(before)
            assert FilledForm.objects.count() == len(cases) == len({one.number for one in cases})
            for case in cases:
                check_case(north, case)
        assert CaseReport.objects.count() == len(cases)
