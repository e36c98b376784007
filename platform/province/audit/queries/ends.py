"""Where the audit's chains end, in this database or in a copy of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from province.audit.queries.links import is_link_at

_LAST_ENTRY = "SELECT max(created_at) FROM (SELECT created_at FROM audit_auditentry ORDER BY id DESC LIMIT 1) AS last"
# of a pack the last link counts, for all of them
_ENDS = """
    SELECT DISTINCT ON (chain_id) chain_id::text, until, encode(hash, 'hex'), sum(links) OVER (PARTITION BY chain_id)
    FROM (
        SELECT chain_id, position AS until, hash, 1 AS links FROM audit_auditlink
        UNION ALL SELECT chain_id, position + cardinality(ids) - 1, substring(hashes FROM octet_length(hashes) - 31),
            cardinality(ids) FROM audit_auditpack
    ) AS ends ORDER BY chain_id, until DESC
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
    return all(one.links == one.position and is_link_at(one.chain_id, one.position, hash_=one.hash) for one in ends)
