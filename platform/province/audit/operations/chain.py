"""Put what has been committed into its chain."""

import json
from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.bulk_copy import copy_rows
from province.audit.models import CENSUS, PROVINCE, AuditHead, AuditPending, Facts, facts_of, genesis
from province.audit.models.chain import HEAD_FIELDS, LINK_FIELDS, as_written, head_mac, link_hash, link_mac
from province.audit.models.facts import plain, shortened
from province.audit.queries.keys import audit_keys

# one lock for all that move a head: two at once would fork a chain
CHAIN_LOCK = "hashtextextended('audit chain', 0)"
# some tenth of a second's work
LINKS_AT_ONCE = 2_000
# OFFSET 0: each entry is looked up by its id, also while the statistics of a queue that is now full, now empty, say
# that reading all entries is cheaper. A row whose entry is not there stays, for the check to find.
_TAKE = """
WITH waiting AS MATERIALIZED (
    SELECT pending.id, entry.hall_id, entry.digest FROM audit_auditpending AS pending CROSS JOIN LATERAL (
        SELECT hall_id, digest FROM audit_auditentry WHERE id = pending.id OFFSET 0) AS entry
    ORDER BY pending.id LIMIT %s),
gone AS (DELETE FROM audit_auditpending WHERE id = ANY (ARRAY(SELECT id FROM waiting)))
SELECT id::text, coalesce(hall_id, %s)::text, encode(digest, 'hex') FROM waiting ORDER BY id
"""
_SAVE_HEADS = f"""
INSERT INTO audit_audithead ({", ".join(HEAD_FIELDS)})
SELECT {", ".join(HEAD_FIELDS)} FROM json_populate_recordset(NULL::audit_audithead, %s)
ON CONFLICT (id) DO UPDATE SET position = excluded.position, hash = excluded.hash, mac = excluded.mac,
    sealed_position = excluded.sealed_position
"""  # noqa: S608 - the program's own names


def link_entries(*, most: int = LINKS_AT_ONCE) -> int:
    """Link up to ``most`` entries that wait; returns how many. One query where none does, however many halls there are.

    Not done where the entry is written: the head of a chain would let only one transaction of a hall commit at a time.
    Entries are linked as they become visible, so one that is committed late comes late in the chain, and nothing is
    passed over. Of two at once the second leaves the work to the first; killed, all that it took still waits.
    """
    return _link_some(most) if AuditPending.objects.exists() else 0


@transaction.atomic
def _link_some(most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({CHAIN_LOCK})")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [most, PROVINCE])
        waiting: list[tuple[str, str, str]] = cursor.fetchall()
    heads = _heads_of({chain_id for _, chain_id, _ in waiting})
    now = plain(timezone.now())
    links = [_link(heads[chain_id], entry_id, digest, now) for entry_id, chain_id, digest in waiting]
    written = map(as_written, links)
    copy_rows("audit_auditlink", LINK_FIELDS, ([link[name] for name in LINK_FIELDS] for link in written))
    save_heads(heads.values())
    return len(links)


def _heads_of(chain_ids: set[str]) -> dict[str, AuditHead]:
    heads = {str(head.pk): head for head in AuditHead.objects.filter(pk__in=chain_ids)}
    if new := chain_ids - heads.keys():
        census = AuditHead.objects.filter(pk=CENSUS).first() or new_head(CENSUS)
        census.position += len(new)
        save_heads([census])
    return heads | {chain_id: new_head(UUID(chain_id)) for chain_id in new}


def new_head(chain_id: UUID) -> AuditHead:
    return AuditHead(id=chain_id, created_at=timezone.now(), hash=genesis(str(chain_id)))


def _link(head: AuditHead, entry_id: str, digest: str, now: str) -> Facts:
    """The next link, to which the head is moved."""
    position = head.position + 1
    found = link_hash(previous=head.hash, digest=digest, position=position, entry_id=entry_id)
    link: Facts = {"id": entry_id, "created_at": now, "chain_id": str(head.pk), "position": position, "hash": found}
    link["mac"] = shortened(link_mac(audit_keys().links, link))
    head.position, head.hash = position, found
    return link


def save_heads(heads: Collection[AuditHead]) -> None:
    key = audit_keys().heads
    rows = [facts_of(head, HEAD_FIELDS) for head in heads]
    for row in rows:
        row["mac"] = head_mac(key, row)
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_HEADS, [json.dumps([as_written(row) for row in rows])])
