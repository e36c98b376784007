"""The HTTP interface of questions."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.citizens.models import Citizen
from province.citizens.operations.citizens import reveal_citizen
from province.citizens.operations.guest_contacts import reveal_guest_contact
from province.citizens.queries.notices import notices_about
from province.console.access import require_fresh
from province.opinion.states import QuestionKind
from tenants.engagement.layouts import complaints_desk_of_request, questions_desk_of_request
from tenants.engagement.operations import answering, publication
from tenants.engagement.operations.asking import Guest, Inquiry, enter_complaint, enter_question
from tenants.engagement.operations.notices import send_message_again
from tenants.engagement.operations.settings import set_up_engagement
from tenants.engagement.queries.access import has_had_a_hand, question_of
from tenants.engagement.queries.desk import questions_at_desk
from tenants.engagement.queries.published import published_of
from tenants.engagement.queries.questions import thread_of
from tenants.engagement.queries.readers import raised_way
from tenants.engagement.queries.settings import answer_days, answering_lines, complaint_days
from tenants.engagement.schemas import (
    AnsweringUnitOut,
    CallIn,
    CallOut,
    ComplaintIn,
    ComplaintTakenOut,
    EngagementSettingsIn,
    EngagementSettingsOut,
    LimitMoveOut,
    MessageOut,
    PublicationIn,
    QuestionIn,
    QuestionLineOut,
    QuestionNoticeOut,
    QuestionOut,
    QuestionReasonIn,
    RefusalIn,
    ReplyIn,
    TransferIn,
)
from tenants.engagement.states import PublishedState
from tenants.shell.slots import Desk

router = Router(tags=["questions"])


def answer(desk: Desk, question_id: UUID) -> QuestionOut:
    """Show the question as it is now."""
    question = question_of(desk, question_id)
    thread, published = thread_of(question), published_of(question)
    raised = raised_way(question) if question.is_complaint else None
    names = set(QuestionLineOut.model_fields) - {"text"}
    return QuestionOut(
        **{name: getattr(question, name) for name in names},
        text=thread.text,
        case_number=thread.case_number,
        from_hall=thread.came.hall.name if thread.came else "",
        to_hall=raised.to_hall.name if raised else "",
        name=thread.asker.name if thread.asker else "",
        phone=thread.asker.phone if thread.asker else "",
        unit=thread.unit_name,
        limit_moves=[LimitMoveOut.from_orm(one) for one in thread.limit_moves],
        working_days=question.working_days,
        published=PublishedState(published.state) if published else None,
        wants_messages=question.wants_messages,
        messages=[MessageOut.from_orm(one) for one in thread.messages],
        notices=[QuestionNoticeOut.from_orm(one) for one in notices_about([question.pk]).get(question.pk, [])],
    )


@router.get("/questions", response=Page[QuestionLineOut])
def list_questions(
    request: HttpRequest, page: PageParameters, state: str = "", words: str = "", unit_id: UUID | None = None
) -> dict[str, Any]:
    """List the questions of one's department, or of the hall, in the order in which they came. ``state``: waiting,
    answered, closed, refused, late or published."""
    desk = questions_desk_of_request(request)
    return page_of(questions_at_desk(desk, state=state, words=words, unit=str(unit_id or "")), page)


@router.get("/complaints", response=Page[QuestionLineOut])
def list_complaints(request: HttpRequest, page: PageParameters, state: str = "", words: str = "") -> dict[str, Any]:
    """List the complaints about cases (投诉) that the caller may answer, in the order in which they came; each is shown
    and answered as a question (``/questions/{id}``). Those about cases in which the caller has had a hand are not
    among them. ``state``: as of questions."""
    desk = complaints_desk_of_request(request)
    return page_of(questions_at_desk(desk, QuestionKind.COMPLAINT, state=state, words=words), page)


@router.post("/complaints", response={201: ComplaintTakenOut})
@idempotent
def take_complaint(request: HttpRequest, data: ComplaintIn) -> tuple[int, ComplaintTakenOut]:
    """Write down what somebody complains of about a case, by telephone, by letter or at the window. The number goes to
    their phone."""
    desk = questions_desk_of_request(request)
    given = data.model_dump()
    guest, received_on = Guest(phone=given.pop("phone"), name=given.pop("name")), given.pop("received_on")
    which = {name: given.pop(name) for name in ("case_number", "phone_tail")}
    inquiry = Inquiry(**given)
    made = enter_complaint(by=desk.by, hall=desk.hall, inquiry=inquiry, guest=guest, received_on=received_on, **which)
    number = None if has_had_a_hand(desk.by, desk.hall, made) else made.number
    return 201, ComplaintTakenOut(number=number, due_on=made.due_on, is_due_assumed=made.is_due_assumed)


@router.post("/questions", response={201: QuestionOut})
@idempotent
def ask_question(request: HttpRequest, data: QuestionIn) -> tuple[int, QuestionOut]:
    """Write down what somebody asked by telephone, by letter or at the window."""
    desk = questions_desk_of_request(request)
    given = data.model_dump()
    guest, received_on = Guest(phone=given.pop("phone"), name=given.pop("name")), given.pop("received_on")
    made = enter_question(by=desk.by, hall=desk.hall, inquiry=Inquiry(**given), guest=guest, received_on=received_on)
    return 201, answer(desk, made.pk)


@router.get("/questions/{uuid:question_id}", response=QuestionOut)
def show_question(request: HttpRequest, question_id: UUID) -> QuestionOut:
    return answer(questions_desk_of_request(request), question_id)


@router.post("/questions/{uuid:question_id}/reply", response=QuestionOut)
@idempotent
def reply(request: HttpRequest, question_id: UUID, data: ReplyIn) -> tuple[int, QuestionOut]:
    """Answer, or add to an answer. 409 where something was said since ``after``."""
    desk = questions_desk_of_request(request)
    answering.reply_to_question(by=desk.by, hall=desk.hall, question_id=question_id, **data.model_dump())
    return 200, answer(desk, question_id)


@router.post("/questions/{uuid:question_id}/notices/{uuid:notice_id}/again", response={204: None})
@idempotent
def send_again(request: HttpRequest, question_id: UUID, notice_id: UUID) -> tuple[int, None]:
    """Send a short message again that did not arrive. 409 where it did, or the asker wants none."""
    desk = questions_desk_of_request(request)
    send_message_again(by=desk.by, hall=desk.hall, question_id=question_id, notice_id=notice_id)
    return 204, None


@router.post("/questions/{uuid:question_id}/transfer", response={204: None})
@idempotent
def transfer(request: HttpRequest, question_id: UUID, data: TransferIn) -> tuple[int, None]:
    """Give it to another department of the hall, which alone may see it from then on but for who sees all."""
    desk = questions_desk_of_request(request)
    answering.transfer_question(by=desk.by, hall=desk.hall, question_id=question_id, **data.model_dump())
    return 204, None


@router.post("/questions/{uuid:question_id}/refuse", response=QuestionOut)
@idempotent
def refuse(request: HttpRequest, question_id: UUID, data: RefusalIn) -> tuple[int, QuestionOut]:
    """Tell the asker that it is not this hall's, and where to go."""
    desk = questions_desk_of_request(request)
    answering.refuse_question(by=desk.by, hall=desk.hall, question_id=question_id, **data.model_dump())
    return 200, answer(desk, question_id)


