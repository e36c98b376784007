"""The hall's shifts (班次)."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from tenants.duty.layouts import duty_desk_of_request, keeping_desk_of_request
from tenants.duty.models import DutyShift
from tenants.duty.operations.shifts import ShiftFacts, change_shift, create_shift, use_shift
from tenants.duty.queries.shifts import duty_shifts, shift_with_id
from tenants.duty.schemas import ShiftChangeIn, ShiftIn, ShiftOut, ShiftUseIn

router = Router(tags=["duty"])


@router.get("", response=list[ShiftOut])
def list_shifts(request: HttpRequest) -> list[DutyShift]:
    """List the shifts, also those out of use: the hall's, then those of departments."""
    duty_desk_of_request(request)
    return list(duty_shifts())


@router.post("", response={201: ShiftOut})
@idempotent
def add_shift(request: HttpRequest, data: ShiftIn) -> tuple[int, ShiftOut]:
    """Add a shift."""
    desk = keeping_desk_of_request(request)
    made = create_shift(by=desk.by, hall=desk.hall, facts=ShiftFacts(**data.model_dump()))
    return 201, ShiftOut.from_orm(made)


@router.get("/{uuid:shift_id}", response=ShiftOut)
def show_shift(request: HttpRequest, shift_id: UUID) -> DutyShift:
    duty_desk_of_request(request)
    return shift_with_id(shift_id)


@router.put("/{uuid:shift_id}", response=ShiftOut)
@idempotent
def write_shift(request: HttpRequest, shift_id: UUID, data: ShiftChangeIn) -> tuple[int, ShiftOut]:
    """Write what is said of a shift; whose turn it is stays. 409 where it was changed since it was read."""
    desk = keeping_desk_of_request(request)
    facts = ShiftFacts(**data.model_dump(exclude={"revision"}))
    changed = change_shift(by=desk.by, hall=desk.hall, shift_id=shift_id, revision=data.revision, facts=facts)
    return 200, ShiftOut.from_orm(changed)


@router.post("/{uuid:shift_id}/use", response=ShiftOut)
@idempotent
def use_or_end_shift(request: HttpRequest, shift_id: UUID, data: ShiftUseIn) -> tuple[int, ShiftOut]:
    """Take a shift out of use, or put it back."""
    desk = keeping_desk_of_request(request)
    return 200, ShiftOut.from_orm(use_shift(by=desk.by, hall=desk.hall, shift_id=shift_id, is_in_use=data.is_in_use))
