"""What proves, beside or in place of a password, that it is really the owner of an account."""

from typing import ClassVar

from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.rows import Direction, PublicRow
from province.identity.models.accounts import Account
from province.identity.models.citizens import Citizen


class TotpKey(PersonalRow):
    """The key that an authenticator app shares with us (RFC 6238: SHA-1, 30 s, six digits)."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="totp_key")
    # base32
    secret = EncryptedTextField()
    # the last step that was accepted: neither it nor an earlier one is taken again
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.account_id)


class Passkey(PublicRow):
    """A WebAuthn credential of a member of staff or of a citizen. Ours holds the public half alone."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys", null=True)
    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="passkeys", null=True)
    name = models.CharField("名称", max_length=40)
    credential_id = models.BinaryField(unique=True)
    # AttestedCredentialData as the authenticator sent it
    credential = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(account=None, citizen__isnull=False) | models.Q(account__isnull=False, citizen=None),
                name="passkey_has_one_owner",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RecoveryCode(PublicRow):
    """For the day on which the phone is lost. Only a keyed hash is kept; each opens the door once."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "digest"], name="one_recovery_code_per_digest"),)

    def __str__(self) -> str:
        return str(self.account_id)


class ActivationCode(PublicRow):
    """Handed to somebody who has no password yet, or has lost everything: opens the page on which one is set, once."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="activation_codes")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)
