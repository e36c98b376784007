"""Systems of other departments that let people in by our sign-in, and what they are handed (OpenID Connect)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.events.outgoing import Outgoing
from foundation.rows import Direction, PublicRow
from province.sign_in.models.sessions import SignInSession


class OidcClient(PublicRow):
    """A registered system. Its secret is shown once; only a hash of it is kept."""

    direction: ClassVar[Direction] = Direction.DOWN

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField("系统名称", max_length=80)
    secret_digest = models.CharField(max_length=64)
    # compared to the letter
    redirect_uris = ArrayField(models.CharField(max_length=500))
    # where a browser may be sent after signing out, compared to the letter (RP-Initiated Logout 1.0)
    post_logout_redirect_uris = ArrayField(models.CharField(max_length=500), default=list)
    # where the system is told that a sign-in has ended, "" for nowhere (Back-Channel Logout 1.0)
    backchannel_logout_uri = models.CharField(max_length=500, blank=True)
    scopes = ArrayField(models.CharField(max_length=16))
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class CodeGrant(PublicRow):
    """A code that was handed to a client, and the access token that the client got for it. Both are kept as hashes.
    ``session``, of the person who signed in, is the heir's."""

    client_id = models.CharField(max_length=40)
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
        abstract = True

    def __str__(self) -> str:
        return self.client_id


class OidcGrant(CodeGrant):
    """Of a member of staff, to an OidcClient or to all halls' hosts, which are one client."""

    direction: ClassVar[Direction] = Direction.LOCAL

    session = models.ForeignKey(SignInSession, on_delete=models.CASCADE, related_name="grants")

    class Meta:
        indexes = (models.Index(fields=["code_expires_at"], name="sign_in_grant_expiry"),)


class ClientSignOut(Outgoing):
    """What a client has yet to hear: that a sign-in by which it let somebody in has ended. ``id`` is the token's
    ``jti``, the same at every attempt."""

    direction: ClassVar[Direction] = Direction.LOCAL

    client = models.ForeignKey(OidcClient, on_delete=models.CASCADE, related_name="sign_outs")
    session = models.ForeignKey(SignInSession, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "session"], name="one_sign_out_per_client"),)
        indexes = (
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="sign_in_sign_out_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.client_id} {self.session_id}"


class OidcKey(PersonalRow):
    """The RSA key that signs identity tokens."""

    direction: ClassVar[Direction] = Direction.DOWN

    kid = models.CharField(max_length=16, unique=True)
    # PKCS#8, PEM
    private_key = EncryptedTextField()

    def __str__(self) -> str:
        return self.kid
