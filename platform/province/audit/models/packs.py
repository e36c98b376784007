"""Links that a sealing covers, many in a row."""

from collections.abc import Iterator
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.digests import DigestField
from foundation.rows import Direction, PublicRow
from province.audit.models.chain import AuditLink

# digits of a link's hash and of its mac
_HASH: Final = 64
_MAC: Final = 32


class AuditPack(PublicRow):
    """Links of one chain that follow one another, the first of them at ``position``: what their own rows said, a third
    as long. Only the database's own function makes them (migration 0002), and rows are only ever added.

    ``id``: the greatest of the entries' ids; ``created_at``: when the last of them was linked.
    """

    direction: ClassVar[Direction] = Direction.UP

    id = models.UUIDField(primary_key=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    chain_id = models.UUIDField()
    position = models.PositiveBigIntegerField()
    ids = ArrayField(models.UUIDField())
    times = ArrayField(models.DateTimeField())
    hashes = DigestField()
    macs = DigestField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain_id", "position"], name="one_audit_pack_per_position"),)
        # which one has an entry: the first whose id is not smaller, or one soon after it
        indexes = (models.Index(fields=["chain_id", "id"], name="audit_pack_of_entry"),)

    def __str__(self) -> str:
        return f"{self.chain_id} {self.position}"

    @property
    def is_whole(self) -> bool:
        """Whether its columns fit one another; what they say, the chain tells."""
        number = len(self.ids)
        return (len(self.times), len(self.hashes), len(self.macs)) == (number, number * _HASH, number * _MAC) and (
            number > 0 and (self.id, self.created_at) == (max(self.ids), self.times[-1])
        )

    def links(self) -> Iterator[AuditLink]:
        """As rows of their own would say it, as far as the columns go."""
        for place in range(min(len(self.ids), len(self.times))):
            yield self.link(place)

    def link(self, place: int) -> AuditLink:
        """The link behind so many others of the pack."""
        return AuditLink(
            id=self.ids[place],
            created_at=self.times[place],
            chain_id=self.chain_id,
            position=self.position + place,
            hash=self.hashes[place * _HASH : (place + 1) * _HASH],
            mac=self.macs[place * _MAC : (place + 1) * _MAC],
        )
