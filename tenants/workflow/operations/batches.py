"""Acts on many items of somebody's inbox: each by itself, with what came of it."""

from collections.abc import Sequence
from uuid import UUID

from foundation.many import RowOutcome, each_of
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.workflow.models import WorkItem
from tenants.workflow.operations.items import claim_item, finish_item, put_back_item
from tenants.workflow.operations.run_rows import require_taking_part
from tenants.workflow.states import TickedWork


def act_on_items(
    *, by: Actor, hall: Hall, item_ids: Sequence[UUID], act: TickedWork, outcome: str = "", opinion: str = ""
) -> list[RowOutcome]:
    """Act on each of these items in a transaction of its own. Raises Invalid for too many."""
    require_taking_part(by, hall)
    rows = WorkItem.objects.filter(pk__in=item_ids).select_related("run").order_by("run", "pk")
    names = {one.pk: f"{one.run.title}：{one.label}" for one in rows}

    def act_on(item_id: UUID) -> str:
        match act:
            case TickedWork.CLAIM:
                claim_item(by=by, hall=hall, item_id=item_id)
            case TickedWork.PUT_BACK:
                put_back_item(by=by, hall=hall, item_id=item_id)
            case TickedWork.FINISH:
                finish_item(by=by, hall=hall, item_id=item_id, outcome=outcome, opinion=opinion)
        return names.get(item_id, "")

    # by run, as each holds its run: two at once never wait crosswise
    ids = [*names, *(one for one in item_ids if one not in names)]
    # of what is not theirs nobody learns the name
    return each_of(ids, act_on, named=lambda one: names[one] if _is_theirs(by, one) else "")


def _is_theirs(by: Actor, item_id: UUID) -> bool:
    return WorkItem.objects.filter(pk=item_id, owner_id=by.acting_for_id or by.id).exists()
