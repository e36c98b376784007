"""Shifts of the hall that is entered."""

from uuid import UUID

from django.db.models import F, QuerySet

from foundation.errors import NotFound
from province.people.queries.units import unit_choices
from tenants.duty.models import DutyShift


def duty_shifts() -> QuerySet[DutyShift]:
    """All of them, the hall's before those of departments, by the hour at which they begin."""
    return DutyShift.objects.order_by(F("unit_id").asc(nulls_first=True), "starts_at", "name", "pk")


def shift_with_id(shift_id: UUID) -> DutyShift:
    """Raises NotFound, also for another hall's."""
    found = DutyShift.objects.filter(pk=shift_id).first()
    if found is None:
        raise NotFound("没有这个班次，它可能属于其他服务厅。")
    return found


def units_with_shifts(hall_id: UUID) -> list[tuple[str, str]]:
    """(id, name) of the departments that have a shift in use, in the order of the tree. Two queries."""
    used = set(DutyShift.objects.filter(is_in_use=True, unit_id__isnull=False).values_list("unit_id", flat=True))
    return [(pk, name) for pk, name in unit_choices(hall_id) if UUID(pk) in used] if used else []
