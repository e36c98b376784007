"""A hall that is merged away by a year's divisions, suspended or retired while cases, opinions and complaints are on
their way between it and others: nothing of it is nobody's, and what was asked is answered."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client

from foundation.errors import Conflict, DomainError
from foundation.events.operations import drain_events
from province.cases.models import Referral
from province.cases.queries.referrals import near
from province.halls.models import Hall
from province.halls.operations import accept_guesses, apply_plan, load_divisions, retire_hall, suspend_hall
from province.halls.queries import plan_with_id
from province.halls.states import HallState
from province.opinion.queries import question_figures
from province.opinion.states import QuestionKind, QuestionState
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from tenants.casework.models import CaseSetup, JointOpinion
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.joint_elsewhere import ask_another
from tenants.casework.operations.opinion_offers import offer_opinions
from tenants.casework.states import JointState
from tenants.engagement.operations.raising import see_that_it_is_read
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, let_pass, make_setup
from tests.factories.citizens import make_proved
from tests.factories.joint import BUILDERS, answer, make_joint_halls
from tests.factories.people import client_of
from tests.factories.referrals import handed_up, make_ladder
from tests.factories.sites import inside
from tests.races import at_once
from tests.tenants.casework.test_joint_halls import again, asked, decide, here, say, there
from tests.tenants.casework.test_raised_complaints import SOUTH, above, complained, make_readers, texts
from tests.tenants.casework.test_raised_complaints import again as question_again
from tests.tenants.casework.test_raised_complaints import answer as answer_complaint

# documents of acceptance go there
pytestmark = pytest.mark.usefixtures("object_store", "no_papers")


NORTH = "north.yizhan.localhost"
TOGETHER = {"420500000000": "宜昌市"}
NORTHS = {
    "420582000000": "当阳市",
    "420582103000": "河溶镇",
    "420582103200": "红联村",
}
SOUTHS = {"420583000000": "枝江市", "420583100000": "安福寺镇"}


def divide(rows: dict[str, str]) -> None:
    """A year's file says so, and it is carried out as the program reads it."""
    lines = [f"{code},{name}" for code, name in rows.items()]
    read = load_divisions(by=person("zhao"), source="new.csv", lines_or_bytes=lines, effective_on=date(2025, 1, 1))
    if read.plan_id:
        plan = plan_with_id(read.plan_id)
        accept_guesses(by=person("zhao"), plan=plan)
        apply_plan(by=person("zhao"), plan=plan)


def merge_south_into_north() -> None:
    divide(TOGETHER | NORTHS | SOUTHS)
    divide(TOGETHER | NORTHS | {"420582105000": "安福寺镇"})
    assert Hall.objects.get(slug="south").division.merged_into == Hall.objects.get(slug="north").division


def merge_north_into_south() -> None:
    divide(TOGETHER | NORTHS | SOUTHS)
    divide(TOGETHER | SOUTHS | {"420583103000": "河溶镇", "420583103200": "红联村"})
    assert Hall.objects.get(slug="north").division.merged_into == Hall.objects.get(slug="south").division


def retire(hall: Hall, successor: Hall | None = None) -> Hall:
    return retire_hall(by=person("zhao"), hall=hall, reason="并入邻县", successor=successor)


def finish(north: Hall, case_id: Any) -> None:
    with inside(north):
        serve_decision(by=person("cao"), hall=north, case_id=case_id, way="window", proof="本人签收")


@pytest.fixture
def halls(north: Hall, south: Hall) -> tuple[Hall, Hall]:
    make_joint_halls(north, south)
    return north, south


