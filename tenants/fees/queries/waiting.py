"""What of fees waits for the person at the desk."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from province.console.slots import Figure
from province.rights.queries import works_at
from standards.fees import in_yuan
from tenants.fees.queries.access import APPROVE, TAKE
from tenants.fees.queries.shown import open_number, orders_at_desk, orders_by_filter
from tenants.shell.slots import MOST_THINGS, Desk, DeskShare, Once, WaitingThing


def waiting_fees(desk: Desk) -> Iterator[WaitingThing]:
    """Waivers and refunds that wait for a decision by the person, and money that is to go back."""
    kinds = (("asked", APPROVE, "待批准", "accent"), ("to_refund", TAKE, "待退款", "error"))
    for state, right, tag, look in kinds:
        if not works_at(desk.by, right, hall_id=desk.hall.pk):
            continue
        rows = orders_at_desk(desk, state=state)
        if state == "asked":
            rows = rows.exclude(Q(asked_by_id=desk.by.id))
        for order in rows[: MOST_THINGS + 1]:
            note = f"{f'申请{order.get_asked_display()}，' if state == 'asked' else ''}{in_yuan(order.total_fen)} 元"
            yield WaitingThing(tag, look, order.case.item_name, note, "desk-fee-order", order.pk)


def fees_waiting(desk: Desk, once: Once) -> int:
    return once(open_number, desk)


def fees_share(desk: Desk, once: Once) -> DeskShare:
    """Figures of the orders that are the person's business."""
    counts, address = once(orders_by_filter, desk), reverse("desk-fees")
    return DeskShare(
        figures=(
            Figure(counts["open"], "待缴费", f"{address}?state=open"),
            Figure(counts["to_refund"], "待退款", f"{address}?state=to_refund"),
        )
    )
