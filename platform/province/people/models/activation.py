"""How an account comes by its first password, or by a new one after everything was lost."""

from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.people.models.accounts import Account


class ActivationCode(PublicRow):
    """Handed to somebody who has no password yet, or has lost everything: opens the page on which one is set, once."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="activation_codes")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # who has seen it; None: a program, or it was issued before this was kept
    issued_by_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)
