"""Requests for swaps, and one's own turns."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.rights.queries import may
from tenants.duty.models import DutyTurn, SwapRequest
from tenants.duty.queries.access import KEEP
from tenants.duty.states import OPEN_SWAPS, SwapState
from tenants.shell.slots import MOST_THINGS, Desk, WaitingThing

NO_REQUEST: Final = "没有这份换班申请，可能是别人的，或者属于其他服务厅。"
_MOST_TURNS: Final = 100


def own_turns(account_id: UUID) -> QuerySet[DutyTurn]:
    """The coming turns of a person, the next first."""
    coming = DutyTurn.objects.filter(account_id=account_id, on__gte=timezone.localdate(), shift__is_in_use=True)
    return coming.select_related("shift").order_by("on", "shift__starts_at", "part")[:_MOST_TURNS]


def own_turn_ids(account_id: UUID | None, first: date, last: date) -> set[UUID]:
    """Of the turns on these days, a person's own that have not begun on an earlier day: one query."""
    if account_id is None:
        return set()
    days = {"on__gte": max(first, timezone.localdate()), "on__lte": last}
    return set(DutyTurn.objects.filter(account_id=account_id, **days).values_list("pk", flat=True))


def requests_seen_by(desk: Desk) -> QuerySet[SwapRequest]:
    """What somebody has asked or was asked, the newest first; all of the hall for who keeps the roster."""
    rows = SwapRequest.objects.select_related("shift", "other_shift").order_by("-pk")
    if may(desk.by, KEEP, hall_id=desk.hall.pk):
        return rows
    return rows.filter(Q(from_id=desk.by.id) | Q(to_id=desk.by.id))


def request_seen_by(desk: Desk, request_id: UUID) -> SwapRequest:
    """Raises NotFound, also for another person's and another hall's."""
    found = requests_seen_by(desk).filter(pk=request_id).first()
    if found is None:
        raise NotFound(NO_REQUEST)
    return found


def turns_of_request(request: SwapRequest) -> tuple[DutyTurn | None, DutyTurn | None]:
    """The turn that is given, and the one in return, each as long as it is still theirs. Two queries at most."""
    turn = _turn(request.on, request.shift_id, request.part, request.from_id)
    other = None
    if request.other_on and request.other_shift_id:
        other = _turn(request.other_on, request.other_shift_id, request.part, request.to_id)
    return turn, other


def is_stale(request: SwapRequest) -> bool:
    """Whether an open request asks for what the roster does not say any more, or for a day that is over."""
    if not request.is_open:
        return False
    turn, other = turns_of_request(request)
    today = timezone.localdate()
    is_past = request.on < today or (request.other_on is not None and request.other_on < today)
    return is_past or turn is None or (request.other_on is not None and other is None)


def waiting_swaps(desk: Desk) -> Iterator[WaitingThing]:
    """What the person was asked, and what they have to confirm who keep the roster; of coming turns."""
    waits = Q(to_id=desk.by.id, state=SwapState.ASKED)
    if may(desk.by, KEEP, hall_id=desk.hall.pk):
        waits |= Q(state=SwapState.AGREED)
    rows = SwapRequest.objects.filter(waits, on__gte=timezone.localdate(), state__in=OPEN_SWAPS)
    for one in rows.select_related("shift", "other_shift").order_by("on", "pk")[: MOST_THINGS + 1]:
        tag = "请您换班" if one.state == SwapState.ASKED else "换班待确认"
        people = one.from_name if one.state == SwapState.ASKED else f"{one.from_name}和{one.to_name}"
        yield WaitingThing(tag, "accent", one.said_words, people, "desk-duty-request", one.pk)


def _turn(on: date, shift_id: UUID, part: str, account_id: UUID) -> DutyTurn | None:
    rows = DutyTurn.objects.filter(on=on, shift=shift_id, part=part, account_id=account_id)
    return rows.select_related("shift").first()
