"""Where the audit's chains end, in this database or in a copy of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from province.audit.models import AuditLink

_LAST_ENTRY = "SELECT max(created_at) FROM (SELECT created_at FROM audit_auditentry ORDER BY id DESC LIMIT 1) AS last"
_ENDS = """
    SELECT DISTINCT ON (chain_id) chain_id::text, position, encode(hash, 'hex'), count(*) OVER (PARTITION BY chain_id)
    FROM audit_auditlink ORDER BY chain_id, position DESC
"""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last link of a chain, and how many links it has."""

    chain_id: UUID
    position: int
    hash: str
    links: int


def chain_ends(cursor: Any) -> tuple[datetime | None, list[ChainEnd]]:
    """When the newest entry was made, and where each chain ends. The cursor may be of a copy of this database."""
    cursor.execute(_LAST_ENTRY)
    [(last,)] = cursor.fetchall()
    cursor.execute(_ENDS)
    return last, [ChainEnd(UUID(chain), *facts) for chain, *facts in cursor.fetchall()]


def are_here(ends: list[ChainEnd]) -> bool:
    """Whether this database has the same links at those places: each link's hash holds all before it."""
    return all(
        one.links == one.position
        and AuditLink.objects.filter(chain_id=one.chain_id, position=one.position, hash=one.hash).exists()
        for one in ends
    )
