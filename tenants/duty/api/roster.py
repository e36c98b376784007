"""Who is on duty, and when."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router, UploadedFile

from foundation.api import idempotent
from foundation.errors import Invalid
from tenants.duty.layouts import duty_desk_of_request, keeping_desk_of_request
from tenants.duty.models import DutySwap
from tenants.duty.operations.swaps import exchange_turns, replace_turn
from tenants.duty.operations.tables import import_roster
from tenants.duty.operations.turns import ChangedCell, WrittenCell, rotate_turns, write_turns
from tenants.duty.queries.on_duty import turns_at
from tenants.duty.queries.roster import DutyCell, cells_without_people, roster_of, swaps_between
from tenants.duty.schemas import (
    CellOut,
    CellsIn,
    ChangedCellOut,
    DaysQuery,
    DutyDateOut,
    ExchangeIn,
    OnDutyOut,
    ReplacementIn,
    RosterReportOut,
    RotationIn,
    SwapOut,
)
from tenants.duty.states import DutyPart

router = Router(tags=["duty"])
_MOST_DAYS = 92


@router.get("/roster", response=list[DutyDateOut])
def show_roster(request: HttpRequest, asked: Query[DaysQuery], unit_id: UUID | None = None) -> list[DutyDateOut]:
    """The roster from one day to another, at most 92; of the whole hall, or of a department."""
    desk = duty_desk_of_request(request)
    _check_days(asked)
    return [
        DutyDateOut(on=day.on, is_workday=day.is_workday, note=day.note, cells=[_cell(one) for one in day.cells])
        for day in roster_of(desk.hall, asked.first, asked.last, unit_id).dates
    ]


@router.get("/now", response=list[OnDutyOut])
def show_on_duty(request: HttpRequest) -> list[OnDutyOut]:
    """Who is on duty at this moment."""
    duty_desk_of_request(request)
    return [
        OnDutyOut(
            on=one.on,
            shift=one.shift.name,
            part=DutyPart(one.part),
            unit_id=one.shift.unit_id,
            account_id=one.account_id,
            name=one.account_name,
        )
        for one in turns_at(timezone.now())
    ]


@router.get("/missing", response=list[CellOut])
def list_missing(request: HttpRequest, asked: Query[DaysQuery]) -> list[CellOut]:
    """The turns of the hall and its departments that nobody has, on at most 92 days."""
    desk = duty_desk_of_request(request)
    _check_days(asked)
    return [_cell(one) for one in cells_without_people(desk.hall, asked.first, asked.last)]


@router.put("/cells", response=list[ChangedCellOut])
@idempotent
def write_cells(request: HttpRequest, data: CellsIn) -> tuple[int, list[ChangedCellOut]]:
    """Write these cells, all or none. 409 where one was changed since it was read."""
    desk = keeping_desk_of_request(request)
    cells = [WrittenCell(**one.model_dump()) for one in data.cells]
    return 200, _changed(write_turns(by=desk.by, hall=desk.hall, cells=cells))


@router.post("/rotation", response=list[ChangedCellOut])
@idempotent
def rotate(request: HttpRequest, data: RotationIn) -> tuple[int, list[ChangedCellOut]]:
    """Fill what is still empty with these people by turns."""
    desk = keeping_desk_of_request(request)
    return 200, _changed(rotate_turns(by=desk.by, hall=desk.hall, **data.model_dump()))


@router.get("/swaps", response=list[SwapOut])
def list_swaps(request: HttpRequest, asked: Query[DaysQuery]) -> list[SwapOut]:
    """Who took whose turn on these days, the latest first."""
    duty_desk_of_request(request)
    _check_days(asked)
    return [_swap(one) for one in swaps_between(asked.first, asked.last)]


@router.post("/turns/{uuid:turn_id}/replacement", response=SwapOut)
@idempotent
def replace(request: HttpRequest, turn_id: UUID, data: ReplacementIn) -> tuple[int, SwapOut]:
    """Let somebody else have a turn."""
    desk = keeping_desk_of_request(request)
    made = replace_turn(by=desk.by, hall=desk.hall, turn_id=turn_id, to_id=data.to_id, reason=data.reason)
    return 200, _swap(made)


@router.post("/turns/{uuid:turn_id}/exchange", response=list[SwapOut])
@idempotent
def exchange(request: HttpRequest, turn_id: UUID, data: ExchangeIn) -> tuple[int, list[SwapOut]]:
    """Let two change their turns with each other."""
    desk = keeping_desk_of_request(request)
    made = exchange_turns(by=desk.by, hall=desk.hall, turn_id=turn_id, other_id=data.other_id, reason=data.reason)
    return 200, [_swap(one) for one in made]


@router.post("/import/preview", response=RosterReportOut)
def preview_roster(request: HttpRequest, file: File[UploadedFile]) -> RosterReportOut:
    """Say what a CSV or Excel table would change."""
    return _import(request, file, is_trial=True)


@router.post("/import", response=RosterReportOut)
def import_roster_table(request: HttpRequest, file: File[UploadedFile]) -> RosterReportOut:
    """Take in a CSV or Excel table: what the desk exported, changed."""
    return _import(request, file, is_trial=False)


def _import(request: HttpRequest, file: UploadedFile, *, is_trial: bool) -> RosterReportOut:
    desk = keeping_desk_of_request(request)
    report = import_roster(by=desk.by, hall=desk.hall, file=file, is_trial=is_trial)
    faults = [f"{fault.where}：{fault.message}" for fault in report.faults]
    return RosterReportOut(changed=_changed(report.changed), faults=faults)


def _check_days(asked: DaysQuery) -> None:
    if not 0 <= (asked.last - asked.first).days < _MOST_DAYS:
        message = f"请问 1 到 {_MOST_DAYS} 天。"
        raise Invalid(message)


def _cell(cell: DutyCell) -> CellOut:
    return CellOut(
        on=cell.on,
        shift_id=cell.shift.pk,
        shift=cell.shift.name,
        part=cell.part,
        text=cell.text,
        is_empty=cell.is_empty,
        turn_ids=list(cell.turn_ids),
    )


def _changed(cells: Iterable[ChangedCell]) -> list[ChangedCellOut]:
    return [
        ChangedCellOut(on=one.on, shift=one.shift.name, part=one.part, before=one.before, after=one.after)
        for one in cells
    ]


def _swap(swap: DutySwap) -> SwapOut:
    facts: dict[str, Any] = {
        name: getattr(swap, name)
        for name in ("id", "on", "part", "from_name", "to_name", "reason", "by_name", "created_at")
    }
    return SwapOut(**facts, shift=swap.shift.name)
