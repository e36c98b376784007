"""换班申请: somebody asks a colleague to take a turn of theirs, the colleague agrees, who keeps the roster confirms."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, system_actor
from province.rights.roles import READY_ROLES, Reach, Role
from tenants.duty.models import LONGEST_REASON, DutyTurn, SwapRequest
from tenants.duty.operations.notices import tell_asked, tell_decided, tell_keepers
from tenants.duty.operations.rows import hold_roster
from tenants.duty.operations.swaps import give_turn, held_turn
from tenants.duty.queries.access import KEEP, SWAP, require_swapper
from tenants.duty.queries.requests import NO_REQUEST, turns_of_request
from tenants.duty.queries.staff import duty_staff
from tenants.duty.states import OPEN_SWAPS, SWAP_TRANSITIONS, SwapState
from tenants.portal.operations.figures import check_inside, require_in_hall

declare(
    SWAP,
    "申请换班、答复换班",
    reach=Reach.OWN,
    roles=frozenset(role for role in Role if READY_ROLES[role].is_for_halls),
)

_NOT_YOURS: Final = "只能换自己的班。别人的班，请排班的人换。"
_BEGUN: Final = "这一班已经开始，来不及申请换班，请直接找排班的人。"
_CHANGED: Final = "值班表已经改过，这份换班申请不能再用，请重新申请。"


@transaction.atomic
def ask_for_swap(
    *, by: Actor, hall: Hall, turn_id: UUID, reason: str, to_id: UUID | None = None, other_id: UUID | None = None
) -> SwapRequest:
    """Ask a colleague to take one's own turn (``to_id``), or to change turns (``other_id``: one of theirs). Asked
    twice, it is one.

    Raises NotFound, NotAllowed for another person's turn, Invalid for somebody who does not work here or without a
    reason, Conflict for a turn that has begun, for who is on duty there already, and where one was asked for besides.
    """
    check_inside(hall)
    require_swapper(by, hall)
    hold_roster(hall)
    reason = clean_reason(reason, ask="请写明换班的原因。", field="reason", most=LONGEST_REASON)
    turn = held_turn(turn_id)
    if turn.account_id != by.id:
        raise NotAllowed(_NOT_YOURS)
    other = held_turn(other_id) if other_id else None
    asked_id = other.account_id if other else to_id
    if asked_id is None or (to_id and other_id):
        raise Invalid.at("to_id", "请一位同事代班，或者和一班对换，请选其中一样。")
    staff = duty_staff(hall.pk)
    if asked_id not in staff.names:
        raise Invalid.at("to_id", "请选本厅在岗的人。")
    if asked_id == by.id:
        raise Invalid.at("to_id", "请选另一位同事。")
    if other and (other.part, other.shift.unit_id) != (turn.part, turn.shift.unit_id):
        raise Invalid.at("other_id", "只能和同一个值班身份的班对换。")
    made = SwapRequest(
        on=turn.on,
        shift=turn.shift,
        part=turn.part,
        from_id=turn.account_id,
        from_name=turn.account_name,
        to_id=asked_id,
        to_name=staff.names[asked_id],
        other_on=other.on if other else None,
        other_shift=other.shift if other else None,
        reason=reason,
    )
    if known := _known(made):
        return known
    for one in (turn, other):
        if one and _has_begun(one):
            raise Conflict(_BEGUN)
    _check_free(made)
    made.save()
    _note(by, hall, made, "ask_for_swap", before=None)
    tell_asked(hall, made)
    return made


@transaction.atomic
def agree_to_swap(*, by: Actor, hall: Hall, request_id: UUID) -> SwapRequest:
    """The colleague agrees; who keeps the roster is told. Raises NotFound for who was not asked, Conflict where it is
    over or the roster was changed meanwhile; twice changes nothing."""
    request = _held_request(by, hall, request_id)
    if request.to_id != by.id:
        raise NotFound(NO_REQUEST)
    if request.state == SwapState.AGREED:
        return request
    SWAP_TRANSITIONS.check(request.state, SwapState.AGREED)
    _turns(request)
    _check_free(request)
    _move(by, hall, request, SwapState.AGREED, "agree_to_swap")
    tell_keepers(hall, request)
    return request


@transaction.atomic
def refuse_swap(*, by: Actor, hall: Hall, request_id: UUID, said: str = "") -> SwapRequest:
    """The colleague does not agree. Raises NotFound for who was not asked, Conflict where it is over; twice changes
    nothing."""
    request = _held_request(by, hall, request_id)
    if request.to_id != by.id:
        raise NotFound(NO_REQUEST)
    said = clean_reason(said, field="said", most=LONGEST_REASON)
    if request.state != SwapState.REFUSED:
        _move(by, hall, request, SwapState.REFUSED, "refuse_swap", said)
        tell_decided(hall, request, [request.from_id])
    return request


@transaction.atomic
def withdraw_swap(*, by: Actor, hall: Hall, request_id: UUID) -> SwapRequest:
    """Who has asked does not want it any more. Raises NotFound for another person's, Conflict where it is over; twice
    changes nothing."""
    request = _held_request(by, hall, request_id)
    if request.from_id != by.id:
        raise NotFound(NO_REQUEST)
    if request.state != SwapState.WITHDRAWN:
        _move(by, hall, request, SwapState.WITHDRAWN, "withdraw_swap")
        tell_decided(hall, request, [request.to_id])
    return request


@transaction.atomic
def confirm_swap(*, by: Actor, hall: Hall, request_id: UUID) -> SwapRequest:
    """Who keeps the roster confirms: the turns are changed, and both are told. Raises NotFound, NotAllowed, Conflict
    where it was not agreed to, or the roster was changed meanwhile; twice changes nothing."""
    require_in_hall(by, KEEP, hall)
    request = _held_request(by, hall, request_id)
    if request.state == SwapState.DONE:
        return request
    SWAP_TRANSITIONS.check(request.state, SwapState.DONE)
    turn, other = _turns(request)
    _check_free(request)
    staff = duty_staff(hall.pk)
    give_turn(by, hall, turn, request.to_id, request.reason, staff)
    if other:
        give_turn(by, hall, other, request.from_id, request.reason, staff)
    request.decided_by_name = by.shown_name
    _move(by, hall, request, SwapState.DONE, "confirm_swap")
    return request


@transaction.atomic
def decline_swap(*, by: Actor, hall: Hall, request_id: UUID, said: str) -> SwapRequest:
    """Who keeps the roster does not confirm it, with the reason; both are told. Raises NotFound, NotAllowed, Invalid
    without a reason, Conflict where it was not agreed to; twice changes nothing."""
    require_in_hall(by, KEEP, hall)
    request = _held_request(by, hall, request_id)
    said = clean_reason(said, ask="请写明为什么不能换。", field="said", most=LONGEST_REASON)
    if request.state != SwapState.DECLINED:
        request.decided_by_name = by.shown_name
        _move(by, hall, request, SwapState.DECLINED, "decline_swap", said)
        tell_decided(hall, request, [request.from_id, request.to_id])
    return request


def end_swaps_of(hall: Hall, leaver_id: UUID) -> None:
    """Somebody has left: what they asked for is withdrawn, what they were asked for refused. The caller holds the
    roster."""
    by = system_actor()
    for request in SwapRequest.objects.filter(from_id=leaver_id, state__in=OPEN_SWAPS).select_related("shift"):
        _move(by, hall, request, SwapState.WITHDRAWN, "withdraw_swap", "申请人已经离岗。")
        tell_decided(hall, request, [request.to_id])
    for request in SwapRequest.objects.filter(to_id=leaver_id, state__in=OPEN_SWAPS).select_related("shift"):
        # what they had agreed to is nobody's promise any more
        state = SwapState.REFUSED if request.state == SwapState.ASKED else SwapState.DECLINED
        _move(by, hall, request, state, "refuse_swap", "对方已经离岗。")
        tell_decided(hall, request, [request.from_id])


def _held_request(by: Actor, hall: Hall, request_id: UUID) -> SwapRequest:
    """With the roster, until the transaction ends. Raises NotFound for who has nothing to do with it."""
    check_inside(hall)
    hold_roster(hall)
    rows = SwapRequest.objects.select_for_update(of=("self",)).select_related("shift", "other_shift")
    found = rows.filter(pk=request_id).first()
    is_keeper = may(by, KEEP, hall_id=hall.pk)
    if found is None or (by.id not in {found.from_id, found.to_id} and not is_keeper):
        raise NotFound(NO_REQUEST)
    if not is_keeper:
        require_swapper(by, hall)
    return found


def _turns(request: SwapRequest) -> tuple[DutyTurn, DutyTurn | None]:
    """Raises Conflict where one of them is somebody else's now, or has begun."""
    turn, other = turns_of_request(request)
    if turn is None or (request.other_on and other is None):
        raise Conflict(_CHANGED)
    for one in (turn, other):
        if one and _has_begun(one):
            raise Conflict(_BEGUN)
    return turn, other


