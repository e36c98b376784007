"""Pushes as the hall's desk sees them."""

from uuid import UUID

from province.content.models import HallPushDecision
from province.content.queries.pushes import ListedPush, listed_by_column
from province.halls.models import Hall
from tenants.portal.models import Column
from tenants.portal.queries.site import shown_columns

MOST_SHOWN = 40


def shown_pushes(hall: Hall, *, column: str = "") -> list[ListedPush]:
    """What the site shows of pushes now, the newest first: at most 40 of each column, or of one column (a code)."""
    codes = [one.code for one in shown_columns() if one.kind in {Column.Kind.LIST, Column.Kind.GALLERY}]
    by_column = listed_by_column(hall, [column] if column in codes else codes, limit=MOST_SHOWN)
    lines = [line for found in by_column.values() for line in found]
    return sorted(lines, key=lambda line: (line.published_at, line.id), reverse=True)


def column_names() -> dict[str, str]:
    """Names by code, hidden columns too."""
    return dict(Column.objects.values_list("code", "name"))


def decision_about(hall: Hall, push_id: UUID) -> HallPushDecision | None:
    """What this hall decided, if it did."""
    return HallPushDecision.objects.filter(hall_id=hall.pk, push_id=push_id).first()
