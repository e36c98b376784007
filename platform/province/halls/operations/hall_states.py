"""The states of a hall: planned, trial, live, suspended, retired."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON, clean_reason
from foundation.errors import Conflict, Fault, Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.halls.operations.domains import check_domains
from province.halls.operations.halls import touch_hall
from province.halls.queries.checklist import checklist
from province.halls.slots import UNFINISHED_WORK
from province.halls.states import HALL_TRANSITIONS, HallState
from province.rights.actors import Actor
from province.rights.queries import require


@transaction.atomic
def open_hall(*, by: Actor, hall: Hall) -> Hall:
    """planned → trial: its site answers, with a banner, and robots stay away."""
    require(by, "halls.manage")
    return _move(by, hall, HallState.TRIAL, act="halls.open")


def go_live(*, by: Actor, hall: Hall) -> Hall:
    """trial → live, when every line of the checklist is green. Raises Conflict with a fault for each red line.

    Its domains are fetched over HTTP at this moment, outside the transaction.
    """
    require(by, "halls.manage")
    _require_trial(hall)
    check_domains(by=by, hall=hall)
    return _go_live(by, hall)


def _require_trial(hall: Hall) -> None:
    """A suspended hall goes back by ``resume_hall``, never this way."""
    if hall.state != HallState.TRIAL:
        message = f"只有试运行的服务厅可以转为正式运行，当前是“{HallState(hall.state).label}”。"
        raise Conflict(message)


@transaction.atomic
def _go_live(by: Actor, hall: Hall) -> Hall:
    found = _locked(hall)
    _require_trial(found)
    red = [line for line in checklist(found) if not line.is_green]
    if red:
        names = "、".join(line.label for line in red)
        message = f"还不能正式运行，以下各项没有完成：{names}。"
        raise Conflict(message, faults=[Fault(line.label, line.todo) for line in red])
    return _move(by, found, HallState.LIVE, act="halls.go_live")


@transaction.atomic
def suspend_hall(*, by: Actor, hall: Hall, reason: str, until: datetime | None = None) -> Hall:
    """Suspend the hall: its site answers 503 with the reason, and with Retry-After where ``until`` is known; people go
    on with what they have there (decision 101). The state before is kept for ``resume_hall``."""
    require(by, "halls.manage")
    reason = _shown_reason(reason)
    if until is not None and until <= timezone.now():
        message = "预计恢复时间应晚于现在。"
        raise Invalid(message, faults=[Fault("until", message)])
    found = _locked(hall)
    before = found.state
    return _move(
        by,
        found,
        HallState.SUSPENDED,
        act="halls.suspend",
        reason=reason,
        resumes_as=before,
        suspended_at=timezone.now(),
        suspended_until=until,
    )


@transaction.atomic
def resume_hall(*, by: Actor, hall: Hall) -> Hall:
    """suspended → what it was before."""
    require(by, "halls.manage")
    found = _locked(hall)
    if found.state != HallState.SUSPENDED:
        message = f"当前是“{HallState(found.state).label}”，没有暂停，不需要恢复。"
        raise Conflict(message)
    return _move(
        by,
        found,
        HallState(found.resumes_as),
        act="halls.resume",
        reason="",
        resumes_as="",
        suspended_at=None,
        suspended_until=None,
    )


@transaction.atomic
def retire_hall(*, by: Actor, hall: Hall, reason: str, successor: Hall | None = None) -> Hall:
    """Retire the hall for good: its site answers 410 and says which hall to go to. Nothing of it is deleted.

    Raises Conflict, with what and how much, where somebody still waits for something from it.
    """
    require(by, "halls.manage")
    reason = _shown_reason(reason)
    if successor is not None:
        successor = Hall.objects.select_for_update(of=("self",)).get(pk=successor.pk)
        if successor.pk == hall.pk or successor.state == HallState.RETIRED:
            message = "接替的服务厅不能是它自己，也不能是已停用的服务厅。"
            raise Invalid(message, faults=[Fault("successor", message)])
    found = _locked(hall)
    HALL_TRANSITIONS.check(found.state, HallState.RETIRED)
    _check_nobody_waits(found)
    return _move(
        by,
        hall,
        HallState.RETIRED,
        act="halls.retire",
        reason=reason,
        successor=successor,
        suspended_at=None,
        suspended_until=None,
    )


def hold_unretired(hall_id: UUID) -> None:
    """Keep the hall from being retired until the transaction ends, in which it is given something to do; nobody else
    waits. Raises Conflict where it is retired."""
    with connection.cursor() as cursor:
        # the lock of a foreign key, against which the one of ``retire_hall`` stands
        cursor.execute("SELECT state FROM halls_hall WHERE id = %s FOR KEY SHARE", [hall_id])
        found = cursor.fetchone()
    if found is None or found[0] == HallState.RETIRED:
        raise Conflict("这个服务厅已经停用，请选择其他服务厅。")


def _check_nobody_waits(hall: Hall) -> None:
    """The row is held: whatever is given to the hall from now on waits."""
    counts = [(one.count(hall.pk), one.words) for one in UNFINISHED_WORK.entries()]
    if left := "、".join(f"{number:,} {words}" for number, words in counts if number):
        message = (
            f"{hall.name}还有 {left}，不能停用。请先办结、答复，或者转送给接替的服务厅；"
            "网站不再对外的，可以先暂停，工作台仍可使用。"
        )
        raise Conflict(message)


def _shown_reason(reason: str) -> str:
    return clean_reason(reason, ask="请填写原因，它会显示在服务厅的网站上。", most=LONGEST_SHORT_REASON)


def _locked(hall: Hall) -> Hall:
    """The row as it is now, so that of two changes at once the second sees the first."""
    return Hall.objects.select_for_update(of=("self",)).get(pk=hall.pk)


def _move(by: Actor, hall: Hall, state: HallState, *, act: str, reason: str | None = None, **fields: object) -> Hall:
    found = _locked(hall)
    before = found.state
    HALL_TRANSITIONS.check(before, state)
    found.state = state
    if reason is not None:
        found.state_reason = reason
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=["state", "state_reason", *fields])
    touch_hall(found.id)
    record_act(
        by=by,
        act=act,
        object_type="hall",
        object_id=found.id,
        hall_id=found.id,
        reason=reason or "",
        changes={"state": [str(before), str(state)]},
    )
    return found
