"""Act on many deliveries that somebody has picked."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from foundation.errors import NotFound
from foundation.many import RowOutcome, each_of
from province.content.models import ChannelDelivery
from province.content.operations.deliveries import finish_by_hand, retry_delivery
from province.content.queries.accounts import deliveries_table
from province.rights.actors import Actor
from province.rights.queries import require_anywhere


class TickedAct(StrEnum):
    RETRY = "retry"
    DONE = "done"


def act_on_deliveries(*, by: Actor, delivery_ids: Sequence[UUID], act: TickedAct) -> list[RowOutcome]:
    """Try dead deliveries again, or say of those that people had to do by hand that they are done; each in a
    transaction of its own. Raises Invalid for too many."""
    require_anywhere(by, "accounts.manage")
    do = {TickedAct.RETRY: retry_delivery, TickedAct.DONE: finish_by_hand}[act]
    # by push, as each holds its push: two at once never wait crosswise
    found = {one.pk: one for one in deliveries_table(by=by).filter(pk__in=delivery_ids).order_by("push_id", "pk")}

    def act_on(delivery_id: UUID) -> str:
        if delivery_id not in found:
            raise NotFound("没有这次投递。")
        do(by=by, delivery=found[delivery_id])
        return _name(found[delivery_id])

    ids = [*found, *(one for one in delivery_ids if one not in found)]
    return each_of(ids, act_on, named=lambda one: _name(found[one]) if one in found else "")


def _name(delivery: ChannelDelivery) -> str:
    return delivery.account.name if delivery.account else "读者的通知"
