"""What an act on an account outside says: the text and where it stands, or why it was withdrawn."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from foundation.errors import NotFound
from foundation.files.store import read_file
from province.content.connectors import Parcel
from province.content.connectors.parcels import Journal, PlatformCredential, Subscription
from province.content.models import Asset, ChannelDelivery, Push
from province.content.queries.accounts import key_of
from province.content.states import PushState
from province.halls.models import HallDomain
from province.halls.queries.sites import site_address

# kept by a process that sends: of 4 MB at the most each; what has a key never changes
_PICTURES: Final = 4
_MAKING: Final = Lock()


def parcel_of(
    delivery: ChannelDelivery,
    *,
    journal: Journal,
    earlier: Sequence[Journal],
    credential: PlatformCredential | None,
) -> Parcel:
    """The delivery with its ``push.shown`` and its account or subscription, as a connector takes it."""
    account, subscription, push = delivery.account, delivery.subscription, delivery.push
    if subscription is not None:
        keys = Subscription(subscription.p256dh, subscription.auth)
        content = _notice(push, _page(push, _site(subscription.hall_id)))
        return Parcel(str(delivery.pk), delivery.act, subscription.endpoint, content, subscription=keys)
    assert account is not None  # noqa: S101 - a delivery has one or the other
    site = _site(account.hall_id) if account.hall_id else ""
    facts = _text(push, _page(push, site)) if delivery.act == ChannelDelivery.Act.PUSH else _withdrawal(push)
    content = {**facts, "turn": delivery.turn, "step": delivery.step, "account": account.external_id}
    return Parcel(
        str(delivery.pk),
        delivery.act,
        account.endpoint,
        content,
        account.connector,
        signing_key=key_of(account.pk),
        journal=journal,
        earlier=earlier,
        credential=credential,
        site=site or site_address(settings.BASE_DOMAIN),
        cover_id=str(push.shown.cover_id or ""),
        picture=_picture,
    )


def _picture(asset_id: str, most_bytes: int) -> bytes:
    """Raises NotFound, Invalid, Unavailable."""
    asset = Asset.objects.filter(pk=UUID(asset_id)).first()
    if asset is None or asset.width is None:
        raise NotFound("没有找到这张图片。")
    # a push goes to thousands of accounts at once: one thread makes the picture, the others wait for it
    with _MAKING:
        return _jpeg(asset.key, most_bytes)


@lru_cache(maxsize=_PICTURES)
def _jpeg(key: str, most_bytes: int) -> bytes:
    from foundation.files.images import make_jpeg  # noqa: PLC0415 - loaded by those alone who send pictures

    return make_jpeg(read_file(key), most_bytes=most_bytes)


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


def _site(hall_id: Any) -> str:
    domain = HallDomain.objects.filter(tenant_id=hall_id, is_primary=True).values_list("domain", flat=True).first()
    return site_address(domain) if domain else ""


def _page(push: Push, site: str) -> str:
    """The push's page on that hall's site."""
    return f"{site}/p/{push.pk}/" if site else ""
