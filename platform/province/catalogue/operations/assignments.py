"""下发: a place hands items down to the halls below it. Each adopts them by itself, told by an event of its own."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.outbox.operations import emit_events
from province.audit.operations import record_act
from province.catalogue.models import Assignment
from province.catalogue.queries.assignments import ASSIGNED, assignment_in_reach, halls_below
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import HallKind
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, require

declare("catalogue.assign", "向下级服务厅下发事项", reach=Reach.SUBTREE)


@transaction.atomic
def assign_items(
    *,
    by: Actor,
    prefix: str,
    kinds: Collection[str],
    item_ids: Collection[UUID],
    parts: Mapping[str, Any] | None = None,
    publishes: bool = False,
) -> Assignment:
    """Hand the items to every hall of these kinds below the prefix, without the place's own.

    Raises Invalid where there is nothing to hand down, or nobody to take it.
    """
    require(by, "catalogue.assign", prefix=prefix)
    chosen = sorted({str(HallKind(kind)) for kind in kinds if kind in HallKind})
    held = items_valid_at(timezone.now()).filter(item__in=item_ids).values_list("item_id", flat=True)
    items = list(held.order_by("item__basic_code"))
    if not items:
        raise Invalid("请选择要下发的事项。", faults=[Fault("items", "请选择要下发的事项。")])
    halls = list(halls_below(prefix, chosen).values_list("pk", flat=True))
    if not halls:
        raise Invalid("所选范围内没有下级服务厅。", faults=[Fault("kinds", "所选范围内没有下级服务厅。")])
    made = Assignment.objects.create(
        prefix=prefix,
        kinds=chosen,
        item_ids=items,
        parts=dict(parts or {}),
        publishes=publishes,
        by_id=by.id,
        by_name=by.name,
    )
    record_act(
        by=by,
        act="catalogue.assign_items",
        object_type="assignment",
        object_id=made.pk,
        changes={"items": [None, len(items)], "halls": [None, len(halls)], "prefix": [None, prefix]},
    )
    emit_events(kind=ASSIGNED, subject_id=made.pk, hall_ids=halls)
    return made


@transaction.atomic
def end_assignment(*, by: Actor, assignment_id: UUID) -> Assignment:
    """Halls that have not taken the items up yet no longer do; what a hall has adopted is the hall's own to drop."""
    found = assignment_in_reach(by, assignment_id)
    require(by, "catalogue.assign", prefix=found.prefix)
    locked = Assignment.objects.select_for_update().get(pk=found.pk)
    if locked.ended_at is not None:
        raise Conflict("这次下发已经停止。")
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    record_act(by=by, act="catalogue.end_assignment", object_type="assignment", object_id=locked.pk)
    return locked
