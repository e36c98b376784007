"""What the desk shows of 常用信息."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from province.catalogue.models import Department
from standards.items import check_hall_defaults
from tenants.services.models import HallDefaults
from tenants.services.queries.desk import departments_at_desk


@dataclass(frozen=True, slots=True)
class HallDefaultsLine:
    """One set of answers; ``department`` None: for all items. ``score``: in percent, together with those for all."""

    department: Department | None
    score: int
    edited_by_name: str
    edited_at: datetime | None


def hall_defaults_sets() -> QuerySet[HallDefaults]:
    """Those for all items first."""
    return HallDefaults.objects.order_by(F("department_id").asc(nulls_first=True))


def hall_defaults_lines() -> list[HallDefaultsLine]:
    """For all items first, then for each department that answers for one of the hall's items."""
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
