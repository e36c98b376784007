"""Cases that have not come to their end."""

from typing import Final
from uuid import UUID

from django.db.models import Count

from province.cases.models import CaseReport
from province.cases.states import OPEN_CASES
from province.catalogue.slots import Use
from province.halls.models import Hall

# names that a sentence can hold
_NAMED: Final = 5


def open_cases(hall_id: UUID) -> int:
    """How many there are of a hall."""
    return CaseReport.objects.filter(hall_id=hall_id, state__in=OPEN_CASES).count()


def open_cases_of_item(item_id: UUID) -> Use | None:
    """How many there are of an item, and at which halls: what its new version, its suspension and its abolition leave
    to be done. Two queries; of the last few seconds those are missing that were not counted yet."""
    # asked as the index of what is in hand asks: among millions that have ended these are few
    rows = CaseReport.objects.filter(item_id=item_id, state__in=OPEN_CASES, counted__isnull=False)
    counts = dict(rows.order_by().values_list("hall_id").annotate(number=Count("pk")))
    if not counts:
        return None
    halls = Hall.objects.filter(pk__in=counts).order_by("number").values_list("short_name", flat=True)
    label = "没有办结的办件（按收件时的版本办完）"
    return Use(label, sum(counts.values()), len(counts), tuple(halls[:_NAMED]), counted="件")
