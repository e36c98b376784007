"""Short messages to phones, through whatever carries them."""

from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.errors import Unavailable
from province.citizens.models import LocalMessage

_KEPT = timedelta(days=1)


class MessageGateway(Protocol):
    """``send`` hands one message over; it raises Unavailable where nobody takes it."""

    def send(self, phone: str, text: str) -> None: ...


class LocalGateway:
    """Nothing leaves the machine: the developer's outbox (``/outbox/``) shows what a phone would have got."""

    @transaction.atomic
    def send(self, phone: str, text: str) -> None:
        LocalMessage.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
        LocalMessage.objects.create(phone=phone, text=text)


_GATEWAYS: dict[str, type[MessageGateway]] = {"local": LocalGateway}


def message_gateway() -> MessageGateway:
    """Raises Unavailable where the settings name none."""
    found = _GATEWAYS.get(settings.MESSAGE_GATEWAY)
    if found is None:
        raise Unavailable("短信暂时发不出去，请稍后再试，或到服务大厅窗口办理。")
    return found()
