"""Who stands behind a program's key."""

import hashlib
import ipaddress
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import may
from province.sign_in.models import ApiToken


def token_with_key(key: str, *, address: str) -> ApiToken | None:
    """The token of a program's key, with its ``account``; None where it is unknown, expired or revoked, not to be used
    from this address, or its account is closed."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    token = (
        ApiToken.objects.select_related("account")
        .filter(digest=digest, revoked_at=None, account__is_active=True)
        .first()
    )
    now = timezone.now()
    if token is None or (token.expires_at and token.expires_at <= now) or not _is_within(address, token.addresses):
        return None
    return token


def actor_of_token(token: ApiToken) -> Actor:
    """Who acts with this token: its account's actor, narrowed to the token's scopes."""
    return actor_of(token.account, scopes=token.scopes)


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
        tokens = tokens.filter(account_id=by.id) if by.id and by.is_in_person(by.id) else tokens.none()
    if account is not None:
        tokens = tokens.filter(account=account)
    if search := search.strip():
        words = Q(name__icontains=search) | Q(account__username__icontains=search) | Q(account__name__icontains=search)
        tokens = tokens.filter(words)
    return tokens


def token_in_use(*, by: Actor, token_id: UUID) -> ApiToken:
    """A key in use that the actor may see. Raises NotFound."""
    found = tokens_in_use(by=by).filter(pk=token_id).first()
    if found is None:
        raise NotFound("没有这个令牌，或者它已吊销。")
    return found


def own_tokens(account: Account) -> QuerySet[ApiToken]:
    """The account's own keys that are not revoked, the latest first."""
    return ApiToken.objects.filter(account=account, revoked_at=None).order_by("-created_at")


def tokens_that_end(account_id: UUID) -> int:
    """How many keys closing the account would revoke."""
    return ApiToken.objects.filter(account_id=account_id, revoked_at=None).count()
