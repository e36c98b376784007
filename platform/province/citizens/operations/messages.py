"""Short messages to phones, through whatever carries them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.errors import DomainError, Invalid, TooMany, Unavailable
from province.citizens.connectors.bridge import Outage
from province.citizens.models import GatewayRecord, LocalMessage
from province.citizens.operations.gateways import ask_gateway

_KEPT = timedelta(days=1)
_NOT_SENT = "短信没有发出去：短信平台暂时没有响应。请过一会儿再试；着急的，可以用密码登录，或到服务大厅窗口办理。"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """``id``: a carrier sends each once. ``kind`` and ``parameters``: for carriers that know texts as templates."""

    id: UUID
    phone: str
    kind: str
    parameters: Mapping[str, str]
    text: str


def signed_text(message: Message) -> str:
    """As carriers want it (短信签名): who speaks stands first, in 【】."""
    return f"【{settings.MESSAGE_SIGNATURE}】{message.text}"


class MessageGateway(Protocol):
    def send(self, message: Message) -> bool:
        """Hand one message over; False where it may have gone out and nobody has confirmed it. Raises Unavailable,
        Invalid or TooMany where it certainly has not."""
        ...


class LocalGateway:
    """Nothing leaves the machine: the developer's outbox (``/outbox/``) shows what a phone would have got."""

    @transaction.atomic
    def send(self, message: Message) -> bool:
        LocalMessage.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
        LocalMessage.objects.create(phone=message.phone, text=signed_text(message))
        return True


class HttpGateway:
    """The province's own bridge in front of its carrier (docs/guides/bridges.md)."""

    def send(self, message: Message) -> bool:
        content = {
            "kind": message.kind,
            "phone": message.phone,
            "parameters": dict(message.parameters),
            "text": signed_text(message),
            "signature": settings.MESSAGE_SIGNATURE,
            "template": settings.MESSAGE_TEMPLATES.get(message.kind, ""),
        }
        try:
            said = ask_gateway(name=GatewayRecord.Name.MESSAGES, request_id=message.id, content=content)
        except Outage as outage:
            if outage.was_sent:
                return False
            raise Unavailable(_NOT_SENT) from outage
        if said["result"] == "accepted":
            return True
        raise _refusal(str(said.get("code", "")))


def _refusal(code: str) -> DomainError:
    match code:
        case "bad_phone":
            return Invalid.at("phone", "这个手机号收不到短信（空号、停机或者不是手机），请核对，或换一个手机号。")
        case "blocked":
            return Invalid.at(
                "phone", "这个手机号拒收了我们的短信。请在手机上取消拦截、向运营商取消退订，或换一个手机号。"
            )
        case "too_many":
            return TooMany("运营商限制了这个手机号收短信的次数，请明天再试，或用密码登录。")
    # what only the operator can mend: no credit, no template
    log.error("message_refused", code=code[:40])
    return Unavailable("短信平台没有接受这条短信，工作人员会处理。请过一会儿再试，或到服务大厅窗口办理。")


_GATEWAYS: dict[str, type[MessageGateway]] = {"local": LocalGateway, "http": HttpGateway}


def message_gateway() -> MessageGateway:
    """Raises Unavailable where the settings name none."""
    found = _GATEWAYS.get(settings.MESSAGE_GATEWAY)
    if found is None:
        raise Unavailable("短信暂时发不出去，请稍后再试，或到服务大厅窗口办理。")
    return found()
