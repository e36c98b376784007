"""上转: a complaint that nobody in its hall may read goes up to the nearest hall above in which somebody may, once;
what is answered there comes back to who complained."""

from typing import Any
from unittest.mock import ANY
from uuid import UUID

import pytest
from django.db import connection

from config.doctor.complaints import complaints_are_read
from config.doctor.findings import DoctorFault
from foundation.errors import Conflict
from foundation.events.models import DueTime, EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.cases.models import Referral, ReferralParcel, ReferralReceipt
from province.cases.states import ReceiptState, ReferralState
from province.citizens.models import Citizen, PhoneNotice
from province.halls.models import Hall
from province.messaging.models import Notice
from province.opinion.models import QuestionReport
from province.opinion.queries import question_figures
from province.opinion.states import QuestionKind, QuestionState
from province.people.models import Position
from province.rights.roles import Reach, Role
from province.workdays.queries import calendar_of_hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.complaints import CaseComplaint, complain_about_own_case
from tenants.casework.operations.referrals_in import take_up_again
from tenants.engagement.events import NEXT_DAY
from tenants.engagement.models import Question
from tenants.engagement.operations import from_below, raising
from tenants.engagement.operations.answering import close_question, refuse_question, reply_to_question
from tenants.engagement.operations.raising import bring_answers, see_that_it_is_read
from tenants.engagement.operations.reports import report_again
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_online, give_all, make_setup
from tests.factories.citizens import make_proved, phone_of
from tests.factories.engagement import last_of
from tests.factories.halls import make_person
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns
from tests.forked import killed
from tests.races import at_once
from tests.tenants.citizen_pages.test_pages import NORTH, signed_in

pytestmark = pytest.mark.usefixtures("no_papers")

SOUTH = "south.yizhan.localhost"
TEXT = "何主任自己受理的，材料交齐十天了没有下文。"
REPLY = "已责成北厅当天办理，给您添麻烦了。"


@pytest.fixture(scope="class")
def _readers(class_rows: None) -> None:
    make_readers(Hall.objects.get(slug="north"), Hall.objects.get(slug="south"))


@pytest.fixture
def citizen(_readers: None) -> Citizen:
    """He runs the north alone, Nan the south above it; both sites are open."""
    return Citizen.objects.get()


def make_readers(north: Hall, south: Hall) -> Citizen:
    make_columns(north)
    adoption = make_shown(north)
    make_person("nan", "南厅", Role.HALL_ADMINISTRATOR, south)
    south.prefixes, south.phone = [one for one in south.prefixes if len(one) <= 4], "0717-6012345"
    south.save(update_fields=["prefixes", "phone"])
    with inside(north):
        make_setup(north, adoption)
    return make_proved(1)


def complained(north: Hall, citizen: Citizen, *, by: str = "he") -> Question:
    """About a case that ``by`` has accepted."""
    with inside(north):
        case = give_all(north, apply_online(north, CaseSetup.objects.get(), citizen))
        accept_case(by=person(by), hall=north, case_id=case.pk)
        complaint = CaseComplaint(text=TEXT, consents=True)
        return complain_about_own_case(hall=north, citizen=citizen, case_id=case.pk, complaint=complaint)


def again(hall: Hall, pk: UUID) -> Question:
    with inside(hall):
        return Question.objects.get(pk=pk)


def above(south: Hall) -> Question:
    with inside(south):
        return Question.objects.latest("pk")


def texts(hall: Hall, pk: UUID) -> list[str]:
    with inside(hall):
        return [one.text for one in Question.objects.get(pk=pk).messages.order_by("pk") if one.text]


def answer(south: Hall, question: Question, text: str = REPLY) -> None:
    with inside(south):
        given: dict[str, Any] = {"question_id": question.pk, "text": text, "after": last_of(question)}
        reply_to_question(by=person("nan"), hall=south, **given)


