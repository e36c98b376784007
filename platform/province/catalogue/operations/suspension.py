"""暂停、废止、恢复: no hall shows the item from the commit on, until it is resumed."""

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemChange, Pause
from province.catalogue.operations.changes import record_change
from province.catalogue.operations.drafts import lock_item
from province.catalogue.queries.uses import uses_of
from province.catalogue.states import LIFE_TRANSITIONS, ItemLife
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

declare("catalogue.abolish", "废止事项", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})


@transaction.atomic
def suspend_item(*, by: Actor, item: Item, reason: str) -> Item:
    """Suspend the item: no hall shows it until it is resumed. Raises Invalid without a reason."""
    require(by, "catalogue.publish")
    locked = lock_item(by, item)
    reason = _pause(locked, by, ItemLife.SUSPENDED, reason)
    _record(locked, by, "catalogue.suspend_item", ItemLife.SUSPENDED, reason)
    record_change(ItemChange.Kind.SUSPENDED, locked, None)
    return locked


@transaction.atomic
def abolish_item(*, by: Actor, item: Item, reason: str, knows_uses: bool = False) -> Item:
    """Abolish the item: no hall shows it any more. Its versions stay, and what refers to them.

    Raises Conflict, saying which, where halls use it, unless ``knows_uses``.
    """
    require(by, "catalogue.abolish")
    locked = lock_item(by, item)
    if not knows_uses and (uses := uses_of(locked)):
        message = f"这个事项还有服务厅在使用。{'；'.join(use.sentence for use in uses)}。请确认后再废止。"
        raise Conflict(message, faults=[Fault("uses", use.sentence) for use in uses])
    reason = _pause(locked, by, ItemLife.ABOLISHED, reason)
    _record(locked, by, "catalogue.abolish_item", ItemLife.ABOLISHED, reason)
    record_change(ItemChange.Kind.ABOLISHED, locked, None)
    return locked


@transaction.atomic
def resume_item(*, by: Actor, item: Item) -> Item:
    """Undo a suspension or, for those who may abolish, an abolition: the version in force is shown again."""
    locked = lock_item(by, item)
    require(by, "catalogue.abolish" if locked.state == ItemLife.ABOLISHED else "catalogue.publish")
    if locked.state == ItemLife.ACTIVE:
        raise Conflict("这个事项正在使用，没有可以恢复的。")
    LIFE_TRANSITIONS.check(locked.state, ItemLife.ACTIVE)
    _end_pause(locked)
    _record(locked, by, "catalogue.resume_item", ItemLife.ACTIVE, "")
    record_change(ItemChange.Kind.RESUMED, locked, None)
    return locked


def _pause(item: Item, by: Actor, kind: ItemLife, reason: str) -> str:
    """Returns the reason as it is kept."""
    LIFE_TRANSITIONS.check(item.state, kind)
    reason = clean_reason(reason, ask=f"请写明{kind.label}的原因。")
    _end_pause(item)
    Pause.objects.create(item=item, kind=kind, from_at=timezone.now(), reason=reason, by_name=by.name)
    return reason


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
        reason=reason,
        changes={"state": [before, after.value]},
    )
