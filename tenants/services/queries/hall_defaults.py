"""常用信息 as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from province.catalogue.models import Department
from standards.items import check_hall_defaults
from tenants.services.models import HallDefaults
from tenants.services.queries.desk import departments_at_desk


@dataclass(frozen=True, slots=True)
class HallDefaultsLine:
    """One set of answers; ``department`` None: for all items. ``score``: how much is there, in percent, together
    with the answers for all."""

    department: Department | None
    score: int
    edited_by_name: str
    edited_at: datetime | None


def hall_defaults_sets() -> QuerySet[HallDefaults]:
    """All sets of answers, the one for all items first."""
    return HallDefaults.objects.order_by(F("department_id").asc(nulls_first=True))


def hall_defaults_lines() -> list[HallDefaultsLine]:
    """A line for all items, then one for each department that answers for one of the hall's items."""
    answers = {one.department_id: one for one in hall_defaults_sets()}
    common = answers[None].values if None in answers else {}
    lines = []
    for department in (None, *departments_at_desk()):
        own = answers.get(department.pk if department else None)
        score = check_hall_defaults({**common, **(own.values if own else {})}).score
        lines.append(
            HallDefaultsLine(department, score, own.edited_by_name if own else "", own.edited_at if own else None)
        )
    return lines
