"""事项合并、拆分: one person asks for it, another one confirms it, and on its day items take over from others.

What the items that take over say is drafted, reviewed and published as any version; here is only who succeeds whom.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from foundation.events.operations import clear_due_time, emit_events, set_due_time
from province.audit.operations import record_act
from province.catalogue.events import SUCCESSION_BEGINS, SUCCESSION_DONE
from province.catalogue.models import HallItem, Item, ItemChange, Pause, Succession, SuccessionPart, TriedQuestion
from province.catalogue.operations.changes import record_changes
from province.catalogue.operations.codes import free_wanted_codes, hand_over_codes
from province.catalogue.queries.desks import check_item_in_sight, require_over
from province.catalogue.queries.successions import parts_that_move, succession_with_id, why_not_succeed
from province.catalogue.queries.successors import Sides, sides_of, sides_of_succession
from province.catalogue.states import (
    LIFE_TRANSITIONS,
    SUCCESSION_TRANSITIONS,
    ItemLife,
    SuccessionKind,
    SuccessionState,
)
from province.rights.actors import Actor
from province.rights.queries import require, system_actor

# in a hand-down the guide of what is succeeded lets the halls begin with the successors, too
_HAND_DOWN = """
UPDATE catalogue_assignment SET
    item_ids = (SELECT array_agg(DISTINCT one) FROM unnest(array_cat(array_remove(item_ids, %(old)s), %(new)s)) AS one),
    hall_guides = CASE WHEN hall_guides ? %(key)s::text
        THEN (SELECT jsonb_object_agg(one::text, hall_guides -> %(key)s::text) FROM unnest(%(new)s) AS one)
            || (CASE WHEN %(old)s = ANY(%(new)s) THEN hall_guides ELSE hall_guides - %(key)s::text END)
        ELSE hall_guides END
