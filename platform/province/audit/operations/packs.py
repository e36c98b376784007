"""Put links that a sealing covers into rows of many."""

from itertools import batched
from typing import Final

from django.db import connection, transaction

# so many fill a page, with the pieces that PostgreSQL cuts of what is long
LINKS_A_PACK: Final = 123
# packs in a transaction: some tenth of a second's work
_AT_ONCE: Final = 50
# of the chains of the last sealing those that have enough behind their last pack; no others have moved since
_READY = """
SELECT seal.chain_id, first, first + %(size)s - 1 FROM audit_auditseal AS seal
LEFT JOIN LATERAL (
    SELECT position + cardinality(ids) AS until FROM audit_auditpack WHERE chain_id = seal.chain_id
    ORDER BY position DESC LIMIT 1) AS packed ON true
CROSS JOIN LATERAL generate_series(coalesce(until, 1), seal.position - %(size)s + 1, %(size)s) AS first
WHERE seal.number = (SELECT max(number) FROM audit_auditday)
ORDER BY seal.chain_id, first
"""
_PACK = "SELECT pack_audit_links(%s, %s, %s)"


def pack_links(*, size: int = LINKS_A_PACK) -> int:
    """Pack what the last sealing covers, ``size`` links a row; returns how many packs were made. What is less than that
    at a chain's end stays as it is until more has come.

    Two at once: each pack is made by one of them. Killed: what is left is packed after the next sealing of its chain.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READY, {"size": size})
        ready = cursor.fetchall()
    return sum(_pack_some(some) for some in batched(ready, _AT_ONCE, strict=False))


@transaction.atomic
def _pack_some(ready: tuple[tuple[str, int, int], ...]) -> int:
    made = 0
    with connection.cursor() as cursor:
        for one in ready:
            cursor.execute(_PACK, one)
            made += cursor.fetchone()[0]
    return made
