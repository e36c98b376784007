"""暂停、恢复、废止: no hall shows the item from the commit on, until it is taken up again."""

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from province.audit.operations import record_act
from province.catalogue.models import Change, Item, Pause
from province.catalogue.operations.changes import record_change
from province.catalogue.operations.drafts import lock_item
from province.catalogue.operations.reviews import clean_reason
from province.catalogue.queries.uses import uses_of
from province.catalogue.states import LIFE_TRANSITIONS, ItemLife
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, require

declare("catalogue.abolish", "废止事项", reach=Reach.PROVINCE)


@transaction.atomic
def suspend_item(*, by: Actor, item: Item, reason: str) -> Item:
    """No hall shows it until it is resumed. Raises Invalid without a reason."""
    require(by, "catalogue.publish")
    locked = lock_item(by, item)
    _pause(locked, by, ItemLife.SUSPENDED, reason)
    _record(locked, by, "catalogue.suspend_item", ItemLife.SUSPENDED, reason)
    record_change(Change.Kind.SUSPENDED, locked, None)
    return locked


@transaction.atomic
def abolish_item(*, by: Actor, item: Item, reason: str, knows_uses: bool = False) -> Item:
    """No hall shows it any more. What it was remains: its versions, and what stands on them.

    Raises Conflict, saying which, where halls use it, unless whoever abolishes it knows that.
    """
    require(by, "catalogue.abolish")
    locked = lock_item(by, item)
    if not knows_uses and (uses := uses_of(locked)):
        message = f"这个事项还有服务厅在使用。{'；'.join(use.sentence for use in uses)}。请确认后再废止。"
        raise Conflict(message, faults=[Fault("uses", use.sentence) for use in uses])
    _pause(locked, by, ItemLife.ABOLISHED, reason)
    _record(locked, by, "catalogue.abolish_item", ItemLife.ABOLISHED, reason)
    record_change(Change.Kind.ABOLISHED, locked, None)
    return locked


@transaction.atomic
def resume_item(*, by: Actor, item: Item) -> Item:
    """Undo a suspension, or (for who may abolish) an abolition: the version that holds now is shown again."""
    locked = lock_item(by, item)
    require(by, "catalogue.abolish" if locked.state == ItemLife.ABOLISHED else "catalogue.publish")
    if locked.state == ItemLife.ACTIVE:
        raise Conflict("这个事项正在使用，没有可以恢复的。")
    LIFE_TRANSITIONS.check(locked.state, ItemLife.ACTIVE)
    _end_pause(locked)
    _record(locked, by, "catalogue.resume_item", ItemLife.ACTIVE, "")
    record_change(Change.Kind.RESUMED, locked, None)
    return locked


def _pause(item: Item, by: Actor, kind: ItemLife, reason: str) -> None:
    LIFE_TRANSITIONS.check(item.state, kind)
    reason = clean_reason(reason)
    if not reason:
        message = f"请写明{kind.label}的原因。"
        raise Invalid(message, faults=[Fault("reason", message)])
    _end_pause(item)
    Pause.objects.create(item=item, kind=kind, from_at=timezone.now(), reason=reason, by_name=by.name)


def _end_pause(item: Item) -> None:
    item.pauses.filter(to_at=None).update(to_at=timezone.now())


def _record(item: Item, by: Actor, act: str, after: ItemLife, reason: str) -> None:
    before, item.state = item.state, after
    item.save(update_fields=["state"])
    record_act(
        by=by,
        act=act,
        object_type="item",
        object_id=item.pk,
        reason=clean_reason(reason),
        changes={"state": [before, after.value]},
    )
