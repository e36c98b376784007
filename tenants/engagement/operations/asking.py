"""咨询, 投诉: what people ask the hall or complain of, as guests, signed in, or by somebody at the window who writes it
down for them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid, NotFound, TooMany
from province.citizens.models import Citizen, GuestContact
from province.citizens.operations.guest_contacts import QUESTIONS_A_DAY, keep_guest_contact
from province.citizens.queries.citizens import actor_of_citizen
from province.halls.models import Hall
from province.halls.operations import hold_unretired
from province.opinion.states import UNANSWERED, QuestionKind, QuestionState
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from tenants.engagement.models import LONGEST_QUESTION, MOST_FURTHER, Question, QuestionMessage
from tenants.engagement.operations.notices import tell_taken
from tenants.engagement.operations.rows import (
    add_message,
    announce_waiting,
    begin_limit,
    check_read,
    clean_text,
    held_question,
    keep,
    move,
    record,
)
from tenants.engagement.queries.access import ANSWER, COMPLAINTS
from tenants.engagement.queries.complaints import has_open_complaint
from tenants.engagement.queries.numbers import free_number
from tenants.engagement.queries.settings import answering_unit
from tenants.engagement.queries.subjects import complaint_subject
from tenants.engagement.slots import COMPLAINT_SUBJECTS, ComplainedCase
from tenants.engagement.states import DESK_CHANNELS, QuestionChannel
from tenants.portal.operations.figures import check_inside
from tenants.services.queries.shown import shown_item
from tenants.shell.queries.apps import shown_at

declare(
    "engagement.answer",
    "答复群众咨询",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER, Role.VILLAGE_CLERK},
)
# not a department's nor its clerks': it may be about them
declare(COMPLAINTS, "处理群众投诉", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

STRANGER: Final = Actor(None, "未登录的群众", ())
_ASK: Final = "请写下您的问题。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked: about an item that the hall shows, of a department of the hall, or neither; with a ``case`` it is
    a complaint about that. ``channel``: how it came. ``form_id``: of the form; sent twice, it makes one question."""

    text: str
    item_id: UUID | None = None
    unit_id: UUID | None = None
    case: ComplainedCase | None = None
    channel: QuestionChannel = QuestionChannel.SITE
    consents: bool = False
    wants_messages: bool = True
    form_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who asks without an account. ``address`` and ``proof`` as for ``keep_guest_contact``; a clerk has neither."""

    phone: str
    name: str = ""
    address: str = ""
    proof: str = ""


@transaction.atomic
def ask_as_guest(*, hall: Hall, inquiry: Inquiry, guest: Guest) -> Question:
    """Keep a question or complaint from somebody who is not signed in. The same form sent twice is one question.

    Raises NotFound where the hall does not show the item, Invalid without a question or a mobile number, TooMany.
    """
    asked = clean_text(inquiry.text, ask=_ASK, most=LONGEST_QUESTION)
    if known := _known(inquiry.form_id, asked):
        return known
    question = _new(hall, inquiry)
    question.guest_contact_id = _kept(hall, guest).pk
    return _take_in(hall, question, asked, STRANGER, "complain" if inquiry.case else "ask_question")


@transaction.atomic
def ask_as_citizen(*, hall: Hall, inquiry: Inquiry, citizen: Citizen) -> Question:
    """Keep a question from somebody who is signed in: name and phone are those of the account. Raises as
    ``ask_as_guest``, and Conflict while another complaint of theirs about the case waits."""
    asked = clean_text(inquiry.text, ask=_ASK, most=LONGEST_QUESTION)
    if known := _known(inquiry.form_id, asked):
        return known
    hold_name(f"question of {citizen.pk}")
    since = timezone.now() - timedelta(days=1)
    if Question.objects.filter(citizen_id=citizen.pk, created_at__gt=since).count() >= QUESTIONS_A_DAY:
        raise TooMany("您今天提的问题太多，请明天再提，或直接拨打咨询电话。")
    if inquiry.case and has_open_complaint(inquiry.case.case_id, citizen.pk):
        raise Conflict("您对这个办件的投诉正在处理，请等答复；要补充的，可以在答复后追问。")
    question = _new(hall, inquiry)
    question.citizen_id = citizen.pk
    act = "complain" if inquiry.case else "ask_question"
    return _take_in(hall, question, asked, actor_of_citizen(citizen), act)


@transaction.atomic
def enter_question(
    *, by: Actor, hall: Hall, inquiry: Inquiry, guest: Guest, received_on: date | None = None
) -> Question:
    """Write down a question that came by telephone, by letter or at the window (代录). ``received_on``: when, today
    where it is not said; the limit counts from there.

    Raises Invalid for a day that is still to come or another way, and otherwise as ``ask_as_guest``.
    """
    require(by, "engagement.answer", hall_id=hall.pk, unit_id=inquiry.unit_id)
    return _entered(by, hall, inquiry, guest, received_on, "enter_question")


@transaction.atomic
def enter_complaint(
    *,
    by: Actor,
    hall: Hall,
    case_number: str,
    phone_tail: str,
    inquiry: Inquiry,
    guest: Guest,
    received_on: date | None = None,
) -> Question:
    """Write down a complaint about a case that somebody brings to the desk, says on the telephone or sends (代录).
    Number and the end of the phone of the application show that it is theirs, as they do on the site. Who writes it
    down need not be able to read it afterwards: the complainer's phone is sent its number.

    Raises Invalid where number and phone lead to no case, NotFound where the hall has none, and as ``enter_question``.
    """
    require(by, ANSWER, hall_id=hall.pk)
    check_inside(hall)
    if not shown_at(COMPLAINT_SUBJECTS, hall):
        raise NotFound("本厅不办理申请，没有可以投诉的办件。")
    found = complaint_subject().shown_by(hall, case_number.strip(), phone_tail.strip())
    if found is None:
        raise Invalid.at("case_number", "没有找到这个办件：编号和申请时留的手机号后四位要对得上，请核对。")
    question = _entered(by, hall, replace(inquiry, case=found), guest, received_on, "enter_complaint")
    tell_taken(hall, question)
    return question


def _entered(by: Actor, hall: Hall, inquiry: Inquiry, guest: Guest, received_on: date | None, act: str) -> Question:
    asked = clean_text(inquiry.text, ask="请写明群众说了什么。", most=LONGEST_QUESTION)
    if known := _known(inquiry.form_id, asked):
        return known
    if inquiry.channel not in DESK_CHANNELS:
        raise Invalid.at("channel", "请选择是怎样收到的：窗口、电话或者来信。")
    question = _new(hall, inquiry)
    if received_on and received_on > question.received_on:
        raise Invalid.at("received_on", "收到的日期不能晚于今天。")
    question.received_on = received_on or question.received_on
    question.guest_contact_id = _kept(hall, guest).pk
    return _take_in(hall, question, asked, by, act)


@transaction.atomic
def ask_further(*, hall: Hall, question_id: UUID, text: str, after: UUID) -> QuestionMessage:
    """追问: ask further about what was answered; a new limit begins. The caller knows that it is the asker who asks.
    Sent twice, it is one.

    Raises Conflict where nothing was answered yet, the question has ended, it was asked too often, or another answer
    came since ``after``, the last message that was read.
    """
    asked = clean_text(text, ask=_ASK, most=LONGEST_QUESTION)
    question = held_question(hall, question_id)
    latest = question.messages.order_by("-pk").first()
    if latest and latest.kind == QuestionMessage.Kind.FURTHER and latest.text == asked:
        return latest
    if question.state in UNANSWERED:
        raise Conflict("上一个问题还没有答复，请等答复后再追问。")
    check_read(question, after)
    if question.messages.filter(kind=QuestionMessage.Kind.FURTHER).count() >= MOST_FURTHER:
        raise Conflict(f"一条{question.get_kind_display()}最多追问 {MOST_FURTHER} 次，请另提一条新的，或拨打咨询电话。")
    move(question, QuestionState.WAITING)
    begin_limit(hall, question)
    message = add_message(question, QuestionMessage.Kind.FURTHER, asked)
    keep(hall, question)
    announce_waiting(hall, question)
    citizen = Citizen.objects.filter(pk=question.citizen_id).first() if question.citizen_id else None
    by = actor_of_citizen(citizen) if citizen else STRANGER
    record(by, hall, question, "ask_further", changes={"due_on": [None, str(question.due_on)]})
    return message


def _known(form_id: UUID | None, asked: str) -> Question | None:
    """What the same form made before. Of two at once, the second waits here for the first."""
    if form_id is None:
        return None
    hold_name(f"question form {form_id}")
    known = Question.objects.filter(form_id=form_id).first()
    if known and not known.messages.filter(kind=QuestionMessage.Kind.QUESTION, text=asked).exists():
        raise Conflict("这张表单已经提交过一条咨询。请重新打开页面，再提新的咨询。")
    return known


def _new(hall: Hall, inquiry: Inquiry) -> Question:
    """Not written yet; without its asker."""
    check_inside(hall)
    hold_unretired(hall.pk)
    question = Question(
        number=free_number(),
        form_id=inquiry.form_id,
        channel=inquiry.channel,
        consents=inquiry.consents,
        wants_messages=inquiry.wants_messages,
        received_on=timezone.localdate(),
        state_at=timezone.now(),
    )
    if inquiry.case:
        question.kind, question.case_id = QuestionKind.COMPLAINT, inquiry.case.case_id
        question.item_id, question.item_version_id = inquiry.case.item_id, inquiry.case.item_version_id
        return question
    if inquiry.item_id:
        version = shown_item(inquiry.item_id).version
        question.item_id, question.item_version_id = inquiry.item_id, version.pk
        question.unit_id = answering_unit(hall, version.department)
    if inquiry.unit_id:
        if not Unit.objects.filter(pk=inquiry.unit_id, hall_id=hall.pk, retired_at=None).exists():
            raise Invalid.at("unit_id", "没有这个部门，请重新选择。")
        question.unit_id = inquiry.unit_id
    return question


def _kept(hall: Hall, guest: Guest) -> GuestContact:
    return keep_guest_contact(
        hall_id=hall.pk, name=guest.name, phone=guest.phone, address=guest.address, proof=guest.proof
    )


def _take_in(hall: Hall, question: Question, asked: str, by: Actor, act: str) -> Question:
    begin_limit(hall, question)
    keep(hall, question)
    announce_waiting(hall, question)
    add_message(question, QuestionMessage.Kind.QUESTION, asked)
    record(
        by, hall, question, act, changes={"due_on": [None, str(question.due_on)], "channel": [None, question.channel]}
    )
    return question
