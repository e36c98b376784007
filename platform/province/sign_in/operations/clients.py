"""Register systems of other departments as clients of our sign-in."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from foundation.errors import Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.rights.actors import Actor
from province.rights.queries import require
from province.sign_in.models import OidcClient, OidcGrant
from province.sign_in.queries.oidc import SCOPES

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@transaction.atomic
def add_client(
    *,
    by: Actor,
    name: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
    post_logout_redirect_uris: Sequence[str] = (),
    backchannel_logout_uri: str = "",
) -> tuple[OidcClient, str]:
    """The client and its secret; this is the only time the secret can be seen.

    Raises Invalid for an address that is not https (plain http only on the machine itself) or is not exact, and for an
    unknown scope.
    """
    require(by, "tokens.manage")
    faults = _address_faults(*redirect_uris, *post_logout_redirect_uris, *filter(None, [backchannel_logout_uri]))
    faults += [Fault(scope, f"没有这个范围，可用的是 {'、'.join(SCOPES)}。") for scope in sorted({*scopes} - {*SCOPES})]
    if not redirect_uris or not name.strip() or faults:
        raise Invalid("系统名称、回调地址或范围有误。", faults=faults)
    secret = secrets.token_urlsafe(32)
    client = OidcClient.objects.create(
        client_id=secrets.token_hex(12),
        name=name.strip(),
        secret_digest=hashlib.sha256(secret.encode()).hexdigest(),
        redirect_uris=list(redirect_uris),
        post_logout_redirect_uris=list(post_logout_redirect_uris),
        backchannel_logout_uri=backchannel_logout_uri,
        scopes=sorted({"openid", *scopes}),
    )
    record_act(
        by=by,
        act="sign_in.add_client",
        object_type="client",
        object_id=client.id,
        changes={
            "name": [None, client.name],
            "redirect_uris": [None, client.redirect_uris],
            "post_logout_redirect_uris": [None, client.post_logout_redirect_uris],
            "backchannel_logout_uri": [None, client.backchannel_logout_uri],
        },
    )
    return client, secret


@transaction.atomic
def change_client(
    *,
    by: Actor,
    client_id: str,
    redirect_uris: Sequence[str] | None = None,
    post_logout_redirect_uris: Sequence[str] | None = None,
    backchannel_logout_uri: str | None = None,
) -> OidcClient:
    """Set where people come back to after signing in and out, and where the system is told that a sign-in has ended;
    what is None stays as it is. A repeat changes nothing.

    Raises Invalid as ``add_client`` does, NotFound for a client that is none or is revoked.
    """
    require(by, "tokens.manage")
    asked: dict[str, Any] = {
        "redirect_uris": redirect_uris,
        "post_logout_redirect_uris": post_logout_redirect_uris,
        "backchannel_logout_uri": backchannel_logout_uri,
    }
    asked = {name: one if isinstance(one, str) else list(one) for name, one in asked.items() if one is not None}
    uris = [uri for one in asked.values() for uri in ([one] if isinstance(one, str) else one) if uri]
    if faults := _address_faults(*uris):
        raise Invalid("接入系统的地址有误。", faults=faults)
    if asked.get("redirect_uris") == []:
        raise Invalid.at("redirect_uris", "请至少留一个回调地址。")
    client = _client_in_use(client_id)
    changes = {name: [old, new] for name, new in asked.items() if (old := getattr(client, name)) != new}
    if changes:
        OidcClient.objects.filter(pk=client.pk).update(**asked)
        client.refresh_from_db()
        record_act(by=by, act="sign_in.change_client", object_type="client", object_id=client.id, changes=changes)
    return client


@transaction.atomic
def rotate_client_secret(*, by: Actor, client_id: str) -> tuple[OidcClient, str]:
    """The client with a new secret, which can be seen now alone; the old one is worth nothing from now on. Each call
    makes another one: of two at once, the later holds.

    Raises NotFound for a client that is none or is revoked.
    """
    require(by, "tokens.manage")
    client = _client_in_use(client_id)
    secret = secrets.token_urlsafe(32)
    client.secret_digest = hashlib.sha256(secret.encode()).hexdigest()
    client.save(update_fields=["secret_digest"])
    record_act(by=by, act="sign_in.rotate_client_secret", object_type="client", object_id=client.id)
    return client, secret


def _client_in_use(client_id: str) -> OidcClient:
    client = OidcClient.objects.select_for_update().filter(client_id=client_id, revoked_at=None).first()
    if client is None:
        raise NotFound("没有这个接入系统，或者它已停用。")
    return client


@transaction.atomic
def revoke_client(*, by: Actor, client_id: str) -> OidcClient:
    """Revoke the client: it lets nobody in any more, and the tokens that it holds are worth nothing. A repeat changes
    nothing."""
    require(by, "tokens.manage")
    client = OidcClient.objects.select_for_update().filter(client_id=client_id).first()
    if client is None:
        raise NotFound("没有这个接入系统。")
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at"])
        held = OidcGrant.objects.filter(client_id=client_id, token_expires_at__gt=client.revoked_at)
        held.update(token_expires_at=client.revoked_at)
        record_act(by=by, act="sign_in.revoke_client", object_type="client", object_id=client.id)
    return client


def _address_faults(*uris: str) -> list[Fault]:
    return [Fault(uri, "地址必须是完整的 https 地址，不带 # 和通配符。") for uri in uris if not _is_exact(uri)]


def _is_exact(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if "*" in uri or "#" in uri or not parts.hostname or parts.username or any(map(str.isspace, uri)):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
