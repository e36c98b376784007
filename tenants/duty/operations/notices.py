"""Who is told of the roster."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.models import Position
from province.people.queries.holders import nearest_positions
from tenants.duty.models import DutySwap, SwapRequest
from tenants.duty.queries.access import KEEP

_EMPTY: Final = NoticeKind("duty.empty", "值班没有排人")
_SWAPPED: Final = NoticeKind("duty.swapped", "我的值班有变动", can_be_switched_off=False)
_ASKED: Final = NoticeKind("duty.asked", "同事请我换班", can_be_switched_off=False)
_DECIDED: Final = NoticeKind("duty.decided", "换班申请有了答复", can_be_switched_off=False)
_TO_CONFIRM: Final = NoticeKind("duty.to_confirm", "换班等我确认")
DUTY_NOTICES: Final = (_EMPTY, _SWAPPED, _ASKED, _DECIDED, _TO_CONFIRM)


def tell_empty(hall: Hall, on: date, words: str, *, is_today: bool) -> None:
    """Of a day on which somebody is missing, who keeps the roster: once when it comes near, and once on the day."""
    cause = uuid5(hall.pk, f"duty {on:%Y-%m-%d} {'today' if is_today else 'ahead'}")
    title = f"{'今天' if is_today else f'{on.month}月{on.day}日'}的值班还没有排齐：{words}"
    positions = nearest_positions(KEEP, hall_id=hall.pk, prefixes=hall.prefixes)
    notify(
        kind=_EMPTY, cause_id=cause, title=title, path=_path(hall, on), hall_id=hall.pk, positions=positions, people=()
    )


def tell_swapped(hall: Hall, swap: DutySwap, *, but: UUID | None) -> None:
    """Who has given their turn away, and who has it now."""
    title = f"换班：{swap.on.month}月{swap.on.day}日 {swap.shift.name}，{swap.from_name} → {swap.to_name}"
    people = {swap.from_id, swap.to_id} - {but}
    notify(kind=_SWAPPED, cause_id=swap.pk, title=title, path=_path(hall, swap.on), hall_id=hall.pk, people=people)


def tell_asked(hall: Hall, request: SwapRequest) -> None:
    """Who was asked."""
    title = f"{request.from_name}请您换班：{request.said_words}"
    _tell_of_request(_ASKED, hall, request, "asked", title, [request.to_id])


def tell_keepers(hall: Hall, request: SwapRequest) -> None:
    """Both agree: who keeps the roster confirms it."""
    title = f"换班待确认：{request.from_name}和{request.to_name}，{request.said_words}"
    positions = nearest_positions(KEEP, hall_id=hall.pk, prefixes=hall.prefixes)
    _tell_of_request(_TO_CONFIRM, hall, request, "agreed", title, (), positions)


def tell_decided(hall: Hall, request: SwapRequest, people: Iterable[UUID]) -> None:
    """It has ended without a swap."""
    title = f"换班{request.get_state_display()}：{request.said_words}"
    _tell_of_request(_DECIDED, hall, request, request.state, title, people)


def _tell_of_request(
    kind: NoticeKind,
    hall: Hall,
    request: SwapRequest,
    cause: str,
    title: str,
    people: Iterable[UUID],
    positions: Iterable[Position] = (),
) -> None:
    address = reverse("desk-duty-request", args=[request.pk], urlconf=settings.HALL_URLCONFS[hall.kind])
    cause_id = uuid5(request.pk, cause)
    notify(
        kind=kind,
        cause_id=cause_id,
        title=title,
        path=address,
        hall_id=hall.pk,
        people={*people},
        positions=[*positions],
    )


def _path(hall: Hall, on: date) -> str:
    return f"{reverse('desk-duty', urlconf=settings.HALL_URLCONFS[hall.kind])}?month={on:%Y-%m}"