WHERE ended_at IS NULL AND item_ids @> ARRAY[%(old)s]
"""


@transaction.atomic
def propose_succession(
    *,
    by: Actor,
    kind: SuccessionKind,
    item: Item,
    parts: Sequence[Item],
    reason: str,
    goes_on: bool = True,
    begins_at: datetime | None = None,
) -> Succession:
    """Ask that ``parts`` be merged into ``item``, or that ``item`` be split into ``parts`` (and itself, if it
    ``goes_on``); nothing happens until somebody else confirms it. ``begins_at``: None: with the confirmation.

    Raises Invalid without a reason and for a day that has passed; Conflict where the items cannot be merged or split,
    saying why, also where somebody has asked for another succession of theirs meanwhile.
    """
    goes_on = goes_on or kind is SuccessionKind.MERGER
    for one in (item, *parts):
        check_item_in_sight(by, one.pk)
        require_over(by, "catalogue.submit", one)
    if item in parts or len({one.pk for one in parts}) < len(parts):
        raise Invalid.at("codes", "每个事项只写一次，也不要写这个事项自己。")
    if begins_at is not None and begins_at <= timezone.now():
        raise Invalid.at("begins_at", "执行的日期应在今天以后；确认后立即执行的，请不填。")
    reason = clean_reason(reason, ask=f"请写明{kind.label}的原因和依据。")
    locked = _lock([item, *parts])
    own, others = locked[item.pk], [locked[one.pk] for one in parts]
    sides = sides_of(kind, own, others, goes_on=goes_on)
    if refusal := why_not_succeed(sides, begins_at):
        raise Conflict(refusal, faults=[Fault("codes", refusal)])
    made = Succession.objects.create(
        kind=kind,
        item=own,
        goes_on=goes_on,
        begins_at=begins_at,
        reason=reason,
        proposed_by_id=by.id,
        proposed_by_name=by.name,
    )
    SuccessionPart.objects.bulk_create(
        SuccessionPart(succession=made, item=one, position=position) for position, one in enumerate(others, start=1)
    )
    _record(made, sides, by, "propose_succession", reason)
    return made


@transaction.atomic
def confirm_succession(*, by: Actor, succession_id: UUID) -> Succession:
    """Let it happen on its day, or at once where it names none. Raises NotAllowed for who has asked for it, Conflict
    where it is decided already or cannot be any more."""
    succession, sides = _lock_succession(by, succession_id)
    _check_second(by, succession)
    if succession.begins_at is not None and succession.begins_at <= timezone.now():
        raise Conflict("写明的执行日期已过，请撤回后重新提请。")
    if refusal := why_not_succeed(sides, succession.begins_at, besides=succession.pk):
        raise Conflict(refusal)
    _decide(succession, by.name, SuccessionState.PLANNED)
    _record(succession, sides, by, "confirm_succession")
    if succession.begins_at is None:
        _carry_out(succession, sides, by)
    else:
        set_due_time(kind=SUCCESSION_BEGINS, subject_id=succession.pk, due_at=succession.begins_at)
    return succession


@transaction.atomic
def decline_succession(*, by: Actor, succession_id: UUID, reason: str) -> Succession:
    """Leave the items as they are. Raises as ``confirm_succession``, and Invalid without a reason."""
    succession, sides = _lock_succession(by, succession_id)
    _check_second(by, succession)
    reason = clean_reason(reason, ask="请写明不同意的原因。")
    _decide(succession, by.name, SuccessionState.DECLINED, reason)
    _record(succession, sides, by, "decline_succession", reason)
    return succession


@transaction.atomic
def withdraw_succession(*, by: Actor, succession_id: UUID) -> Succession:
    """Take it back before its day: one's own request, or, for who may confirm, one that is confirmed. Raises Conflict
    once it is carried out: halls have followed then."""
    succession, sides = _lock_succession(by, succession_id, "catalogue.submit")
    if succession.state == SuccessionState.PLANNED:
        require(by, "catalogue.publish")
    elif succession.state == SuccessionState.WAITING and succession.proposed_by_id != by.id:
        raise NotAllowed("只有提请的人可以撤回；不同意的，请写明原因。")
    _decide(succession, by.name, SuccessionState.WITHDRAWN)
    clear_due_time(kind=SUCCESSION_BEGINS, subject_id=succession.pk)
    _record(succession, sides, by, "withdraw_succession")
    return succession


@transaction.atomic
def begin_succession(*, succession_id: UUID) -> None:
    """Carry it out, by the clock. A repeat does nothing, and neither does one that was withdrawn. Where it cannot be
    done any more (a successor was suspended, or its publication withdrawn), it lapses, says why, and changes
    nothing."""
    found = Succession.objects.select_related("item").get(pk=succession_id)
    sides = _lock_sides(found)
    succession = Succession.objects.select_related("item").get(pk=succession_id)
    if succession.state != SuccessionState.PLANNED:
        return
    if succession.begins_at is None or succession.begins_at > timezone.now():
        return
    by = system_actor()
    if refusal := why_not_succeed(sides, None, besides=succession.pk):
        _decide(succession, succession.decided_by_name, SuccessionState.LAPSED, refusal)
        _record(succession, sides, by, "lapse_succession", refusal)
        return
    _carry_out(succession, sides, by)


def _carry_out(succession: Succession, sides: Sides, by: Actor) -> None:
    """What happens to the items, to every code, and to what names them. Halls follow by themselves, an event each."""
    now = timezone.now()
    SUCCESSION_TRANSITIONS.check(succession.state, SuccessionState.DONE)
    succession.state, succession.done_at = SuccessionState.DONE, now
    succession.save(update_fields=["state", "done_at"])
    main = sides.after[0]
    _move_parts(sides, by)
    for item in sides.ended:
        _end(item, succession, sides, by, now)
        free_wanted_codes(item)
        if len(sides.after) == 1:
            hand_over_codes(item, main)
            TriedQuestion.objects.filter(item=item).update(item=main)
    for item in sides.before:
        _hand_down(item, sides)
    before = [item.pk for item in sides.before]
    halls = HallItem.objects.filter(item__in=before).order_by("hall_id").values_list("hall_id", flat=True).distinct()
    emit_events(kind=SUCCESSION_DONE, subject_id=succession.pk, hall_ids=list(halls))
    _record(succession, sides, by, "carry_out_succession")
    record_changes(
        ItemChange(
            kind=ItemChange.Kind.SUCCEEDED,
            item=item,
            happened_at=now,
            former_code=item.basic_code,
            new_code=successor.basic_code,
        )
        for item in sides.before
        for successor in sides.after
        if successor != item
    )


def _move_parts(sides: Sides, by: Actor) -> None:
    """Put the 子项 of 主项 that end under the one that takes over. What is published keeps the code that was reviewed,
    which leads there."""
    main = sides.after[0]
    for part in parts_that_move(sides).select_for_update(of=("self",), no_key=True).order_by("pk"):
        before = part.values.get("parent_code")
        part.parent, part.values = main, {**part.values, "parent_code": main.basic_code}
        part.save(update_fields=["parent", "values"])
        record_act(
            by=by,
            act="catalogue.move_part",
            object_type="item",
            object_id=part.pk,
            changes={"parent_code": [before, main.basic_code]},
        )


def _end(item: Item, succession: Succession, sides: Sides, by: Actor, now: datetime) -> None:
    LIFE_TRANSITIONS.check(item.state, ItemLife.SUCCEEDED)
    names = "、".join(f"“{one.name}”" for one in sides.after)
    words = f"并入{names}" if succession.kind == SuccessionKind.MERGER else f"拆分为{names}"
    item.pauses.filter(to_at=None).update(to_at=now)
    Pause.objects.create(item=item, kind=ItemLife.SUCCEEDED, from_at=now, reason=words[:500], by_name=by.name)
    before, item.state = item.state, ItemLife.SUCCEEDED
    item.save(update_fields=["state"])
    record_act(
        by=by,
        act="catalogue.succeed_item",
        object_type="item",
        object_id=item.pk,
        reason=words[:500],
        changes={"state": [before, ItemLife.SUCCEEDED.value]},
    )


def _hand_down(item: Item, sides: Sides) -> None:
    """Every 下发 in force that names the item names what takes over from it, in one statement."""
    with connection.cursor() as cursor:
        new = [one.pk for one in sides.after]
        cursor.execute(_HAND_DOWN, {"old": item.pk, "key": str(item.pk), "new": new})


def _lock(items: Sequence[Item]) -> dict[UUID, Item]:
    """The items as they stand, locked in one order until the transaction ends."""
    rows = Item.objects.select_for_update(of=("self",), no_key=True).select_related("department")
    return {one.pk: one for one in rows.filter(pk__in=[item.pk for item in items]).order_by("pk")}


def _lock_sides(succession: Succession) -> Sides:
    sides = sides_of_succession(succession)
    locked = _lock(sides.all)
    return Sides(
        sides.kind, tuple(locked[one.pk] for one in sides.before), tuple(locked[one.pk] for one in sides.after)
    )


def _lock_succession(by: Actor, succession_id: UUID, permission: str = "catalogue.publish") -> tuple[Succession, Sides]:
    """The succession and its items as they stand: what is done to one item happens one after the other."""
    found = succession_with_id(by, succession_id)
    require_over(by, permission, found.item)
    sides = _lock_sides(found)
    return Succession.objects.select_related("item__department").get(pk=succession_id), sides


def _check_second(by: Actor, succession: Succession) -> None:
    if by.id is None or succession.proposed_by_id in {by.id, by.acting_for_id}:
        raise NotAllowed("提请和确认须由不同的人办理，请由另一人确认。")


def _decide(succession: Succession, name: str, state: SuccessionState, reason: str = "") -> None:
    SUCCESSION_TRANSITIONS.check(succession.state, state)
    succession.state, succession.decided_by_name, succession.decision_reason = state, name, reason
    succession.decided_at = timezone.now()
    succession.save(update_fields=["state", "decided_by_name", "decided_at", "decision_reason"])


def _record(succession: Succession, sides: Sides, by: Actor, act: str, reason: str = "") -> None:
    record_act(
        by=by,
        act=f"catalogue.{act}",
        object_type="item",
        object_id=succession.item_id,
        reason=reason,
        changes={
            "succession_kind": [None, str(succession.kind)],
            "succession": [
                "、".join(one.basic_code for one in sides.before),
                "、".join(one.basic_code for one in sides.after),
            ],
        },
    )
