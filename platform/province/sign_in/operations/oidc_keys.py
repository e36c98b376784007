"""What the OpenID Connect provider signs, and the key with which it does."""

import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection, transaction

from province.sign_in.models import OidcKey
from province.sign_in.queries.oidc import ALGORITHM, private_key_of


def signed(claims: Mapping[str, Any], *, kind: str = "JWT") -> str:
    """A JSON Web Token; ``kind`` is its ``typ``."""
    import jwt  # noqa: PLC0415

    key = _signing_key()
    return jwt.encode(dict(claims), private_key_of(key), algorithm=ALGORITHM, headers={"kid": key.kid, "typ": kind})


@transaction.atomic
def _signing_key() -> OidcKey:
    """The newest key; where there is none yet, draw one."""
    found = OidcKey.objects.order_by("-pk").first()
    if found:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sign_in.oidc_key'))")
    return OidcKey.objects.order_by("-pk").first() or _draw_key()


def _draw_key() -> OidcKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = OidcKey(kid=secrets.token_hex(8))
    key.private_key = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    key.save()
    return key
