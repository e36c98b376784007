"""What readers of a hall's cases have not read yet."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import Conflict
from province.cases.models import CaseFeed, CaseReport

LARGEST_STEP: Final = 100


def changed_reports(hall_id: UUID, after: int, *, limit: int = LARGEST_STEP) -> QuerySet[CaseReport]:
    """The hall's cases that have changed since this position (0: from the beginning), each once, where it changed last.
    A reader that goes on from the last one misses none: what changes later gets a later position.

    Raises Conflict for a position that the feed has never come to.
    """
    if after and not CaseFeed.objects.filter(pk=hall_id, position__gte=after).exists():
        raise Conflict("这个游标不是本厅给出的，或者数据恢复以后已经作废。请从 0 开始重新读取。")
    found = CaseReport.objects.filter(hall_id=hall_id, position__gt=after, is_waiting=False)
    return found.order_by("position")[:limit]


def unchanged_of(reports: Sequence[CaseReport]) -> set[UUID]:
    """Those of these reports that stand where they stood when they were read: what was read of their cases since then
    is what their positions are for. The others come again, at later positions."""
    now = CaseReport.objects.filter(pk__in=[one.pk for one in reports], is_waiting=False)
    positions = dict(now.values_list("pk", "position"))
    return {one.pk for one in reports if positions.get(one.pk) == one.position}
