"""What is set down of all chains, hour by hour."""

from typing import ClassVar

from django.db import models

from foundation.crypto.sm3 import hmac_sm3, sm3
from foundation.digests import DigestField
from foundation.rows import Direction, PublicRow
from province.audit.models.facts import Facts, canonical

SEAL_FIELDS = ("id", "created_at", "number", "chain_id", "position", "hash", "mac")
DAY_FIELDS = ("id", "created_at", "number", "sealed_on", "seals", "root", "public_key", "hash", "signature")


class AuditDay(PublicRow):
    """One sealing: the seals of all chains that moved under one signature; a chain of its own. Rows are only added.

    ``root``: SM3 over its seals in the order of their chains. ``hash``: SM3 over the sealing before and this one;
    ``signature``: SM2 over it, with ``public_key``.
    """

    direction: ClassVar[Direction] = Direction.UP

    number = models.PositiveIntegerField(unique=True)
    sealed_on = models.DateField()
    seals = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    public_key = models.CharField(max_length=128)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=160)

    def __str__(self) -> str:
        return f"{self.number} {self.sealed_on}"


class AuditSeal(PublicRow):
    """Where one chain ended at one sealing (its ``number``). Rows are only ever added.

    ``mac``: HMAC-SM3 over this row, so that a hall's seals can be checked without all others'.
    """

    direction: ClassVar[Direction] = Direction.UP

    number = models.PositiveIntegerField()
    chain_id = models.UUIDField()
    position = models.PositiveBigIntegerField()
    hash = DigestField()
    mac = DigestField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain_id", "number"], name="one_audit_seal_per_day"),)
        indexes = (models.Index(fields=["number", "chain_id"], name="audit_seal_day"),)

    def __str__(self) -> str:
        return f"{self.number} {self.chain_id}"


def seal_mac(key: bytes, seal: Facts) -> str:
    return hmac_sm3(key, canonical("seal-mac/1", {name: seal[name] for name in SEAL_FIELDS if name != "mac"})).hex()


def seal_line(seal: Facts) -> bytes:
    """What a day's root is taken over, one line a seal."""
    return canonical("seal/1", {name: seal[name] for name in SEAL_FIELDS}) + b"\n"


def day_hash(day: Facts, *, previous: str) -> str:
    facts = {name: day[name] for name in DAY_FIELDS if name not in {"hash", "signature"}}
    return sm3(canonical("day/1", facts | {"previous": previous})).hex()
