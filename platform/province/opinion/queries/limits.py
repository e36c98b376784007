"""Limits of answers that are still due, as calendars need them."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, QuerySet

from province.opinion.models import QuestionReport
from province.opinion.states import QuestionState
from province.workdays.queries.hall_days import counted_place
from province.workdays.slots import LimitGroup, LimitKind
from standards.workdays import Limit


def touched_reports(prefix: str, first: date, last: date) -> QuerySet[QuestionReport]:
    """Of questions that wait in places whose codes begin so, and whose limits could count a day from the first to the
    last."""
    waiting = QuestionReport.objects.filter(state=QuestionState.WAITING, hall__division__code__startswith=prefix)
    return waiting.filter(limit_from__lt=last, due_on__gte=first)


def open_limits(prefix: str, digits: int, first: date, last: date) -> Iterator[LimitGroup]:
    """Those alike together: one query."""
    reports = touched_reports(prefix, first, last).order_by()
    rows = reports.values_list(counted_place(digits), "limit_from", "limit_days", "due_on").annotate(Count("pk"))
    for code, begins_on, workdays, due_on, number in rows:
        yield LimitGroup(code, begins_on, Limit(workdays, "wd"), due_on, number)


ANSWER_LIMITS = LimitKind("群众咨询的答复期限", open_limits)
