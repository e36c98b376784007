"""Questions: asked, answered, handed on and ended by the table of their states; late by the clock; each for its own
department."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from foundation.proof_of_work import make_challenge
from province.audit.models import AuditEntry
from province.catalogue.models import Item
from province.citizens.models import GuestContact
from province.citizens.operations.guest_contacts import QUESTIONS_A_DAY, QUESTIONS_WITHOUT_PROOF
from province.halls.models import Hall
from province.opinion.models import QuestionReport
from province.opinion.queries import question_figures, question_figures_by_place
from province.opinion.states import QUESTION_TRANSITIONS, QuestionKind, QuestionState
from province.people.models import Unit
from province.rights.queries import system_actor
from province.workdays.queries import national_calendar
from tenants.engagement.models import ENDS_AFTER, MOST_FURTHER, Question, QuestionMessage
from tenants.engagement.operations.answering import (
    close_question,
    refuse_question,
    reply_to_question,
    save_reply_draft,
    transfer_question,
)
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_citizen, ask_further, enter_question
from tenants.engagement.operations.publication import publish_answer, withdraw_answer
from tenants.engagement.operations.rows import set_clocks
from tenants.engagement.operations.settings import set_up_engagement
from tenants.engagement.queries.published import proposed_texts, shown_answers
from tenants.engagement.states import QuestionChannel
from tenants.services.models import Adoption
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import suspend
from tests.factories.citizens import make_citizen, phone_of
from tests.factories.engagement import REPLY, TEXT, last_of, make_handler, make_question, reply
from tests.factories.proofs import proof_for
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

CIVIL, MEDICAL = "民政局", "医疗保障局"


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


def again(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


def report_of(question: Question) -> QuestionReport:
    return QuestionReport.objects.get(pk=question.pk)


def made_late(hall: Hall, question: Question) -> None:
    """Its last day was yesterday, for the row and for the clock."""
    past = timezone.localdate() - timedelta(days=1)
    with inside(hall):
        Question.objects.filter(pk=question.pk).update(due_on=past)
    QuestionReport.objects.filter(pk=question.pk).update(due_on=past)
    DueTime.objects.filter(subject_id=question.pk).update(due_at=timezone.now() - timedelta(minutes=1))


class TestAsk:
    def test_keeps_what_was_read_seals_who_asked_and_tells_the_province(self, north: Hall, shown: Adoption) -> None:
        question = make_question(north, shown.item_id, name="王大妈", text=f"  {TEXT} ")
        assert question.item_version_id == Item.objects.get(pk=shown.item_id).versions.get().pk
        assert 10_000_000 <= question.number < 100_000_000
        assert question.due_on == national_calendar().deadline_after(timezone.localdate(), 5).last_day
        report = report_of(question)
        assert (report.hall_id, report.state, report.due_on) == (north.pk, "waiting", question.due_on)
        guest = GuestContact.objects.get(pk=question.guest_contact_id)
        assert (guest.hall_id, guest.phone.plain, guest.name.plain) == (north.pk, phone_of(), "王大妈")
        with connection.cursor() as cursor:
            cursor.execute("SELECT guest_contact::text FROM citizens_guestcontact AS guest_contact")
            [row] = cursor.fetchone()
        entry = AuditEntry.objects.get(act="engagement.ask_question")
        assert entry.changes["number"] == [None, question.number]
        for secret in (TEXT, phone_of(), "王大妈"):
            assert secret not in row + str(entry.changes) + entry.actor_name

    @pytest.mark.parametrize(
        ("facts", "where"),
        [
            ({"text": " \n "}, "text"),
            ({"text": "问" * 501}, "text"),
            ({"phone": "12345"}, "phone"),
            ({"proof": "x"}, "altcha"),
            ({"unit_id": uuid4()}, "unit_id"),
        ],
    )
    def test_is_refused_where_something_is_wrong(self, north: Hall, facts: dict[str, Any], where: str) -> None:
        with pytest.raises(Invalid) as refusal:
            make_question(north, **facts)
        assert [fault.where for fault in refusal.value.faults] == [where]
        assert not QuestionReport.objects.exists()

    def test_is_refused_for_what_the_hall_does_not_show(self, north: Hall, south: Hall, shown: Adoption) -> None:
        for hall, item_id in ((south, shown.item_id), (north, uuid4())):
            with pytest.raises(NotFound):
                make_question(hall, item_id)
        suspend(Item.objects.get(pk=shown.item_id), reason="核对")
        with pytest.raises(NotFound):
            make_question(north, shown.item_id)

    def test_is_one_however_often_the_form_is_sent(self, north: Hall) -> None:
        form_id = uuid4()
        first = make_question(north, form_id=form_id)
        assert make_question(north, form_id=form_id).pk == first.pk
        with pytest.raises(Conflict):
            make_question(north, form_id=form_id, text="另一个问题")
        assert QuestionReport.objects.count() == 1

    def test_is_limited_by_phone_by_address_and_by_account(self, north: Hall) -> None:
        for _ in range(QUESTIONS_A_DAY):
            make_question(north)
        with pytest.raises(TooMany):
            make_question(north, phone=f"+86 {phone_of()}")
        for serial in range(2, 2 + QUESTIONS_WITHOUT_PROOF):
            make_question(north, phone=phone_of(serial), address="192.0.2.1")
        with pytest.raises(TooMany, match="启用脚本"):
            make_question(north, phone=phone_of(20), address="192.0.2.1")
        make_question(north, phone=phone_of(20), address="192.0.2.1", proof=proof_for(make_challenge()))
        citizen = make_citizen(30)
        given: dict[str, Any] = {"hall": north, "inquiry": Inquiry(text=TEXT), "citizen": citizen}
        with inside(north):
            for _ in range(QUESTIONS_A_DAY):
                ask_as_citizen(**given)
            with pytest.raises(TooMany):
                ask_as_citizen(**given)
        assert QuestionReport.objects.filter(citizen_id=citizen.pk).count() == QUESTIONS_A_DAY

    def test_goes_to_the_department_of_the_item(self, north: Hall, shown: Adoption) -> None:
        department = Item.objects.get(pk=shown.item_id).department
        assert make_question(north, shown.item_id).unit_id is None
        by_name = Unit.objects.create(hall_id=north.pk, name=f"当阳市{department.name}")
        assert make_question(north, shown.item_id).unit_id == by_name.pk
        chosen = Unit.objects.create(hall_id=north.pk, name="审批科")
        with inside(north):
            set_up_engagement(by=person("he"), hall=north, days=3, units={department.pk: chosen.pk})
        question = make_question(north, shown.item_id)
        assert question.unit_id == chosen.pk
        assert question.due_on == national_calendar().deadline_after(timezone.localdate(), 3).last_day

    def test_is_written_down_for_others_from_the_day_it_came(self, at_north: Hall) -> None:
        given = {
            "hall": at_north,
            "inquiry": Inquiry(text=TEXT, channel=QuestionChannel.LETTER),
            "guest": Guest(phone=phone_of()),
        }
        came_on = timezone.localdate() - timedelta(days=30)
        question = enter_question(by=person("hua"), **given, received_on=came_on)
        assert question.due_on == national_calendar().deadline_after(came_on, 5).last_day
        assert question.is_overdue
        with pytest.raises(Invalid):
            enter_question(by=person("hua"), **given, received_on=timezone.localdate() + timedelta(days=1))
        with pytest.raises(NotAllowed):
            enter_question(by=person("sun"), **given)


class TestState:
    """Every pair of states, by the act that leads there. A question never goes up: of complaints that do,
    tests/tenants/casework/test_raised_complaints.py asks."""

    STATES = [one for one in QuestionState if one != QuestionState.RAISED]
    ACTS: dict[QuestionState, str] = {
        QuestionState.WAITING: "further",
        QuestionState.ANSWERED: "reply",
        QuestionState.CLOSED: "close",
        QuestionState.REFUSED: "refuse",
    }

    def brought_to(self, hall: Hall, state: QuestionState) -> Question:
        question = make_question(hall)
        paths = {
            QuestionState.WAITING: (),
            QuestionState.ANSWERED: ("reply",),
            QuestionState.CLOSED: ("reply", "close"),
            QuestionState.REFUSED: ("refuse",),
        }
        for act in paths[state]:
            self.act(hall, question, act)
        return question

    def act(self, hall: Hall, question: Question, name: str) -> None:
        given: dict[str, Any] = {"by": person("hua"), "hall": hall, "question_id": question.pk}
        after = last_of(question)
        match name:
            case "reply":
                reply_to_question(**given, text=f"{REPLY}{after}", after=after)
            case "refuse":
                refuse_question(**given, reason="请到不动产登记中心，0717-3250000。", after=after)
            case "close":
                close_question(**given, reason="已电话回访")
            case _:
                ask_further(hall=hall, question_id=question.pk, text=f"还要什么？{after}", after=after)

    @pytest.mark.parametrize("before", STATES)
    @pytest.mark.parametrize("after", STATES)
    def test_follows_the_table_alone(self, at_north: Hall, before: QuestionState, after: QuestionState) -> None:
        question = self.brought_to(at_north, before)
        # a question that waits stays so by being handed on, which has a test of its own
        is_allowed = QUESTION_TRANSITIONS.allows(before, after) and (before, after) != ("waiting", "waiting")
        if is_allowed:
            self.act(at_north, question, self.ACTS[after])
        else:
            with pytest.raises(Conflict):
                self.act(at_north, question, self.ACTS[after])
        expected = after if is_allowed else before
        assert again(question).state == expected
        assert report_of(question).state == expected
        kinds = set(DueTime.objects.filter(subject_id=question.pk).values_list("kind", flat=True))
        clock = {"waiting": "engagement.answer_due", "answered": "engagement.question_ends"}
        assert kinds == {clock.get(expected, "engagement.contact_ends")}


class TestReply:
    def test_is_counted_in_working_days_and_told_to_the_province(self, north: Hall) -> None:
        question = make_question(north)
        reply(north, question, "hua")
        with inside(north):
            answered = again(question)
        assert (answered.working_days, answered.was_late) == (0, False)
        figures = question_figures()
        assert (figures.open, figures.late, figures.answered, figures.in_time, figures.mean_days) == (0, 0, 1, 1, 0.0)
        assert AuditEntry.objects.filter(act="engagement.reply", hall_id=north.pk).count() == 1

    def test_sent_twice_is_one_and_of_two_people_the_first_wins(self, at_north: Hall) -> None:
        question = make_question(at_north)
        read = last_of(question)
        given: dict[str, Any] = {"hall": at_north, "question_id": question.pk, "after": read}
        first = reply_to_question(by=person("hua"), text=REPLY, **given)
        assert reply_to_question(by=person("hua"), text=REPLY, **given).pk == first.pk
        with pytest.raises(Conflict, match=r"华窗在 .*已答复，您写的内容没有提交"):
            reply_to_question(by=person("he"), text="不可以。", **given)
        with pytest.raises(Conflict, match="已答复"):
            refuse_question(by=person("he"), reason="不归这里管，请到乡镇。", **given)
        assert question.messages.filter(kind="reply").count() == 1

    def test_leaves_no_draft_of_its_writer(self, at_north: Hall) -> None:
        question = make_question(at_north)
        for username in ("hua", "he"):
            save_reply_draft(by=person(username), hall=at_north, question_id=question.pk, text="写到一半")
        reply(at_north, question, "hua")
        assert [one.account_id for one in question.drafts.all()] == [person("he").id]

    def test_needs_a_text_and_the_right(self, at_north: Hall) -> None:
        question = make_question(at_north)
        given: dict[str, Any] = {"hall": at_north, "question_id": question.pk, "after": last_of(question)}
        for text in (" ", "答" * 2001):
            with pytest.raises(Invalid):
                reply_to_question(by=person("hua"), text=text, **given)
        with pytest.raises(NotAllowed):
            reply_to_question(by=person("sun"), text=REPLY, **given)
        with pytest.raises(Invalid):
            refuse_question(
                by=person("hua"), hall=at_north, question_id=question.pk, reason="", after=last_of(question)
            )


class TestFurther:
    def test_begins_a_limit_anew_and_may_be_asked_a_few_times(self, at_north: Hall) -> None:
        question = make_question(at_north)
        for number in range(MOST_FURTHER):
            reply(at_north, question, "hua", f"{REPLY}{number}")
            Question.objects.filter(pk=question.pk).update(due_on=date(2026, 1, 5))
            given: dict[str, Any] = {"hall": at_north, "question_id": question.pk, "after": last_of(question)}
            first = ask_further(**given, text=f"第 {number} 次追问")
            assert ask_further(**given, text=f"第 {number} 次追问").pk == first.pk
            assert again(question).due_on == national_calendar().deadline_after(timezone.localdate(), 5).last_day
        reply(at_north, question, "hua", "最后一次答复")
        with pytest.raises(Conflict, match="最多追问"):
            ask_further(hall=at_north, question_id=question.pk, text="还有", after=last_of(question))

    def test_is_refused_where_an_answer_came_that_was_not_read(self, at_north: Hall) -> None:
        question = make_question(at_north)
        reply(at_north, question, "hua")
        read = last_of(question)
        reply(at_north, question, "hua", "补充：周六也可以办。")
        with pytest.raises(Conflict, match="已答复"):
            ask_further(hall=at_north, question_id=question.pk, text="周六能办吗？", after=read)


class TestDepartment:
    def test_sees_and_answers_its_own_alone_and_hands_on(self, at_north: Hall) -> None:
        make_handler(at_north, "min", CIVIL)
        make_handler(at_north, "yi", MEDICAL)
        civil, medical = (Unit.objects.get(hall_id=at_north.pk, name=name) for name in (CIVIL, MEDICAL))
        question, of_window = make_question(at_north, unit_id=civil.pk), make_question(at_north)
        given: dict[str, Any] = {"hall": at_north, "question_id": question.pk}
        for username, other in (("yi", question), ("min", of_window)):
            with pytest.raises(NotFound):
                reply_to_question(
                    by=person(username), hall=at_north, question_id=other.pk, text=REPLY, after=last_of(other)
                )
        before = again(question)
        transfer_question(by=person("min"), **given, unit_id=medical.pk, note="属于医保报销", after=last_of(question))
        after = again(question)
        assert (after.unit_id, after.due_on, after.state) == (medical.pk, before.due_on, "waiting")
        with pytest.raises(NotFound):
            save_reply_draft(by=person("min"), **given, text="写晚了")
        reply(at_north, question, "yi")
        kinds = list(question.messages.order_by("pk").values_list("kind", "unit_name"))
        assert kinds == [("question", ""), ("transfer", MEDICAL), ("reply", MEDICAL)]

    def test_is_one_of_the_hall_that_has_it_not_yet(self, at_north: Hall, south: Hall) -> None:
        question = make_question(at_north)
        stranger = Unit.objects.create(hall_id=south.pk, name=CIVIL)
        dissolved = Unit.objects.create(hall_id=at_north.pk, name=MEDICAL, retired_at=timezone.now())
        given: dict[str, Any] = {"by": person("hua"), "hall": at_north, "question_id": question.pk, "note": ""}
        for unit_id in (stranger.pk, dissolved.pk, None):
            with pytest.raises(Invalid):
                transfer_question(**given, unit_id=unit_id, after=last_of(question))

    def test_of_another_hall_finds_nothing(self, north: Hall, south: Hall) -> None:
        question = make_question(north)
        with inside(south):
            for by in (person("hua"), person("zhou")):
                with pytest.raises((NotAllowed, NotFound)):
                    reply_to_question(by=by, hall=south, question_id=question.pk, text=REPLY, after=uuid4())
            with pytest.raises(NotFound):
                reply_to_question(by=system_actor(), hall=south, question_id=question.pk, text=REPLY, after=uuid4())


class TestClock:
    def test_marks_as_late_what_waits_past_its_last_day(self, north: Hall) -> None:
        late, answered = make_question(north), make_question(north)
        reply(north, answered, "hua")
        for one in (late, answered):
            made_late(north, one)
        before = question_figures()
        assert (before.open, before.late, before.in_time) == (1, 1, 1)
        assert not report_of(late).was_late
        drain_events()
        assert report_of(late).was_late
        assert not report_of(answered).was_late
        assert AuditEntry.objects.filter(act="engagement.note_overdue").count() == 1
        # it stays late whatever is answered now, and is told of once
        reply(north, late, "hua")
        drain_events()
        figures = question_figures_by_place()[QuestionKind.QUESTION]
        assert {place: (one.answered, one.in_time) for place, one in figures.items()} == {"420582": (2, 1)}
        assert AuditEntry.objects.filter(act="engagement.note_overdue").count() == 1

    def test_ends_what_nobody_asks_about_further_and_forgets_who_asked(self, north: Hall) -> None:
        question = make_question(north, name="王大妈")
        reply(north, question, "hua")
        DueTime.objects.update(due_at=timezone.now() - timedelta(minutes=1))
        drain_events()
        with inside(north):
            assert again(question).state == "answered", "its time had not come"
            long_ago = timezone.now() - ENDS_AFTER - timedelta(days=1)
            Question.objects.filter(pk=question.pk).update(state_at=long_ago)
            set_clocks(north, again(question))
        for _ in range(2):
            DueTime.objects.update(due_at=timezone.now() - timedelta(minutes=1))
            drain_events()
            assert report_of(question).state == "closed"
        guest = GuestContact.objects.get(pk=question.guest_contact_id)
        assert (guest.phone.plain, guest.name.plain, guest.phone_index) == ("", "", None)


class TestPublication:
    def test_is_masked_shown_and_taken_back(self, at_north: Hall) -> None:
        secret = f"我叫王大妈，身份证 420582199001010017，电话 {phone_of(7)}，能办吗？"
        question = make_question(at_north, text=secret, name="王大妈", consents=True)
        given: dict[str, Any] = {"by": person("hua"), "hall": at_north, "question_id": question.pk}
        with pytest.raises(Conflict, match="还没有答复"):
            publish_answer(**given, asked="问", answered="答")
        reply(at_north, question, "hua", f"王大妈您好，{REPLY}")
        asked, answered = proposed_texts(again(question))
        # whoever types it back in does not get it out
        shown = publish_answer(**given, asked=f"{asked}{secret}"[:500], answered=answered)
        for hidden in ("王大妈", "199001010017", phone_of(7)):
            assert hidden not in asked + answered + shown.asked + shown.answered
        assert "0717-3251234" in shown.answered
        assert [one.pk for one in shown_answers("租房合同")] == [shown.pk]
        withdraw_answer(**given, reason="政策有变化")
        assert not shown_answers().exists()
        with pytest.raises(Conflict):
            withdraw_answer(**given, reason="再撤一次")
        publish_answer(**given, asked="换一种问法", answered=REPLY)
        assert [one.asked for one in shown_answers()] == ["换一种问法"]

    def test_needs_the_askers_word_and_the_right(self, at_north: Hall) -> None:
        silent, agreed = make_question(at_north), make_question(at_north, consents=True)
        for question in (silent, agreed):
            reply(at_north, question, "hua")
        with pytest.raises(Conflict, match="没有同意公开"):
            publish_answer(by=person("hua"), hall=at_north, question_id=silent.pk, asked="问", answered="答")
        with pytest.raises(NotAllowed):
            publish_answer(by=person("cao"), hall=at_north, question_id=agreed.pk, asked="问", answered="答")
        assert not shown_answers().exists()


class TestMessages:
    def test_stand_in_the_order_in_which_they_were_said(self, at_north: Hall) -> None:
        question = make_question(at_north)
        reply(at_north, question, "hua")
        ask_further(hall=at_north, question_id=question.pk, text="要带原件吗？", after=last_of(question))
        reply(at_north, question, "he", "要。")
        messages = list(QuestionMessage.objects.filter(question=question).order_by("pk"))
        assert [one.kind for one in messages] == ["question", "reply", "further", "reply"]
        assert all(one.created_at <= other.created_at for one, other in pairwise(messages))
        assert [one.author_name for one in messages] == ["", "华窗", "", "何北"]
        # of the asker nothing stands here
        assert {one.author_id for one in messages if one.kind in {"question", "further"}} == {None}
