"""What the OpenID Connect provider says of itself and of people."""

from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from province.identity.models import Account, OidcClient, OidcGrant, OidcKey
from province.identity.queries.hosts import province_address
from province.identity.queries.rights import actor_of
from province.identity.queries.sessions import is_valid

# all halls' hosts are one client: of ours, without a secret, and known by their domains
HALLS = "halls"
ALGORITHM = "RS256"
SCOPES = {"openid": "身份标识", "profile": "姓名和账号", "posts": "岗位"}
PROVINCE_URLS = "config.urls_province"


def discovery() -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery 1.0)."""
    issuer = province_address()

    def address(name: str) -> str:
        return issuer + reverse(name, urlconf=PROVINCE_URLS)

    return {
        "issuer": issuer,
        "authorization_endpoint": address("oidc-authorize"),
        "token_endpoint": address("oidc-token"),
        "userinfo_endpoint": address("oidc-userinfo"),
        "jwks_uri": address("oidc-keys"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "sid"),
            *("name", "preferred_username", "posts"),
        ],
    }


def public_keys() -> dict[str, Any]:
    """The JSON Web Key Set: every key that may have signed something that is still valid."""
    keys = []
    for key in OidcKey.objects.order_by("-pk"):
        public = private_key_of(key).public_key()
        keys.append(RSAAlgorithm.to_jwk(public, as_dict=True) | {"kid": key.kid, "use": "sig", "alg": ALGORITHM})
    return {"keys": keys}


def private_key_of(key: OidcKey) -> RSAPrivateKey:
    return _read_key(key.private_key.plain)


@lru_cache(maxsize=4)
def _read_key(pem: str) -> RSAPrivateKey:
    found = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(found, RSAPrivateKey)  # noqa: S101 - no other kind is ever drawn
    return found


def read_id_token(token: str, *, audience: str, nonce: str) -> dict[str, Any]:
    """What a token of ours says, as its client must read it. Raises jwt.InvalidTokenError."""
    kid = jwt.get_unverified_header(token).get("kid")
    key = OidcKey.objects.filter(kid=kid).first()
    if key is None:
        raise jwt.InvalidTokenError(kid)
    claims: dict[str, Any] = jwt.decode(
        token,
        private_key_of(key).public_key(),
        algorithms=[ALGORITHM],
        audience=audience,
        issuer=province_address(),
        options={"require": ["exp", "iat", "sub", "sid", "nonce"]},
    )
    if claims["nonce"] != nonce:
        raise jwt.InvalidTokenError("nonce")
    return claims


def claims_of(account: Account, scopes: list[str]) -> dict[str, Any]:
    """Who it is; name and account, and the posts, only where the scopes ask for them."""
    claims: dict[str, Any] = {"sub": str(account.pk)}
    if "profile" in scopes:
        claims |= {"name": account.name, "preferred_username": account.username}
    if "posts" in scopes:
        claims["posts"] = [
            {
                "role": grant.role,
                "hall_id": str(grant.hall_id) if grant.hall_id else None,
                "reach": str(grant.reach),
                "division_prefix": grant.reach_prefix,
            }
            for grant in actor_of(account).grants
        ]
    return claims


def grant_with_token(digest: str) -> OidcGrant | None:
    """What the bearer of an access token may learn; None where it has expired, or the sign-in behind it has ended."""
    grant = (
        OidcGrant.objects.select_related("session__account")
        .filter(token_digest=digest, token_expires_at__gt=timezone.now())
        .first()
    )
    return grant if grant and is_valid(grant.session) else None


def clients() -> QuerySet[OidcClient]:
    """Every system that was registered, by name."""
    return OidcClient.objects.order_by("name", "pk")
