"""What proves, beside or in place of a password, that it is really the owner of an account."""

from typing import ClassVar

from django.db import models

from foundation.crypto.fields import EncryptedTextField, PersonalRow
from foundation.rows import Direction, PublicRow
from province.people.models.accounts import Account


class TotpKey(PersonalRow):
    """The key that an authenticator app shares with us (RFC 6238: SHA-1, 30 s, six digits)."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="totp_key")
    # base32
    secret = EncryptedTextField()
    # the last step that was accepted: neither it nor an earlier one is taken again
    last_step = models.BigIntegerField(default=0)
    # wrong codes since the last right one
    wrong_codes = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.account_id)


class Credential(PublicRow):
    """A WebAuthn credential. Ours holds the public half alone. Each model of them says whose it is, and has its own
    table."""

    name = models.CharField("名称", max_length=40)
    credential_id = models.BinaryField(unique=True)
    # AttestedCredentialData as the authenticator sent it
    credential = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Passkey(Credential):
    """A credential of a member of staff."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")


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