@router.post("/questions/{uuid:question_id}/close", response=QuestionOut)
@idempotent
def close(request: HttpRequest, question_id: UUID, data: QuestionReasonIn) -> tuple[int, QuestionOut]:
    """End a question that was answered."""
    desk = questions_desk_of_request(request)
    answering.close_question(by=desk.by, hall=desk.hall, question_id=question_id, reason=data.reason)
    return 200, answer(desk, question_id)


@router.post("/questions/{uuid:question_id}/call", response=CallOut)
def call(request: HttpRequest, question_id: UUID, data: CallIn) -> CallOut:
    """Show the asker's whole number. Not repeatable by Idempotency-Key: the number would have to be kept."""
    desk = questions_desk_of_request(request)
    found = question_of(desk, question_id)
    require_fresh(request)
    asker = thread_of(found).asker
    given: dict[str, Any] = {"by": desk.by, "hall_id": desk.hall.pk, "reason": data.reason}
    if asker is None:
        return CallOut(phone="")
    if isinstance(asker, Citizen):
        return CallOut(phone=reveal_citizen(**given, citizen=asker, field="phone"))
    return CallOut(phone=reveal_guest_contact(**given, guest_contact_id=asker.pk))


@router.put("/questions/{uuid:question_id}/publication", response=QuestionOut)
@idempotent
def publish(request: HttpRequest, question_id: UUID, data: PublicationIn) -> tuple[int, QuestionOut]:
    """Show question and answer on the site, in these words. 409 where the asker did not agree."""
    desk = questions_desk_of_request(request)
    publication.publish_answer(by=desk.by, hall=desk.hall, question_id=question_id, **data.model_dump())
    return 200, answer(desk, question_id)


@router.post("/questions/{uuid:question_id}/publication/withdraw", response=QuestionOut)
@idempotent
def withdraw(request: HttpRequest, question_id: UUID, data: QuestionReasonIn) -> tuple[int, QuestionOut]:
    """Take it from the site."""
    desk = questions_desk_of_request(request)
    publication.withdraw_answer(by=desk.by, hall=desk.hall, question_id=question_id, reason=data.reason)
    return 200, answer(desk, question_id)


@router.get("/settings", response=EngagementSettingsOut)
def show_settings(request: HttpRequest) -> EngagementSettingsOut:
    """Show the limit of an answer, and which of the hall's departments answers for whose items."""
    return _settings(questions_desk_of_request(request))


@router.put("/settings", response=EngagementSettingsOut)
@idempotent
def change_settings(request: HttpRequest, data: EngagementSettingsIn) -> tuple[int, EngagementSettingsOut]:
    """Set them, from the next question on; those that wait keep their limit and their department."""
    desk = questions_desk_of_request(request)
    units = {one.department_id: one.unit_id for one in data.units}
    set_up_engagement(by=desk.by, hall=desk.hall, days=data.days, of_complaints=data.complaint_days, units=units)
    return 200, _settings(desk)


def _settings(desk: Desk) -> EngagementSettingsOut:
    lines = [
        AnsweringUnitOut(department_id=one.department.pk, department=one.department.name, unit_id=one.unit_id)
        for one in answering_lines(desk.hall)
    ]
    return EngagementSettingsOut(days=answer_days(), complaint_days=complaint_days(), units=lines)
