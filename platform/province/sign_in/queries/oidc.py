"""What the OpenID Connect provider says of itself and of people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.errors import Invalid, NotFound
from province.console.addresses import province_address
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.sign_in.models import ClientSignOut, OidcClient, OidcGrant, OidcKey
from province.sign_in.queries.sessions import is_valid

# all halls' hosts are one client: of ours, without a secret, and known by their domains
HALLS = "halls"
ALGORITHM = "RS256"
_KID = re.compile("[0-9a-f]{16}")
SCOPES = {"openid": "身份标识", "profile": "姓名和账号", "positions": "岗位"}


def discovery() -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery 1.0)."""
    issuer = province_address()

    def address(name: str) -> str:
        return issuer + reverse(name, urlconf=settings.ROOT_URLCONF)

    return {
        "issuer": issuer,
        "authorization_endpoint": address("oidc-authorize"),
        "token_endpoint": address("oidc-token"),
        "userinfo_endpoint": address("oidc-userinfo"),
        "jwks_uri": address("oidc-keys"),
        "end_session_endpoint": address("oidc-sign-out"),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
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
            *("name", "preferred_username", "positions"),
        ],
    }


def public_keys() -> dict[str, Any]:
    """The JSON Web Key Set: every key that may have signed something that is still valid."""
    from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415

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


def _public_key(token: str) -> RSAPublicKey:
    import jwt  # noqa: PLC0415

    kid = jwt.get_unverified_header(token).get("kid")
    key = OidcKey.objects.filter(kid=kid).first() if isinstance(kid, str) and _KID.fullmatch(kid) else None
    if key is None:
        raise jwt.InvalidTokenError(kid)
    return private_key_of(key).public_key()


def read_id_token(token: str, *, audience: str, nonce: str) -> dict[str, Any]:
    """What a token of ours says, as its client must read it. Raises jwt.InvalidTokenError."""
    import jwt  # noqa: PLC0415

    claims: dict[str, Any] = jwt.decode(
        token,
        _public_key(token),
        algorithms=[ALGORITHM],
        audience=audience,
        issuer=province_address(),
        options={"require": ["exp", "iat", "sub", "sid", "nonce"]},
    )
    if claims["nonce"] != nonce:
        raise jwt.InvalidTokenError("nonce")
    return claims


@dataclass(frozen=True, slots=True)
class SignOutRequest:
    """What a client asks for when it sends somebody here to sign out (RP-Initiated Logout 1.0). ``sid``: of the sign-in
    that it means, "" where it does not prove one; ``return_to``: "" for nowhere, else with the state that it gave."""

    client_id: str
    sid: str
    return_to: str


def read_sign_out(asked: Mapping[str, str]) -> SignOutRequest:
    """Raises Invalid for a token that is none of ours, a client that is not registered, and an address that it did not
    register: then nobody is sent anywhere. A token that has expired still says whose sign-in is meant."""
    import jwt  # noqa: PLC0415

    client_id, sid = asked.get("client_id", ""), ""
    if hint := asked.get("id_token_hint", ""):
        try:
            # whatever its age: the spec asks to take it as a hint
            claims = jwt.decode(
                hint,
                _public_key(hint),
                algorithms=[ALGORITHM],
                issuer=province_address(),
                options={"require": ["aud", "sid"], "verify_exp": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError as error:
            raise Invalid(_UNKNOWN_CLIENT) from error
        if client_id not in {"", claims["aud"]}:
            raise Invalid(_UNKNOWN_CLIENT)
        client_id, sid = str(claims["aud"]), str(claims["sid"])
    return_to = asked.get("post_logout_redirect_uri", "")
    client = OidcClient.objects.filter(client_id=client_id, revoked_at=None).first() if client_id else None
    if (client_id or return_to) and client is None:
        raise Invalid(_UNKNOWN_CLIENT)
    if return_to and (client is None or return_to not in client.post_logout_redirect_uris):
        raise Invalid(_UNKNOWN_CLIENT)
    if return_to and (state := asked.get("state", "")):
        return_to += f"{'&' if '?' in return_to else '?'}{urlencode({'state': state})}"
    return SignOutRequest(client_id, sid, return_to)


_UNKNOWN_CLIENT = "发起退出的系统没有登记，或它给的返回地址与登记的不一致。请联系该系统的管理员。"


def claims_of(account: Account, scopes: list[str]) -> dict[str, Any]:
    """Who it is; name and account, and the positions, only where the scopes ask for them."""
    claims: dict[str, Any] = {"sub": str(account.pk)}
    if "profile" in scopes:
        claims |= {"name": account.name, "preferred_username": account.username}
    if "positions" in scopes:
        claims["positions"] = [
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


def client_with_id(client_id: str) -> OidcClient:
    """Raises NotFound."""
    found = OidcClient.objects.filter(client_id=client_id).first()
    if found is None:
        raise NotFound("没有这个接入系统。")
    return found


def clients() -> QuerySet[OidcClient]:
    """Every system that was registered, by name; ``untold``: how many ended sign-ins it could not be told of."""
    dead = Count("sign_outs", filter=Q(sign_outs__state=ClientSignOut.State.DEAD))
    return OidcClient.objects.annotate(untold=dead).order_by("name", "pk")
