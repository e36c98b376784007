"""What an act on an account outside says: the text and where it stands, or why it was withdrawn."""

from typing import Any

from django.conf import settings

from province.content.connectors import Parcel
from province.content.connectors.parcels import Subscription
from province.content.models import ChannelDelivery, Push
from province.content.queries.accounts import key_of
from province.content.states import PushState
from province.halls.models import HallDomain
from province.halls.queries.sites import site_address


def parcel_of(delivery: ChannelDelivery) -> Parcel:
    """The delivery with its ``push.shown`` and its account or subscription, as a connector takes it."""
    account, subscription = delivery.account, delivery.subscription
    if subscription is not None:
        keys = Subscription(subscription.p256dh, subscription.auth)
        content = _notice(delivery.push, _address(delivery.push, subscription.hall_id))
        return Parcel(str(delivery.pk), delivery.act, subscription.endpoint, content, subscription=keys)
    assert account is not None  # noqa: S101 - a delivery has one or the other
    address = _address(delivery.push, account.hall_id) if account.hall_id else ""
    facts = _text(delivery.push, address) if delivery.act == ChannelDelivery.Act.PUSH else _withdrawal(delivery.push)
    content = {**facts, "turn": delivery.turn, "step": delivery.step, "account": account.external_id}
    return Parcel(
        str(delivery.pk), delivery.act, account.endpoint, content, account.connector, signing_key=key_of(account.pk)
    )


def _notice(push: Push, address: str) -> dict[str, Any]:
    """Little: a push service carries some 4,000 bytes."""
    text = push.shown
    return {"push_id": str(push.pk), "title": text.title, "summary": text.summary, "url": address}


def _text(push: Push, address: str) -> dict[str, Any]:
    text = push.shown
    return {
        **_notice(push, address),
        "version_id": str(text.pk),
        "subtitle": text.subtitle,
        "source": text.source or settings.PROVINCE_NAME,
        "author": text.author,
        "body_html": text.body,
        "keywords": list(text.keywords),
        "published_at": push.published_at.isoformat() if push.published_at else None,
    }


def _withdrawal(push: Push) -> dict[str, Any]:
    if push.state == PushState.LIVE:
        # others still show it: this hall alone changed its mind
        return {"push_id": str(push.pk), "kind": "gone", "reason": "服务厅不再采用这篇推稿。", "redirect_url": ""}
    return {
        "push_id": str(push.pk),
        "kind": push.withdrawal_kind or push.state,
        "reason": push.withdrawal_reason,
        "redirect_url": push.redirect_url,
    }


def _address(push: Push, hall_id: Any) -> str:
    """The push's page on that hall's site."""
    domain = HallDomain.objects.filter(tenant_id=hall_id, is_primary=True).values_list("domain", flat=True).first()
    return f"{site_address(domain)}/p/{push.pk}/" if domain else ""
