"""What makes a chain of a hall's entries."""

from functools import lru_cache
from typing import ClassVar
from uuid import UUID

from django.db import models

from foundation.crypto.sm3 import hmac_sm3, sm3
from foundation.digests import DigestField
from foundation.rows import Direction, PublicRow
from province.audit.models.facts import Facts, canonical

# the chain of the entries that belong to no hall, the chain of the days, and the count of all chains: their heads' ids
PROVINCE = UUID(int=0)
DAYS = UUID(int=1)
CENSUS = UUID(int=2)

LINK_FIELDS = ("id", "created_at", "chain_id", "position", "hash", "mac")
HEAD_FIELDS = ("id", "created_at", "position", "hash", "mac", "sealed_position")


def chain_of(hall_id: UUID | None) -> UUID:
    """A hall's chain bears the hall's id."""
    return hall_id or PROVINCE


class AuditPending(PublicRow):
    """An entry that no chain has yet: written with it, under the same id, and gone when it is linked."""

    direction: ClassVar[Direction] = Direction.LOCAL

    def __str__(self) -> str:
        return str(self.id)


class AuditLink(PublicRow):
    """An entry's place in its chain, under the entry's id. Rows are only ever added; one goes when it is packed.

    ``hash``: SM3 over the hash before, the entry's digest, the position (from 1, without gaps) and the entry's id;
    anybody can check it. ``mac``: HMAC-SM3 over this row, shortened; nobody without the key can make it.
    """

    direction: ClassVar[Direction] = Direction.UP

    chain_id = models.UUIDField()
    position = models.PositiveBigIntegerField()
    hash = DigestField()
    mac = DigestField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain_id", "position"], name="one_audit_link_per_position"),)

    def __str__(self) -> str:
        return f"{self.chain_id} {self.position}"


class AuditHead(PublicRow):
    """Where a chain ends, under the chain's id: the one row of it that is ever changed, by linking and sealing alone.

    ``mac`` is of its own kind: a chain that is cut shorter needs one that was never seen outside this row. The head
    ``CENSUS`` counts the chains in its ``position``: one that is gone whole is missed, too.
    """

    direction: ClassVar[Direction] = Direction.UP

    position = models.PositiveBigIntegerField(default=0)
    hash = DigestField()
    mac = DigestField()
    sealed_position = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = (
            # the daily sealing's only question
            models.Index(
                fields=["id"], condition=models.Q(position__gt=models.F("sealed_position")), name="audit_head_moved"
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.position}"


@lru_cache(maxsize=1024)
def genesis(chain_id: str) -> str:
    """What stands before a chain's first link."""
    return sm3(canonical("chain/1", {"chain_id": chain_id})).hex()


def link_hash(*, previous: str, digest: str, position: int, entry_id: str) -> str:
    facts = {"previous": previous, "digest": digest, "position": position, "entry_id": entry_id}
    return sm3(canonical("link/1", facts)).hex()


def link_mac(key: bytes, link: Facts) -> str:
    return hmac_sm3(key, canonical("link-mac/1", {name: link[name] for name in LINK_FIELDS if name != "mac"})).hex()


def as_written(facts: Facts) -> Facts:
    """A link or a head as PostgreSQL reads it: its digests are bytes there."""
    return facts | {name: rf"\x{facts[name]}" for name in ("hash", "mac")}


def head_mac(key: bytes, head: Facts) -> str:
    return hmac_sm3(key, canonical("head-mac/1", {name: head[name] for name in HEAD_FIELDS if name != "mac"})).hex()
