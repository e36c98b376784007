"""What every act on a question shares: its row is held, a message is added, the province is told."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.operations import clear_due_time, emit_event, set_due_time
from foundation.texts import visible
from province.audit.operations import record_act
from province.halls.models import Hall
from province.opinion.operations import QuestionFacts, report_question
from province.opinion.states import QUESTION_TRANSITIONS, QuestionKind, QuestionState
from province.rights.actors import Actor
from province.rights.queries import require
from province.workdays.operations import hold_calendar
from province.workdays.queries import calendar_of_hall
from standards.workdays import WorkCalendar
from tenants.engagement.events import ANSWER_DUE, CONTACT_ENDS, NEXT_DAY, QUESTION_ENDS, QUESTION_WAITS
from tenants.engagement.models import Question, QuestionMessage
from tenants.engagement.queries.access import may_answer, require_answerer
from tenants.engagement.queries.readers import is_unread
from tenants.engagement.queries.settings import answer_days, complaint_days
from tenants.portal.operations.figures import check_inside

# after its end, in case the asker comes back to it
CONTACT_KEPT = timedelta(days=365)


def lock_question(by: Actor, hall: Hall, question_id: UUID, permission: str = "") -> Question:
    """Hold the row of a question or complaint until the transaction ends. Raises NotAllowed for who answers nothing
    here or lacks the permission over it, NotFound for another department's, another hall's and a complaint about
    oneself."""
    require_answerer(by, hall)
    question = held_question(hall, question_id)
    if not may_answer(by, hall, question):
        raise NotFound("没有这条咨询或投诉，可能已转给其他部门，或属于其他服务厅。")
    if permission:
        require(by, permission, hall_id=hall.pk, unit_id=question.unit_id)
    return question


def held_question(hall: Hall, question_id: UUID) -> Question:
    """Hold the question's row until the transaction ends, for no right in particular. Raises NotFound."""
    check_inside(hall)
    question = Question.objects.select_for_update().filter(pk=question_id).first()
    if question is None:
        raise NotFound("没有这条咨询，可能网址输入有误。")
    return question


def check_read(question: Question, after: UUID) -> None:
    """Raises Conflict where something was said since the message that was the last when somebody read the thread."""
    latest = question.messages.order_by("-pk").first()
    if latest is None or latest.pk == after:
        return
    at = in_words(timezone.localtime(latest.created_at), "n月j日 H:i")
    who = latest.author_name or "提问人"
    raise Conflict(
        f"{who}在 {at} 已{latest.get_kind_display()}，您写的内容没有提交，仍保留在下面。"
        "请先看看最新的内容，再决定是否提交。"
    )


def clean_text(text: str, *, ask: str, most: int, field: str = "text") -> str:
    """Raises Invalid without a text, or where it is too long."""
    cleaned = visible(text).strip()
    if not cleaned:
        raise Invalid.at(field, ask)
    if len(cleaned) > most:
        raise Invalid.at(field, f"最多 {most} 个字，现在有 {len(cleaned)} 个。")
    return cleaned


def add_message(
    question: Question,
    kind: QuestionMessage.Kind,
    text: str,
    *,
    by: Actor | None = None,
    unit_name: str = "",
    **known: Any,
) -> QuestionMessage:
    """``by``: of the staff; ``known``: id and time of what was said in another hall."""
    return QuestionMessage.objects.create(
        **known,
        question=question,
        kind=kind,
        text=text,
        author_id=by.id if by else None,
        author_name=by.shown_name if by else "",
        unit_name=unit_name,
    )


def move(question: Question, state: QuestionState) -> None:
    """Let the state follow, in the caller's hands; nothing is written yet. Raises Conflict."""
    QUESTION_TRANSITIONS.check(question.state, state)
    question.state, question.state_at = state, timezone.now()


def note_first_answer(hall: Hall, question: Question) -> None:
    """Set when it was first answered, and after how many working days, in the caller's hands; later ones change
    nothing."""
    if question.answered_at is None:
        question.answered_at = question.state_at
        calendar = calendar_of_hall(hall)
        question.working_days = calendar.workdays_between(question.received_on, timezone.localdate())


def begin_limit(hall: Hall, question: Question) -> None:
    """The clock of an answer begins: today, or on the day of receipt where nothing was said yet."""
    question.limit_from = timezone.localdate() if question.answered_at else question.received_on
    question.limit_days = complaint_days() if question.is_complaint else answer_days()
    count_limit(question, hold_calendar(hall))


def count_limit(question: Question, calendar: WorkCalendar) -> None:
    """Set the last day of the limit that runs, in the caller's hands; nothing is written yet."""
    deadline = calendar.deadline_after(question.limit_from, question.limit_days)
    question.due_on, question.is_due_assumed = deadline.last_day, deadline.is_assumed


def keep(hall: Hall, question: Question) -> None:
    """Write the row, set its clocks, and tell the province."""
    question.save()
    set_clocks(hall, question)
    tell_province(hall, question)


def announce_waiting(hall: Hall, question: Question) -> None:
    """Have those who answer it told, in the caller's transaction."""
    emit_event(kind=QUESTION_WAITS, subject_id=question.pk, hall_id=hall.pk)


def tell_province(hall: Hall, question: Question) -> None:
    """Report how the question stands."""
    report_question(
        hall_id=hall.pk,
        question_id=question.pk,
        facts=QuestionFacts(
            kind=QuestionKind(question.kind),
            citizen_id=question.citizen_id,
            state=QuestionState(question.state),
            received_on=question.received_on,
            due_on=question.due_on,
            limit_from=question.limit_from,
            limit_days=question.limit_days,
            answered_at=question.answered_at,
            working_days=question.working_days,
            was_late=question.was_late,
            is_unread=is_unread(hall, question),
        ),
    )


def set_clocks(hall: Hall, question: Question) -> None:
    """What waits comes due after its last day, and a complaint is looked after each day; what is answered ends by
    itself; of what has ended, the asker's name and phone are kept for a while."""
    clocks = {
        ANSWER_DUE: day_after(question.due_on) if question.state == QuestionState.WAITING else None,
        QUESTION_ENDS: day_after(question.ends_on) if question.state == QuestionState.ANSWERED else None,
        CONTACT_ENDS: question.state_at + CONTACT_KEPT
        if question.state in {QuestionState.CLOSED, QuestionState.REFUSED}
        else None,
    }
    if question.is_complaint:
        is_waiting = question.state == QuestionState.WAITING
        clocks[NEXT_DAY] = day_after(timezone.localdate()) if is_waiting else None
    for kind, due_at in clocks.items():
        if due_at is None:
            clear_due_time(kind=kind, subject_id=question.pk)
        elif kind is not ANSWER_DUE or not question.was_late or due_at > timezone.now():
            # one that is known to be late is told of once
            set_due_time(kind=kind, subject_id=question.pk, due_at=due_at, hall_id=hall.pk)


def day_after(day: Any) -> datetime:
    """The midnight that ends the day, by the clock of the province."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def record(
    by: Actor, hall: Hall, question: Question, act: str, *, reason: str = "", changes: dict[str, Any] | None = None
) -> None:
    """An entry never says what was asked or answered, nor by whom it was asked; of a complaint not even its number, by
    which somebody who knows the phone could look it up."""
    number = {} if question.is_complaint else {"number": [None, question.number]}
    record_act(
        by=by,
        act=f"engagement.{act}",
        object_type="complaint" if question.is_complaint else "question",
        object_id=question.pk,
        hall_id=hall.pk,
        reason=reason,
        changes=number | (changes or {}),
    )
