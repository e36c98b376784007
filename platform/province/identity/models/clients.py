"""Systems of other departments that let people in by our sign-in, and what they are handed (OpenID Connect)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.rows import Direction, PublicRow
from province.identity.models.sessions import SignInSession


class OidcClient(PublicRow):
    """A registered system. Its secret is shown once; only a hash of it is kept."""

    direction: ClassVar[Direction] = Direction.DOWN

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField("系统名称", max_length=80)
    secret_digest = models.CharField(max_length=64)
    # compared to the letter
    redirect_uris = ArrayField(models.CharField(max_length=500))
    scopes = ArrayField(models.CharField(max_length=16))
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OidcGrant(PublicRow):
    """A code that was handed to a client, and the access token that the client got for it. Both are kept as hashes."""

    direction: ClassVar[Direction] = Direction.LOCAL

    # of an OidcClient, or the name under which all halls' hosts are one client
    client_id = models.CharField(max_length=40)
    session = models.ForeignKey(SignInSession, on_delete=models.CASCADE, related_name="grants")
    code_digest = models.CharField(max_length=64, unique=True)
    redirect_uri = models.CharField(max_length=500)
    challenge = models.CharField(max_length=128)
    nonce = models.CharField(max_length=500, blank=True)
    scopes = ArrayField(models.CharField(max_length=16))
    code_expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    # none before the code is redeemed
    token_digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - many have none
    token_expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["code_expires_at"], name="identity_grant_expiry"),)

    def __str__(self) -> str:
        return self.client_id


class OidcKey(PersonalRow):
    """The RSA key that signs identity tokens."""

    direction: ClassVar[Direction] = Direction.DOWN

    kid = models.CharField(max_length=16, unique=True)
    # PKCS#8, PEM
    private_key = EncryptedTextField()

    def __str__(self) -> str:
        return self.kid
