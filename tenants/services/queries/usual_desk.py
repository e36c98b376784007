"""What the desk shows of 常用信息."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from province.catalogue.definition import check_usual
from province.catalogue.models import Department
from tenants.services.models import UsualAnswers
from tenants.services.queries.desk import departments_at_desk


@dataclass(frozen=True, slots=True)
class UsualLine:
    """One set of answers; ``department`` None: for all items. ``score``: in percent, together with those for all."""

    department: Department | None
    score: int
    edited_by_name: str
    edited_at: datetime | None


def usual_sets() -> QuerySet[UsualAnswers]:
    """Those for all items first."""
    return UsualAnswers.objects.order_by(F("department_id").asc(nulls_first=True))


def usual_lines() -> list[UsualLine]:
    """For all items first, then for each department that answers for one of the hall's items."""
    answers = {one.department_id: one for one in usual_sets()}
    common = answers[None].values if None in answers else {}
    lines = []
    for department in (None, *departments_at_desk()):
        own = answers.get(department.pk if department else None)
        score = check_usual({**common, **(own.values if own else {})}).score
        lines.append(UsualLine(department, score, own.edited_by_name if own else "", own.edited_at if own else None))
    return lines
