"""Who stands behind a program's key."""

import hashlib

from django.utils import timezone

from province.identity.models import Actor, ApiToken
from province.identity.queries.rights import actor_of


def actor_with_token(key: str) -> Actor | None:
    """The actor behind a program's key, narrowed to the key's scopes; None where it is unknown, expired or revoked, or
    its account is closed."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    token = (
        ApiToken.objects.select_related("account")
        .filter(digest=digest, revoked_at=None, account__is_active=True)
        .first()
    )
    if token is None or (token.expires_at and token.expires_at <= timezone.now()):
        return None
    return actor_of(token.account).narrowed(token.scopes)
