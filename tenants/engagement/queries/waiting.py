"""What of the questions waits for the person at the desk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.html import format_html

from foundation.masking import scrub
from province.console.slots import Figure
from province.opinion.states import QuestionKind, QuestionState
from province.rights.queries import works_at
from tenants.engagement.models import Question
from tenants.engagement.queries.access import ANSWER, COMPLAINTS
from tenants.engagement.queries.desk import (
    complaints_by_filter,
    questions_at_desk,
    questions_by_filter,
    waiting_complaints_number,
    waiting_number,
)
from tenants.shell.slots import MOST_THINGS, Desk, DeskShare, Once, WaitingThing

_LONGEST_TITLE: Final = 40


def waiting_questions(desk: Desk) -> Iterator[WaitingThing]:
    """Questions of the person's department, the one due first leading."""
    if not works_at(desk.by, ANSWER, hall_id=desk.hall.pk):
        return
    for question in questions_at_desk(desk, state=QuestionState.WAITING)[: MOST_THINGS + 1]:
        yield _waiting(question)


def waiting_complaints(desk: Desk) -> Iterator[WaitingThing]:
    """Complaints that the person may answer, the one due first leading."""
    if not works_at(desk.by, COMPLAINTS, hall_id=desk.hall.pk):
        return
    for complaint in questions_at_desk(desk, QuestionKind.COMPLAINT, state=QuestionState.WAITING)[: MOST_THINGS + 1]:
        yield _waiting(complaint)


def complaints_waiting(desk: Desk, once: Once) -> int:
    return once(waiting_complaints_number, desk)


def complaints_share(desk: Desk, once: Once) -> DeskShare:
    """Figures of the complaints that the person may answer, apart from those of questions."""
    counts, address = once(complaints_by_filter, desk), reverse("desk-complaints")
    return DeskShare(
        figures=(
            Figure(counts["waiting"], "待处理投诉", f"{address}?state=waiting"),
            Figure(counts["late"], "超期投诉", f"{address}?state=late"),
        )
    )


def questions_waiting(desk: Desk, once: Once) -> int:
    return once(waiting_number, desk)


def questions_share(desk: Desk, once: Once) -> DeskShare:
    """Figures of the questions that are the person's business."""
    counts, address = once(questions_by_filter, desk), reverse("desk-questions")
    return DeskShare(
        figures=(
            Figure(counts["waiting"], "待答复咨询", f"{address}?state=waiting"),
            Figure(counts["late"], "超期咨询", f"{address}?state=late"),
        ),
        hint=format_html(
            '群众的新咨询会排在这里；电话和窗口问的，可以<a href="{}">代录咨询</a>。', reverse("desk-question-new")
        ),
    )


def _waiting(question: Question) -> WaitingThing:
    text = scrub(question.text)  # type: ignore[attr-defined]  # annotated
    title = text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]}…"
    today = timezone.localdate()
    if question.is_overdue:
        tag, look = "已超期", "error"
    elif question.due_on <= today + timedelta(days=1):
        tag, look = ("今天到期" if question.due_on == today else "明天到期"), "warning"
    else:
        tag, look = "投诉待处理" if question.is_complaint else "待答复", "accent"
    note = f"{in_words(question.due_on, 'n月j日')}前答复{question.assumed_remark}"
    return WaitingThing(tag, look, title, note, "desk-question", question.pk)
