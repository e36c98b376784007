"""暂停、废止、恢复: no hall shows the item from the commit on, until it is resumed. Who asks for it does not decide it
alone (``pause_requests``); here is what then happens to the item."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import clear_due_time
from province.audit.operations import record_act
from province.catalogue.events import PAUSE_UNCONFIRMED
from province.catalogue.models import Item, ItemChange, Pause
from province.catalogue.operations.changes import record_change
from province.catalogue.operations.drafts import lock_item
from province.catalogue.states import LIFE_TRANSITIONS, PAUSE_REQUEST_TRANSITIONS, ItemLife, PauseRequestState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

declare("catalogue.abolish", "废止事项", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})

# by how it then stands: which permission it takes, what the audit and the feed call it
PERMISSION_OF = {ItemLife.SUSPENDED: "catalogue.publish", ItemLife.ABOLISHED: "catalogue.abolish"}
_ACT_OF = {ItemLife.SUSPENDED: "catalogue.suspend_item", ItemLife.ABOLISHED: "catalogue.abolish_item"}
_CHANGE_OF = {ItemLife.SUSPENDED: ItemChange.Kind.SUSPENDED, ItemLife.ABOLISHED: ItemChange.Kind.ABOLISHED}


@transaction.atomic
def resume_item(*, by: Actor, item: Item) -> Item:
    """Undo a suspension or, for those who may abolish, an abolition: the version in force is shown again."""
    locked = lock_item(by, item)
    require(by, PERMISSION_OF.get(ItemLife(locked.state), "catalogue.publish"))
    if locked.state == ItemLife.ACTIVE:
        raise Conflict("这个事项正在使用，没有可以恢复的。")
    # an urgent suspension that has ended needs no confirmation any more
    for request in locked.pause_requests.filter(state=PauseRequestState.WAITING, is_urgent=True):
        PAUSE_REQUEST_TRANSITIONS.check(request.state, PauseRequestState.WITHDRAWN)
        request.state, request.decided_by_name = PauseRequestState.WITHDRAWN, by.name
        request.decided_at = timezone.now()
        request.save(update_fields=["state", "decided_by_name", "decided_at"])
        clear_due_time(kind=PAUSE_UNCONFIRMED, subject_id=request.pk)
    end_pause(locked, by)
    return locked


def begin_pause(item: Item, by: Actor, kind: ItemLife, reason: str, *, planned_by_id: UUID | None = None) -> None:
    """Suspend or abolish an item that the caller has locked, and tell the feed. ``planned_by_id``: the version whose
    planned day has come."""
    LIFE_TRANSITIONS.check(item.state, kind)
    now = timezone.now()
    item.pauses.filter(to_at=None).update(to_at=now)
    Pause.objects.create(item=item, kind=kind, from_at=now, reason=reason, by_name=by.name, planned_by_id=planned_by_id)
    _record(item, by, _ACT_OF[kind], kind, reason)
    record_change(_CHANGE_OF[kind], item, None)


def end_pause(item: Item, by: Actor, reason: str = "") -> None:
    """Show an item again that the caller has locked, and tell the feed."""
    LIFE_TRANSITIONS.check(item.state, ItemLife.ACTIVE)
    item.pauses.filter(to_at=None).update(to_at=timezone.now())
    _record(item, by, "catalogue.resume_item", ItemLife.ACTIVE, reason)
    record_change(ItemChange.Kind.RESUMED, item, None)


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