@pytest.mark.django_db
class TestRaisedComplaint:
    def test_goes_up_once_and_what_is_answered_comes_back(self, north: Hall, south: Hall, citizen: Citizen) -> None:
        mine = complained(north, citizen)
        for _ in range(2):
            drain_events()
            with inside(north):
                see_that_it_is_read(hall=north, question_id=mine.pk)
        theirs, referral = above(south), Referral.objects.get()
        assert again(north, mine.pk).state == QuestionState.RAISED
        assert (theirs.state, theirs.referral_id, theirs.citizen_id) == (QuestionState.WAITING, referral.pk, None)
        calendar = calendar_of_hall(south)
        assert theirs.due_on == calendar.deadline_after(theirs.received_on, 10).last_day
        states = dict(QuestionReport.objects.values_list("hall__slug", "state"))
        assert states == {"north": "raised", "south": "waiting"}
        assert question_figures(kind=QuestionKind.COMPLAINT).open == 1
        # on the way nobody reads it who has no key
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM cases_referralparcel")
            assert "何主任" not in str(cursor.fetchall())
        assert {one.account.username for one in Notice.objects.filter(kind="engagement.complaint")} == {"nan"}
        he, nan, here = client_of("he", NORTH), client_of("nan", SOUTH), signed_in(citizen)
        assert he.get(f"/desk/questions/{mine.pk}/").status_code == 404
        desk, own = f"/desk/questions/{theirs.pk}/", f"/engagement/questions/{mine.pk}/"
        assert [
            one for one in (TEXT, north.name, referral.case_number, "138****0001") if one not in nan.get(desk).text
        ] == []
        assert theirs.messages is not None
        told = here.get(own).text
        assert [one for one in (f"已转{south.name}处理，最迟在", "0717-6012345") if one not in told] == []
        assert here.post(own, {"text": "快点", "after": str(last_in(north, mine))}).status_code == 422
        given = {"act": "reply", "text": REPLY, "after": str(last_in(south, theirs))}
        assert nan.post(desk, given).status_code == 302
        for _ in range(2):
            drain_events()
            with inside(north):
                bring_answers(hall=north, referral_id=referral.pk)
        assert texts(north, mine.pk) == [TEXT, REPLY]
        assert (again(north, mine.pk).state, ReferralParcel.objects.count()) == (QuestionState.ANSWERED, 0)
        assert f"{south.name}投诉处理人答复" in here.get(own).text
        assert PhoneNotice.objects.get(kind=PhoneNotice.Kind.COMPLAINT).subject_id == mine.pk
        assert he.get(f"/desk/questions/{mine.pk}/").status_code == 404
        assert nan.get(desk).status_code == 200
        # what is added comes, too, and what is asked further goes up with all that was said
        answer(south, theirs, "又及：经办人已调离窗口。")
        drain_events()
        assert texts(north, mine.pk)[2:] == ["又及：经办人已调离窗口。"]
        assert here.post(own, {"text": "还是没办", "after": str(last_in(north, mine))}).status_code == 302
        drain_events()
        second = above(south)
        assert second.pk != theirs.pk
        assert texts(south, second.pk) == [TEXT, REPLY, "又及：经办人已调离窗口。", "还是没办"]
        acts = set(AuditEntry.objects.filter(object_type="complaint").values_list("act", flat=True))
        assert acts >= {f"engagement.{one}" for one in ("raise_complaint", "take_up_complaint", "bring_answer")}

    def test_is_kept_from_who_has_had_a_hand_in_it_below_and_is_red_where_nobody_is_left(
        self, north: Hall, south: Hall, citizen: Citizen
    ) -> None:
        he = person("he").id
        place = {"role": Role.HALL_ADMINISTRATOR, "reach": Reach.HALL, "reach_prefix": south.prefixes[-1]}
        Position.objects.create(account_id=he, hall_id=south.pk, **place)
        nans = Position.objects.filter(account__username="nan")
        mine = complained(north, citizen)
        drain_events()
        theirs = above(south)
        desk = f"/desk/questions/{theirs.pk}/"
        assert client_of("nan", SOUTH).get(desk).status_code == 200
        assert (client_of("he", SOUTH).get(desk).status_code, theirs.kept_from) == (404, [he])
        listed = client_of("he", SOUTH).get("/desk/questions/complaints/")
        assert (listed.status_code, TEXT in listed.text) == (200, False)
        # nobody is left: neither there, nor, of another one, here
        nans.update(role=Role.HALL_EDITOR)
        other = complained(north, make_proved(2))
        drain_events()
        assert again(north, other.pk).state == QuestionState.WAITING
        assert question_figures(kind=QuestionKind.COMPLAINT).unread == 1
        assert complaints_are_read() == DoctorFault(f"有 1 条群众投诉没有能回避的人处理：{north.name} 1 条。", ANY)
        assert "12345" in signed_in(make_proved_again(2)).get(f"/engagement/questions/{other.pk}/").text
        assert "没有能回避的人处理" in client_of("zhao", "yizhan.localhost").get("/console/").text
        with inside(south):
            see_that_it_is_read(hall=south, question_id=theirs.pk)
        assert question_figures(kind=QuestionKind.COMPLAINT).unread == 2
        # the next day somebody is there again
        assert DueTime.objects.filter(kind=NEXT_DAY.name, subject_id=other.pk).count() == 1
        nans.update(role=Role.HALL_ADMINISTRATOR)
        for hall, pk in ((north, other.pk), (south, theirs.pk)):
            with inside(hall):
                see_that_it_is_read(hall=hall, question_id=pk)
        assert again(north, other.pk).state == QuestionState.RAISED
        assert question_figures(kind=QuestionKind.COMPLAINT).unread == 0
        assert complaints_are_read() is None
        assert mine.pk != other.pk

    def test_stays_where_somebody_may_read_it_until_they_have_had_a_hand_in_it(
        self, north: Hall, south: Hall, citizen: Citizen
    ) -> None:
        mine = complained(north, citizen, by="cao")
        drain_events()
        assert (again(north, mine.pk).state, Referral.objects.count()) == (QuestionState.WAITING, 0)
        with inside(north):
            Case.objects.update(owner_id=person("he").id)
            see_that_it_is_read(hall=north, question_id=mine.pk)
        assert (again(north, mine.pk).state, Referral.objects.count()) == (QuestionState.RAISED, 1)
        # somebody new: what went up is answered there
        make_person("lin", "林新", Role.HALL_ADMINISTRATOR, north)
        with inside(north):
            given: dict[str, Any] = {"by": person("lin"), "hall": north, "question_id": mine.pk}
            with pytest.raises(Conflict, match="已转上级"):
                reply_to_question(**given, text=REPLY, after=last_of(mine))
            with pytest.raises(Conflict, match="已转上级"):
                refuse_question(**given, reason=REPLY, after=last_of(mine))
            with pytest.raises(Conflict):
                close_question(**given, reason=REPLY)
        page = client_of("lin", NORTH).get(f"/desk/questions/{mine.pk}/").text
        assert ("提交答复" in page, f"<dt>转上级</dt><dd>{south.name}" in page) == (False, True)

    def test_agrees_with_the_other_hall_after_a_restore(self, north: Hall, south: Hall, citizen: Citizen) -> None:
        mine = complained(north, citizen)
        drain_events()
        theirs = above(south)
        # the north's archive is from before it went up, the south's from before it came
        with inside(north):
            Question.objects.filter(pk=mine.pk).update(state=QuestionState.WAITING)
            report_again(north)
            see_that_it_is_read(hall=north, question_id=mine.pk)
        assert (again(north, mine.pk).state, Referral.objects.count()) == (QuestionState.RAISED, 1)
        with inside(south):
            theirs.messages.all().delete()
            theirs.delete()
            take_up_again(hall=south)
            report_again(south)
        drain_events()
        theirs = above(south)
        assert texts(south, theirs.pk) == [TEXT]
        answer(south, theirs)
        with inside(south):
            take_up_again(hall=south)
            theirs.messages.filter(kind="reply").delete()
            Question.objects.filter(pk=theirs.pk).update(state=QuestionState.WAITING)
            report_again(south)
        assert texts(south, theirs.pk) == [TEXT, REPLY]
        assert above(south).state == QuestionState.ANSWERED
        # the north's is from before it was made at all
        second = complained(north, make_proved(2))
        drain_events()
        with inside(north):
            second.messages.all().delete()
            second.delete()
            report_again(north)
        assert Referral.objects.latest("pk").state == ReferralState.RECALLED
        drain_events()
        assert above(south).state == QuestionState.REFUSED
        assert texts(north, mine.pk) == [TEXT, REPLY]


