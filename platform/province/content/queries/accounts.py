"""Registered media accounts, and what was delivered to them."""

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from foundation.errors import NotFound
from province.content.connectors.webpush import public_key
from province.content.models import AccountCredential, ChannelDelivery, MediaAccount
from province.content.states import AccountState, DeliveryState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require, within_reach

__all__ = [
    "account_with_id",
    "accounts_of_units",
    "accounts_table",
    "credential_of",
    "deliveries_of_push",
    "deliveries_table",
    "delivery_with_id",
    "public_key",
    "signing_key",
]


def _within_reach(by: Actor, permission: str, *, path: str = "") -> Q:
    """Rows (or rows whose ``path`` leads to an account) that one of the actor's positions reaches."""
    return within_reach(by, permission, hall=f"{path}hall_id", prefix=f"{path}prefix")


def accounts_table(
    *,
    by: Actor,
    search: str = "",
    platform: str = "",
    state: str = "",
    under: str = "",
    permission: str = "accounts.manage",
) -> QuerySet[MediaAccount]:
    """The accounts that the actor may see, each with ``hall_name`` and ``dead`` (deliveries given up).

    ``search``: part of a name, an owner or the platform's own name, or the contact's whole phone; ``under``: a division
    prefix; ``permission``: another one than that to manage them.
    """
    accounts = MediaAccount.objects.filter(_within_reach(by, permission))
    if search := search.strip():
        accounts = accounts.filter(
            Q(name__icontains=search)
            | Q(owner__icontains=search)
            | Q(external_id__icontains=search)
            | Q(contact_phone_index__of=search)
        )
    if platform:
        accounts = accounts.filter(platform=platform)
    if state:
        accounts = accounts.filter(state=state)
    if under:
        accounts = accounts.filter(prefix__startswith=under)
    return accounts.annotate(
        hall_name=Subquery(Hall.objects.filter(pk=OuterRef("hall_id")).values("name")),
        dead=Subquery(
            ChannelDelivery.objects.filter(account=OuterRef("pk"), state=DeliveryState.DEAD)
            .order_by()
            .values("account")
            .annotate(number=Count("pk"))
            .values("number")
        ),
    ).order_by("prefix", "platform", "name")


def accounts_of_units(owners: Iterable[str]) -> dict[tuple[UUID | None, str, str], MediaAccount]:
    """(hall's id, owner, platform) -> the one account that the unit has there; ``other`` stands for many platforms."""
    accounts = MediaAccount.objects.filter(owner__in=set(owners)).exclude(
        Q(state=AccountState.CLOSED) | Q(platform=MediaAccount.Platform.OTHER)
    )
    return {(account.hall_id, account.owner, account.platform): account for account in accounts}


def account_with_id(by: Actor, account_id: UUID) -> MediaAccount:
    """Raises NotFound, for another hall's account, too."""
    account = MediaAccount.objects.filter(_within_reach(by, "accounts.manage"), pk=account_id).first()
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def signing_key(*, by: Actor, account: MediaAccount) -> str:
    """The key under which our requests to this account are signed, as its other side must know it (hexadecimal)."""
    require(by, "accounts.manage", hall_id=account.hall_id, prefix=account.prefix)
    return key_of(account.pk).hex()


def credential_of(account: MediaAccount) -> AccountCredential | None:
    """None where none was set."""
    return AccountCredential.objects.filter(account=account).first()


def key_of(account_id: UUID) -> bytes:
    """Follows from the installation's secret: nothing is kept that could be read out of the database."""
    return hmac.new(settings.SECRET_KEY.encode(), b"yizhan channel " + account_id.bytes, hashlib.sha256).digest()


def deliveries_table(
    *, by: Actor, state: str = "", act: str = "", account_id: UUID | None = None, push_id: UUID | None = None
) -> QuerySet[ChannelDelivery]:
    """The latest first, each with its ``push.version`` and ``account``. Readers' apps are the province's to see."""
    is_province = may(by, "accounts.manage")
    reach = Q() if is_province else _within_reach(by, "accounts.manage", path="account__")
    deliveries = ChannelDelivery.objects.filter(reach).select_related("push__version", "account", "subscription")
    wanted = {"state": state, "act": act, "account_id": account_id, "push_id": push_id}
    return deliveries.filter(**{name: value for name, value in wanted.items() if value}).order_by("-pk")


def delivery_with_id(by: Actor, delivery_id: UUID) -> ChannelDelivery:
    """Raises NotFound."""
    delivery = deliveries_table(by=by).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("没有这次投递。")
    return delivery


def deliveries_of_push(push_id: UUID) -> dict[str, int]:
    """How many deliveries of the push's acts are in which state."""
    return dict(ChannelDelivery.objects.filter(push_id=push_id).values_list("state").annotate(number=Count("pk")))
