"""Keys of programs."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.people.models.accounts import Account


class ApiToken(PublicRow):
    """A program's key. Only its SHA-256 is kept; the key itself is shown once."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=64))
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # networks in CIDR notation from which it may be used; none named: from everywhere
    addresses = ArrayField(models.CharField(max_length=43), default=list)
    # written at most once a minute
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