@pytest.mark.django_db
class TestHallMergedAway:
    def test_that_was_asked_still_answers_and_cannot_be_retired_before(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        waiting = there(south)
        unread = asked(north)
        merge_south_into_north()
        south.refresh_from_db()
        north.refresh_from_db()
        # one it has taken up, and one that is still on its way
        with pytest.raises(Conflict, match="还有 2 件其他服务厅送来的办件或者征询没有签收、答复，不能停用"):
            retire(south, north)
        assert client_of("qi", "south.yizhan.localhost").get(f"/desk/cases/opinions/{waiting.pk}/").status_code == 200
        say(south, waiting)
        say(south, there(south))
        drain_events()
        assert [here(north, one).state for one in (case, unread)] == [JointState.AGREED] * 2
        assert retire(south, north).state == HallState.RETIRED
        # who is accepted from now on asks at home, and the history says why
        third = asked(north)
        at_home = here(north, third)
        assert (at_home.state, at_home.referral_id, at_home.unit_id) == (JointState.WAITING, None, None)
        with inside(north):
            note = third.acts.get(act="ask_departments").note
        assert "没有送出" in note

    def test_that_asks_gets_its_answers_and_asks_at_its_new_place(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        waiting = there(south)
        merge_north_into_south()
        for hall in halls:
            hall.refresh_from_db()
        with pytest.raises(Conflict, match="还有 1 件办件没有办结、1 件送往其他服务厅的办件或者征询没有结果"):
            retire(north, south)
        # a township of the county that took it in never bore a code of the old one
        other = Hall.objects.get(slug="village")
        Hall.objects.filter(pk=other.pk).update(prefixes=["42", "4205", "420583", "420583100"])
        assert Hall.objects.filter(near(north), pk=other.pk).exists()
        # asked of somebody else, and of the same ones again, before it is answered
        given: dict[str, Any] = {"by": person("cao"), "hall": north, "opinion_id": here(north, case).pk}
        with inside(north):
            ask_another(**given)
        drain_events()
        with inside(south):
            assert JointOpinion.objects.get(pk=waiting.pk).state == JointState.ENDED
            offer_opinions(by=person("nan"), hall=south, unit_ids=[None])
        with inside(north):
            ask_another(**given, hall_id=south.pk)
        renewed = there(south)
        assert renewed.pk != waiting.pk
        with inside(south):
            give_opinion(by=person("nan"), hall=south, opinion_id=renewed.pk, result="agreed")
        drain_events()
        assert here(north, case).state == JointState.AGREED
        with inside(north):
            answer(north, case, BUILDERS)
        decide(north, again(north, case))
        finish(north, case.pk)
        drain_events()
        assert retire(north, south).successor == south

    def test_keeps_what_was_handed_up_until_it_is_decided(self, north: Hall, south: Hall) -> None:
        make_ladder(north, south)
        handed_up(north, south)
        # on its way, not taken up yet
        with pytest.raises(Conflict, match="1 件其他服务厅送来"):
            retire(south)
        drain_events()
        with pytest.raises(Conflict, match="1 件办件没有办结"):
            retire(south)
        with pytest.raises(Conflict, match="1 件办件没有办结、1 件送往其他服务厅"):
            retire(north)


@pytest.mark.django_db
class TestSuspendedHall:
    def test_does_its_open_cases_to_their_end_while_their_time_runs(self, north: Hall) -> None:
        adoption = make_shown(north)
        with inside(north):
            setup = make_setup(north, adoption)
            first, second = accepted(north, setup), accepted(north, setup)
        suspend_hall(by=person("zhao"), hall=north, reason="搬迁")
        assert Client(headers={"host": NORTH}).get(f"/cases/apply/{setup.item_id}/").status_code == 503
        desk, at = client_of("tao", NORTH), f"/desk/cases/{first.pk}/"
        assert first.short_number in desk.get("/desk/cases/").text
        for act, fields in (("decide", {"outcome": "granted"}), ("serve", {"way": "window", "proof": "本人签收"})):
            assert desk.post(at, {"act": act} | fields).status_code == 302
        assert again(north, first).state == "finished"
        with pytest.raises(Conflict, match="1 件办件没有办结"):
            retire(north)
        # no law stops them
        let_pass(second, ClockKind.STATUTORY)
        sweep_clocks()
        drain_events()
        with inside(north):
            assert [one.state for one in Clock.objects.filter(owner_id=second.pk, kind="statutory")] == ["running"]
        assert again(north, second).was_late


@pytest.mark.django_db
class TestHallWithARaisedComplaint:
    @pytest.fixture
    def citizen(self, north: Hall, south: Hall) -> Any:
        return make_readers(north, south)

    def test_answers_it_while_suspended_takes_no_other_and_is_not_retired_before(
        self, north: Hall, south: Hall, citizen: Any
    ) -> None:
        mine = complained(north, citizen)
        drain_events()
        theirs = above(south)
        suspend_hall(by=person("zhao"), hall=south, reason="搬迁")
        with pytest.raises(Conflict, match="1 条咨询或者投诉没有答复"):
            retire(south)
        # whoever asked waits for it below, too
        with pytest.raises(Conflict, match="1 条咨询或者投诉没有答复、1 件办件没有办结、1 件送往其他"):
            retire(north)
        assert client_of("nan", SOUTH).get(f"/desk/questions/{theirs.pk}/").status_code == 200
        # another one is not sent to a hall that is suspended: it is red instead
        other = complained(north, make_proved(2))
        drain_events()
        assert question_again(north, other.pk).state == QuestionState.WAITING
        assert question_figures(kind=QuestionKind.COMPLAINT).unread == 1
        answer_complaint(south, theirs)
        drain_events()
        assert (question_again(north, mine.pk).state, len(texts(north, mine.pk))) == (QuestionState.ANSWERED, 2)
        assert retire(south).state == HallState.RETIRED
        # nor to one that is no more
        with inside(north):
            see_that_it_is_read(hall=north, question_id=other.pk)
        assert question_again(north, other.pk).state == QuestionState.WAITING


@pytest.mark.usefixtures("fresh_database", "object_store")
class TestRetiringAndSendingAtOnce:
    def test_one_comes_first(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        make_joint_halls(north, south)
        with inside(north):
            setup = CaseSetup.objects.get()

        def accept() -> None:
            with inside(north):
                accepted(north, setup)

        found = at_once(partial(retire, south), accept)
        south.refresh_from_db()
        is_retired = south.state == HallState.RETIRED
        assert (Referral.objects.filter(to_hall=south).exists(), isinstance(found[0], DomainError)) == (
            not is_retired,
            not is_retired,
        )
        assert found[1] is None
