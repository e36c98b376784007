"""Whose work a case is: of one person, or of all whose department has it."""

from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict
from province.cases.states import CASE_KIND
from province.halls.models import Hall
from province.people.operations.work import close_open_work, keep_open_work
from province.rights.actors import Actor
from tenants.casework.models import Case
from tenants.casework.operations.rows import keep, lock_case, note_act


@transaction.atomic
def take_case(*, by: Actor, hall: Hall, case_id: UUID) -> Case:
    """Take a case that nobody has. Raises Conflict, with who has it."""
    case = lock_case(by, hall, case_id)
    me = by.acting_for_id or by.id
    if case.owner_id == me:
        return case
    if case.owner_id:
        message = f"这个办件由{case.owner_name}办理。"
        raise Conflict(message)
    if not case.is_open:
        raise Conflict("这个办件已经办结。")
    own_case(hall, case, by)
    keep(hall, case)
    note_act(by, hall, case, "take")
    return case


@transaction.atomic
def put_back_case(*, by: Actor, hall: Hall, case_id: UUID) -> Case:
    """Leave a case to the others of the department. Raises Conflict for what is another's."""
    case = lock_case(by, hall, case_id)
    if case.owner_id is None:
        return case
    if case.owner_id != (by.acting_for_id or by.id):
        message = f"这个办件由{case.owner_name}办理。"
        raise Conflict(message)
    case.owner_id, case.owner_name = None, ""
    close_open_work(kind=CASE_KIND, object_ids=[case.pk])
    keep(hall, case)
    note_act(by, hall, case, "put_back")
    return case


@transaction.atomic
def take_over_cases(*, by: Actor, hall: Hall, leaver_id: UUID, successor: tuple[UUID, str]) -> int:
    """Somebody has left: what was theirs is the successor's. Returns how many."""
    cases = list(Case.objects.select_for_update(of=("self",)).filter(owner_id=leaver_id, ended_at=None).order_by("pk"))
    for case in cases:
        case.owner_id, case.owner_name = successor
        keep(hall, case)
        note_act(by, hall, case, "take_over", note=f"交接给{successor[1]}")
    return len(cases)


def own_case(hall: Hall, case: Case, by: Actor) -> None:
    """Who acts on a case that nobody has, has it from now on; what has ended is nobody's work any more. In the
    caller's hands; nothing of the case is written yet."""
    me = by.acting_for_id or by.id
    if case.owner_id is None and me and case.is_open:
        case.owner_id, case.owner_name = me, by.acting_for or by.name
    if case.is_open and case.owner_id:
        keep_open_work(hall_id=hall.pk, kind=CASE_KIND, owners={case.pk: case.owner_id})
    elif not case.is_open:
        close_open_work(kind=CASE_KIND, object_ids=[case.pk])
