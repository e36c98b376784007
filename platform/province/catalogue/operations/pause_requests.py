"""A second person for what takes an item from every hall: one asks, somebody else confirms."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, NotAllowed
from foundation.events.operations import clear_due_time, set_due_time
from foundation.masking import masked
from province.audit.operations import record_act
from province.catalogue.events import PAUSE_UNCONFIRMED
from province.catalogue.models import Item, PauseRequest
from province.catalogue.operations.drafts import lock_any_item, lock_item
from province.catalogue.operations.suspension import PERMISSION_OF, begin_pause, end_pause
from province.catalogue.queries.pause_requests import pause_request_with_id, waiting_pause_request
from province.catalogue.queries.uses import uses_of
from province.catalogue.states import (
    LIFE_TRANSITIONS,
    PAUSE_REQUEST_TRANSITIONS,
    ItemLife,
    PauseRequestState,
)
from province.rights.actors import Actor
from province.rights.queries import require, system_actor

# an urgent suspension by one person ends by itself unless another one confirms it within
URGENT_LASTS: Final = timedelta(days=1)


@transaction.atomic
def propose_pause(
    *, by: Actor, item: Item, kind: ItemLife, reason: str, knows_uses: bool = False, is_urgent: bool = False
) -> PauseRequest:
    """Ask that the item be suspended or abolished; nothing happens until somebody else confirms it.

    ``is_urgent``: a suspension begins at once, and ends by itself unless it is confirmed within a day.

    Raises Invalid without a reason; Conflict for an item that cannot be, for one about which somebody has asked
    already, and, saying which, where halls use an item that is to be abolished, unless ``knows_uses``.
    """
    require(by, PERMISSION_OF[kind])
    locked = lock_item(by, item)
    LIFE_TRANSITIONS.check(locked.state, kind)
    if waiting := waiting_pause_request(locked):
        message = f"{masked(waiting.proposed_by_name)}已提请{waiting.get_kind_display()}这个事项，请先确认或不同意。"
        raise Conflict(message)
    if is_urgent and kind is not ItemLife.SUSPENDED:
        raise Conflict("只有暂停可以紧急先行，废止须由第二人确认后执行。")
    uses = uses_of(locked) if kind is ItemLife.ABOLISHED and not knows_uses else []
    if uses:
        message = f"这个事项还有服务厅在使用。{'；'.join(use.sentence for use in uses)}。请确认后再废止。"
        raise Conflict(message, faults=[Fault("uses", use.sentence) for use in uses])
    reason = clean_reason(reason, ask=f"请写明{kind.label}的原因。")
    request = PauseRequest.objects.create(
        item=locked,
        kind=kind,
        reason=reason,
        is_urgent=is_urgent,
        due_at=timezone.now() + URGENT_LASTS if is_urgent else None,
        proposed_by_id=by.id,
        proposed_by_name=by.name,
    )
    _record(request, by, "propose_pause", reason)
    if request.due_at is not None:
        set_due_time(kind=PAUSE_UNCONFIRMED, subject_id=request.pk, due_at=request.due_at)
        begin_pause(locked, by, kind, reason)
    return request


@transaction.atomic
def confirm_pause(*, by: Actor, request_id: UUID) -> PauseRequest:
    """Carry it out, or let an urgent suspension stand. Raises NotAllowed for who has asked for it, Conflict where it is
    decided already."""
    item, request = _lock(by, request_id)
    _check_second(by, request)
    _decide(request, by, PauseRequestState.CONFIRMED)
    _record(request, by, "confirm_pause")
    if not request.is_urgent:
        begin_pause(item, by, ItemLife(request.kind), request.reason)
    return request


@transaction.atomic
def decline_pause(*, by: Actor, request_id: UUID, reason: str) -> PauseRequest:
    """Leave the item as it is, or show one again that was suspended in haste. Raises as ``confirm_pause``, and Invalid
    without a reason."""
    item, request = _lock(by, request_id)
    _check_second(by, request)
    reason = clean_reason(reason, ask="请写明不同意的原因。")
    _decide(request, by, PauseRequestState.DECLINED, reason)
    _record(request, by, "decline_pause", reason)
    if request.is_urgent:
        end_pause(item, by, reason)
    return request


@transaction.atomic
def withdraw_pause(*, by: Actor, request_id: UUID) -> PauseRequest:
    """Take one's own request back before anybody has decided; an urgent suspension is ended by resuming the item."""
    _, request = _lock(by, request_id)
    if request.proposed_by_id != by.id:
        raise NotAllowed("只有提请的人可以撤回；不同意的，请写明原因。")
    if request.is_urgent:
        raise Conflict("已紧急暂停。不再需要暂停的，请直接恢复使用。")
    _decide(request, by, PauseRequestState.WITHDRAWN)
    _record(request, by, "withdraw_pause")
    return request


@transaction.atomic
def lapse_pause(*, request_id: UUID) -> None:
    """End, by the clock, an urgent suspension that nobody has confirmed: halls show the item again. A repeat does
    nothing, and neither does a request that was decided meanwhile."""
    found = PauseRequest.objects.select_related("item").get(pk=request_id)
    item = lock_any_item(found.item)
    request = item.pause_requests.get(pk=request_id)
    if request.state != PauseRequestState.WAITING or request.due_at is None or request.due_at > timezone.now():
        return
    by = system_actor()
    _decide(request, by, PauseRequestState.LAPSED)
    _record(request, by, "lapse_pause")
    if item.state == ItemLife.SUSPENDED:
        end_pause(item, by, "紧急暂停一天内没有第二人确认")


def _lock(by: Actor, request_id: UUID) -> tuple[Item, PauseRequest]:
    """The item and the request as they stand, locked until the transaction ends."""
    found = pause_request_with_id(by, request_id)
    item = lock_item(by, found.item)
    request = item.pause_requests.get(pk=request_id)
    require(by, PERMISSION_OF[ItemLife(request.kind)])
    return item, request


def _check_second(by: Actor, request: PauseRequest) -> None:
    if by.id is None or request.proposed_by_id in {by.id, by.acting_for_id}:
        raise NotAllowed("提请和确认须由不同的人办理，请由另一人确认。")


def _decide(request: PauseRequest, by: Actor, state: PauseRequestState, reason: str = "") -> None:
    PAUSE_REQUEST_TRANSITIONS.check(request.state, state)
    request.state, request.decided_by_name, request.decision_reason = state, by.name, reason
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "decided_by_name", "decision_reason", "decided_at"])
    if request.is_urgent:
        clear_due_time(kind=PAUSE_UNCONFIRMED, subject_id=request.pk)


def _record(request: PauseRequest, by: Actor, act: str, reason: str = "") -> None:
    record_act(
        by=by,
        act=f"catalogue.{act}",
        object_type="item",
        object_id=request.item_id,
        reason=reason,
        changes={"pause_kind": [None, str(request.kind)], "is_urgent": [None, request.is_urgent]},
    )
