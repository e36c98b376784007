"""What the desk's overview says of the roster."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from tenants.duty.queries.roster import DAYS_AHEAD, cells_without_people
from tenants.shell.slots import Desk, DeskShare, Once

_MOST_SAID = 3


def duty_share(desk: Desk, _: Once) -> DeskShare:
    """To who keeps the roster: the turns of the coming days that nobody has."""
    today = timezone.localdate()
    cells = cells_without_people(desk.hall, today, today + timedelta(days=DAYS_AHEAD - 1))
    if not cells:
        return DeskShare()
    more = f"等 {len(cells)} 班" if len(cells) > _MOST_SAID else ""
    said = f"{'、'.join(one.said for one in cells[:_MOST_SAID])}{more}"
    address = reverse("desk-duty-edit", query={"month": f"{cells[0].on:%Y-%m}"})
    words = format_html('未来 {} 天的值班还没有排齐：{}。<a href="{}">去排班</a>', DAYS_AHEAD, said, address)
    frame = '<div class="notice warning"><div class="grow"><p>{}</p></div></div>'
    return DeskShare(notices=(format_html(frame, words),))
