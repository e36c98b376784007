"""What the API says of a hall's departments in figures."""

from datetime import date
from uuid import UUID

from ninja import Schema


class DepartmentSumsOut(Schema):
    """Cases that were received in the months: ``received`` is ``in_hand`` and those that ended in each way.

    ``due_soon``, ``over_…``, ``correcting`` and ``suspended``: of those in hand, today; ``late_…`` and ``on_time``: of
    the decided ones. ``timed``: decided ones with a promised time; ``days``: working days that these took,
    ``promised_days``: might have taken.
    """

    received: int
    accepted: int
    decided: int
    granted: int
    refused: int
    in_hand: int
    due_soon: int
    over_statutory: int
    over_promised: int
    correcting: int
    suspended: int
    finished: int
    declined: int
    withdrawn: int
    terminated: int
    transferred: int
    on_time: int
    late_statutory: int
    late_promised: int
    timed: int
    days: int
    promised_days: int


class DepartmentFigureOut(Schema):
    """``unit``: the department's id, or "window" for those who work for the whole hall."""

    unit: str
    name: str
    sums: DepartmentSumsOut


class FigureCaseOut(Schema):
    """``id``: of the case, for ``/cases/{id}``."""

    id: UUID
    number: str
    item_id: UUID
    item_name: str
    case_type: str
    channel: str
    state: str
    outcome: str
    received_on: date
    accepted_on: date | None
    decided_on: date | None
    ended_on: date | None
    was_late: bool
