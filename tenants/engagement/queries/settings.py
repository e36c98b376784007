"""How this hall answers: within which limit, and which department for which items."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from province.catalogue.models import Department
from province.halls.models import Hall
from province.people.models import Unit
from tenants.engagement.models import ANSWER_DAYS, COMPLAINT_DAYS, AnsweringUnit, EngagementSettings
from tenants.services.queries.desk import departments_at_desk

WINDOW = "综合窗口"
# as people are told who answers a complaint: never a department
COMPLAINTS_DESK = "投诉处理人"


@dataclass(frozen=True, slots=True)
class AnsweringLine:
    """A department whose items the hall has adopted, and which of the hall's own answers for it (None: the window)."""

    department: Department
    unit_id: UUID | None


def answer_days() -> int:
    """The limit of an answer in working days."""
    found = EngagementSettings.objects.values_list("answer_days", flat=True).first()
    return ANSWER_DAYS if found is None else found


def complaint_days() -> int:
    """The limit of an answer to a complaint in working days."""
    found = EngagementSettings.objects.values_list("complaint_days", flat=True).first()
    return COMPLAINT_DAYS if found is None else found


def answering_lines(hall: Hall) -> list[AnsweringLine]:
    """Every department whose items the hall has, with who answers."""
    return [AnsweringLine(one, answering_unit(hall, one)) for one in departments_at_desk()]


def answering_unit(hall: Hall, department: Department) -> UUID | None:
    """The hall's own department that answers for items of this one: the one that was chosen, else the one of the same
    name (民政局, or 当阳市民政局); None where there is none, or it was dissolved."""
    units = Unit.objects.filter(hall_id=hall.pk, retired_at=None)
    chosen = AnsweringUnit.objects.filter(department_id=department.pk).first()
    if chosen:
        return units.filter(pk=chosen.unit_id).values_list("pk", flat=True).first() if chosen.unit_id else None
    named = units.filter(Q(name=department.name) | Q(name__endswith=department.name))
    return named.order_by("order", "pk").values_list("pk", flat=True).first()


def unit_names(unit_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """id -> name, for departments whether in use or not; None is the hall's window."""
    units = Unit.objects.filter(pk__in={one for one in unit_ids if one})
    return {None: WINDOW, **dict(units.values_list("pk", "name"))}