def _check_free(request: SwapRequest) -> None:
    """Raises Conflict where one of them is on duty already in the turn that they would get."""
    wanted = [(request.to_id, request.to_name, request.on, request.shift_id)]
    if request.other_on and request.other_shift_id:
        wanted.append((request.from_id, request.from_name, request.other_on, request.other_shift_id))
    for account_id, name, on, shift_id in wanted:
        if DutyTurn.objects.filter(on=on, shift=shift_id, part=request.part, account_id=account_id).exists():
            message = f"{name}本来就在{on.month}月{on.day}日那一班。"
            raise Conflict(message)


def _known(made: SwapRequest) -> SwapRequest | None:
    """The one that is open for this turn already. Raises Conflict where it asks for something else."""
    rows = SwapRequest.objects.filter(on=made.on, shift=made.shift, part=made.part, from_id=made.from_id)
    known = rows.filter(state__in=OPEN_SWAPS).select_related("shift", "other_shift").first()
    same = ("to_id", "other_on", "other_shift_id")
    if known and any(getattr(known, name) != getattr(made, name) for name in same):
        message = f"这一班已经请{known.to_name}换了，还没有结果；要请别人，先撤回。"
        raise Conflict(message)
    return known


def _has_begun(turn: DutyTurn) -> bool:
    now = timezone.localtime().replace(tzinfo=None)
    return datetime.combine(turn.on, turn.shift.starts_at) <= now


def _move(by: Actor, hall: Hall, request: SwapRequest, state: SwapState, act: str, said: str = "") -> None:
    SWAP_TRANSITIONS.check(request.state, state)
    before, request.state, request.said = request.state, state, said
    request.save(update_fields=["state", "said", "decided_by_name"])
    _note(by, hall, request, act, before=before)


def _note(by: Actor, hall: Hall, request: SwapRequest, act: str, *, before: str | None) -> None:
    changes: dict[str, list[str | None]] = {"state": [before, str(request.state)]}
    if before is None:
        changes |= {"on": [None, request.on.isoformat()], "part": [None, str(request.part)]}
        changes["people"] = [request.from_name, request.to_name]
    record_act(
        by=by,
        act=f"duty.{act}",
        object_type="duty_swap_request",
        object_id=request.pk,
        hall_id=hall.pk,
        reason=request.reason if before is None else request.said,
        changes=changes,
    )
