"""Who stands behind a program's key."""

import hashlib
import ipaddress
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from province.identity.models import Account, Actor, ApiToken
from province.identity.queries.rights import actor_of, may

# a key that is used a thousand times a second writes its row once a minute
_NOTED_EVERY = timedelta(minutes=1)


def actor_with_token(key: str, *, address: str) -> Actor | None:
    """The actor behind a program's key, narrowed to the key's scopes; None where it is unknown, expired or revoked, not
    to be used from this address, or its account is closed."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    token = (
        ApiToken.objects.select_related("account")
        .filter(digest=digest, revoked_at=None, account__is_active=True)
        .first()
    )
    now = timezone.now()
    if token is None or (token.expires_at and token.expires_at <= now) or not _is_within(address, token.addresses):
        return None
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED_EVERY)
        ApiToken.objects.filter(is_old, pk=token.pk).update(last_used_at=now)
    return actor_of(token.account).narrowed(token.scopes)


def _is_within(address: str, networks: list[str]) -> bool:
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    # as a server that listens to both families sees a caller of the older one
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ipaddress.ip_network(network) for network in networks)


def tokens_in_use(*, by: Actor, account: Account | None = None, search: str = "") -> QuerySet[ApiToken]:
    """Keys that are not revoked, the latest first, each with its ``account``: one account's, or all that the actor may
    see (everybody's for who manages tokens, else their own)."""
    tokens = ApiToken.objects.filter(revoked_at=None).select_related("account").order_by("-created_at")
    if not may(by, "tokens.manage"):
        tokens = tokens.filter(account_id=by.id) if by.id else tokens.none()
    if account is not None:
        tokens = tokens.filter(account=account)
    if search := search.strip():
        words = Q(name__icontains=search) | Q(account__username__icontains=search) | Q(account__name__icontains=search)
        tokens = tokens.filter(words)
    return tokens
