"""Ask the programs outside that carry messages, know the registers and take fees, and note how they answered."""

import hmac
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.bridges import Bridge
from foundation.errors import Unavailable
from foundation.rows import draw_id
from province.citizens.connectors.bridge import Outage, ask_bridge
from province.citizens.models import GatewayRecord

# one row for all processes: not every call writes
_NOTED_EVERY = timedelta(minutes=1)
_LONGEST_FAILURE = 200
# as bridges hold it themselves
_FRESH = timedelta(minutes=5)

log = structlog.get_logger(__name__)


def ask_gateway(*, name: GatewayRecord.Name, request_id: UUID, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the gateway of the settings says. Raises Outage. What it was asked is in no log and no row."""
    bridge = _bridge(name)
    try:
        said = ask_bridge(bridge, request_id=request_id, content=content)
    except Outage as outage:
        log.warning("gateway_failed", name=str(name), reason=str(outage))
        note_gateway(name=name, failure=str(outage))
        raise
    note_gateway(name=name)
    return said


def ask_payments(*, request_id: UUID, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the program that takes fees says. Raises Unavailable, in words for who waits."""
    try:
        return ask_gateway(name=GatewayRecord.Name.PAYMENTS, request_id=request_id, content=content)
    except Outage as outage:
        raise Unavailable("缴费接口暂时没有答复，请过一会儿再试，或者到窗口缴费。") from outage


def is_payments_own(*, timestamp: str, nonce: str, signature: str, body: bytes) -> bool:
    """Whether the program that takes fees has said this within the last minutes: signed as our requests are."""
    if not settings.PAYMENTS or not nonce or not timestamp.isascii() or not timestamp.isdecimal():
        return False
    expected = _bridge(GatewayRecord.Name.PAYMENTS).signature(timestamp.encode(), nonce.encode(), body)
    is_fresh = abs(time.time() - int(timestamp[:12])) <= _FRESH.total_seconds()
    return hmac.compare_digest(signature.encode(), expected.encode()) and is_fresh


def signed_for_payments(*, nonce: str, body: bytes) -> str:
    """The signature under which that program believes our answer to what it has said."""
    return _bridge(GatewayRecord.Name.PAYMENTS).signature(nonce.encode(), body)


def _bridge(name: GatewayRecord.Name) -> Bridge:
    address, key = {
        GatewayRecord.Name.MESSAGES: (settings.MESSAGE_GATEWAY_URL, settings.MESSAGE_GATEWAY_KEY),
        GatewayRecord.Name.REGISTER: (settings.IDENTITY_VERIFIER_URL, settings.IDENTITY_VERIFIER_KEY),
        GatewayRecord.Name.PAYMENTS: (settings.PAYMENTS_URL, settings.PAYMENTS_KEY),
    }[name]
    return Bridge(address, key, settings.BRIDGE_SIGNATURE)


def probe_gateway(*, name: GatewayRecord.Name) -> str:
    """Why the gateway would not do its work now, "" where it would: it is asked whether it is ready, and nothing
    else."""
    try:
        said = ask_gateway(name=name, request_id=draw_id(), content={"kind": "ping"})
    except Outage as outage:
        return str(outage)
    return "" if said["result"] == "ready" else "它说自己现在办不了"


@transaction.atomic
def note_gateway(*, name: str, failure: str = "") -> None:
    """Note that it has answered, or why not. Within a minute the same is not written again."""
    now = timezone.now()
    record, is_new = GatewayRecord.objects.get_or_create(
        name=name,
        defaults={"failed_at": now, "failure": failure[:_LONGEST_FAILURE]} if failure else {"succeeded_at": now},
    )
    last = record.failed_at if failure else record.succeeded_at
    if is_new or (last and last > now - _NOTED_EVERY):
        return
    if failure:
        record.failed_at, record.failure = now, failure[:_LONGEST_FAILURE]
    else:
        record.succeeded_at = now
    record.save(update_fields=["failed_at", "failure"] if failure else ["succeeded_at"])
