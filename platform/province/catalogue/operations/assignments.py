"""下发: a place hands items down to the halls below it. Each hall adopts them by itself when its event comes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_events, retry_deliveries
from province.audit.operations import record_act
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.models import Assignment
from province.catalogue.queries.assignments import assignment_in_reach, failed_deliveries, halls_meant
from province.catalogue.queries.parents import has_parts
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach

declare("catalogue.assign", "向下级服务厅下发事项", reach=Reach.SUBTREE, roles=HALL_EDITORS)


@transaction.atomic
def assign_items(
    *,
    by: Actor,
    prefix: str,
    kinds: Collection[str],
    item_ids: Collection[UUID],
    hall_guides: Mapping[str, Any] | None = None,
    publishes: bool = False,
    hall_ids: Collection[UUID] = (),
) -> Assignment:
    """Hand the items to every hall of these kinds below the prefix, without the place's own; where ``hall_ids`` are
    given, to those halls alone, now and later.

    Raises Invalid where there is nothing to hand down, or nobody to take it; NotAllowed for an actor who wants complete
    guides published and may not decide in each of these halls.
    """
    require(by, "catalogue.assign", prefix=prefix)
    chosen = sorted({str(HallKind(kind)) for kind in kinds if kind in HallKind})
    held = items_valid_at(timezone.now()).filter(item__in=item_ids).values_list("item_id", flat=True)
    items = list(held.filter(~has_parts()).order_by("item__basic_code"))
    if not items:
        raise Invalid("请选择要下发的事项。", faults=[Fault("items", "请选择要下发的事项。")])
    meant = list(halls_meant(prefix, chosen, hall_ids).values_list("pk", "division__code", "kind"))
    halls = {pk: code for pk, code, _ in meant}
    if not halls:
        raise Invalid("所选范围内没有下级服务厅。", faults=[Fault("kinds", "所选范围内没有下级服务厅。")])
    if strangers := set(hall_ids) - halls.keys():
        words = f"所选的服务厅中有 {len(strangers)} 个不是本地的下级服务厅，请重新选择。"
        raise Invalid(words, faults=[Fault("hall_ids", words)])
    if hall_ids:
        chosen = sorted({kind for _, _, kind in meant})
    if publishes:
        # a reviewer of the place's own hall alone stands at its prefix, too, and decides for nobody below
        for hall_id, code in halls.items():
            require(by, "services.review", hall_id=hall_id, prefix=code)
    made = Assignment.objects.create(
        prefix=prefix,
        kinds=chosen,
        hall_ids=sorted(halls) if hall_ids else [],
        item_ids=items,
        hall_guides=dict(hall_guides or {}),
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
    emit_events(kind=ITEMS_ASSIGNED, subject_id=made.pk, hall_ids=halls)
    return made


@transaction.atomic
def retry_assignment(*, by: Actor, assignment_id: UUID) -> int:
    """Ask halls that could not take it once more at once; those that were given up begin to count anew. Returns how
    many. Raises Conflict where the assignment was ended."""
    found = assignment_in_reach(by, assignment_id)
    require(by, "catalogue.assign", prefix=found.prefix)
    if found.ended_at is not None:
        raise Conflict("这次下发已经停止。")
    again = retry_deliveries(failed_deliveries(found))
    if again:
        record_act(
            by=by,
            act="catalogue.retry_assignment",
            object_type="assignment",
            object_id=found.pk,
            changes={"halls": [None, again]},
        )
    return again


def assign_to_new_halls(halls: Sequence[Hall]) -> None:
    """Hand down to new halls what the places above have handed down to halls of their kind and not ended. Called in
    the transaction that makes the halls."""
    above = {prefix for hall in halls for prefix in hall.prefixes[:-1]}
    # what was meant for chosen halls alone is not for new ones
    orders = Assignment.objects.filter(prefix__in=above, ended_at=None, hall_ids=[]).defer("hall_guides", "item_ids")
    # the earliest first: its guide is the one that stays
    for one in orders.order_by("created_at", "pk"):
        meant = [hall.pk for hall in halls if hall.kind in one.kinds and one.prefix in hall.prefixes[:-1]]
        emit_events(kind=ITEMS_ASSIGNED, subject_id=one.pk, hall_ids=meant)


@transaction.atomic
def end_assignment(*, by: Actor, assignment_id: UUID) -> Assignment:
    """End it: halls that have not adopted the items yet no longer do. What a hall has adopted stays the hall's own
    to drop."""
    found = assignment_in_reach(by, assignment_id)
    require(by, "catalogue.assign", prefix=found.prefix)
    locked = Assignment.objects.select_for_update().get(pk=found.pk)
    if locked.ended_at is not None:
        raise Conflict("这次下发已经停止。")
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    record_act(by=by, act="catalogue.end_assignment", object_type="assignment", object_id=locked.pk)
    return locked
