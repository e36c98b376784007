"""How halls answer, counted over all of them without opening one."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Avg, Count, Q
from django.db.models.functions import Left
from django.utils import timezone

from province.opinion.models import QuestionReport
from province.opinion.states import UNANSWERED, QuestionKind, QuestionState

# digits of a county's code that are its own
_COUNTY: Final = 6


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """``open``: waiting for an answer; ``late``: of these, past their last day; ``unread``: of these, complaints that
    nobody may read. ``answered``: at least once; ``in_time``: of these, every answer on time. ``mean_days``: working
    days to the first answer, None without one."""

    open: int
    late: int
    answered: int
    in_time: int
    unread: int
    mean_days: float | None


def question_figures(prefix: str = "", *, kind: QuestionKind = QuestionKind.QUESTION) -> QuestionFigures:
    """Of the halls whose division code begins so: one query. A hall that moved counts where it is now."""
    reports = QuestionReport.objects.filter(kind=kind, hall__division__code__startswith=prefix)
    return QuestionFigures(**reports.aggregate(**_counted()))


def question_figures_by_place(
    prefix: str = "", digits: int = _COUNTY
) -> dict[QuestionKind, dict[str, QuestionFigures]]:
    """Of each kind: so many first digits of a division code (six: of a county) -> figures of the hall there and of all
    below it; one query. Only of places where somebody asked something; a prefecture's own hall has the code of no
    county."""
    place_code = Left("hall__division__code", digits)
    reports = QuestionReport.objects.filter(hall__division__code__startswith=prefix)
    rows = reports.values_list("kind", place_code).annotate(**_counted()).order_by("kind", place_code)
    found: dict[QuestionKind, dict[str, QuestionFigures]] = {kind: {} for kind in QuestionKind}
    for kind, place, *figures in rows:
        found[QuestionKind(kind)][place] = QuestionFigures(*figures)
    return found


def unanswered(hall_id: UUID) -> int:
    """How many questions to the hall, and complaints, wait for an answer, its own or one from above."""
    return QuestionReport.objects.filter(hall_id=hall_id, state__in=UNANSWERED).count()


def halls_with_unread() -> list[tuple[str, int]]:
    """Names of halls with complaints that wait and that nobody may read, and how many; the most first. One query."""
    unread = QuestionReport.objects.filter(state=QuestionState.WAITING, is_unread=True)
    counts = unread.values_list("hall__name").annotate(number=Count("pk")).order_by("-number", "hall__name")
    return list(counts)


def _counted() -> dict[str, Any]:
    is_open, is_answered = Q(state=QuestionState.WAITING), Q(answered_at__isnull=False)
    return {
        "open": Count("pk", filter=is_open),
        "late": Count("pk", filter=is_open & Q(due_on__lt=timezone.localdate())),
        "answered": Count("pk", filter=is_answered),
        "in_time": Count("pk", filter=is_answered & Q(was_late=False)),
        "unread": Count("pk", filter=is_open & Q(is_unread=True)),
        "mean_days": Avg("working_days"),
    }