@pytest.mark.usefixtures("fresh_database", "object_store")
class TestKilledRaisedComplaint:
    def test_loses_and_doubles_nothing_at_any_point_and_of_two_at_once_one_wins(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        citizen = make_readers(north, south)
        mine = complained(north, citizen)
        # each time after all that the act writes but its last
        killed(drain_events, dying_at=(raising.__name__, "add_message"))
        assert (Referral.objects.count(), again(north, mine.pk).state) == (0, QuestionState.WAITING)
        killed(drain_events, dying_at=(from_below.__name__, "give_receipt"))
        assert (Referral.objects.count(), ReferralReceipt.objects.count()) == (1, 0)
        at_once(drain_events, drain_events)
        drain_events()
        theirs = above(south)
        with inside(south):
            assert Question.objects.count() == 1
        killed(answer, south, theirs, dying_at=(from_below.__name__, "answer_referral"))
        assert ReferralReceipt.objects.get().state == ReceiptState.RECEIVED
        answer(south, theirs)
        killed(drain_events, dying_at=(raising.__name__, "end_referral"))
        assert again(north, mine.pk).state == QuestionState.RAISED
        at_once(drain_events, drain_events)
        drain_events()
        assert texts(north, mine.pk) == [TEXT, REPLY]
        assert (Referral.objects.get().state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert PhoneNotice.objects.filter(kind=PhoneNotice.Kind.COMPLAINT).count() == 1
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}


def last_in(hall: Hall, question: Question) -> UUID:
    with inside(hall):
        return last_of(question)


def make_proved_again(number: int) -> Citizen:
    return Citizen.objects.get(phone_index__of=phone_of(number))
