"""Put what has been committed into its chain."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from province.audit.models import CENSUS, AuditHead, AuditLink, AuditPending, chain_of, facts_of, genesis
from province.audit.models.chain import HEAD_FIELDS, LINK_FIELDS, head_mac, link_hash, link_mac
from province.audit.queries.keys import audit_keys

_AT_ONCE = 2_000
# one name for whoever moves a head: two at once would fork a chain
CHAIN_LOCK = "hashtextextended('audit chain', 0)"


def link_entries(*, most: int = 500) -> int:
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
        cursor.execute(
            """
            SELECT entry.id, entry.hall_id, entry.digest
            FROM audit_auditpending AS pending JOIN audit_auditentry AS entry ON entry.id = pending.id
            ORDER BY pending.id LIMIT %s
            """,
            [most],
        )
        waiting: list[tuple[UUID, UUID | None, str]] = cursor.fetchall()
    heads = _heads_of({chain_of(hall_id) for _, hall_id, _ in waiting})
    links = [_link(heads[chain_of(hall_id)], entry_id, digest) for entry_id, hall_id, digest in waiting]
    AuditLink.objects.bulk_create(links)
    save_heads(heads.values())
    AuditPending.objects.filter(pk__in=[link.pk for link in links]).delete()
    return len(links)


def _heads_of(chain_ids: set[UUID]) -> dict[UUID, AuditHead]:
    heads = AuditHead.objects.in_bulk(chain_ids)
    if new := chain_ids - heads.keys():
        census = AuditHead.objects.filter(pk=CENSUS).first() or new_head(CENSUS)
        census.position += len(new)
        save_heads([census])
    return heads | {chain_id: new_head(chain_id) for chain_id in new}


def new_head(chain_id: UUID) -> AuditHead:
    return AuditHead(id=chain_id, created_at=timezone.now(), hash=genesis(str(chain_id)))


def _link(head: AuditHead, entry_id: UUID, digest: str) -> AuditLink:
    """The next link, to which the head is moved."""
    position = head.position + 1
    found = link_hash(previous=head.hash, digest=digest, position=position, entry_id=str(entry_id))
    link = AuditLink(id=entry_id, created_at=timezone.now(), chain_id=head.id, position=position, hash=found)
    link.mac = link_mac(audit_keys().links, facts_of(link, LINK_FIELDS))
    head.position, head.hash = position, found
    return link


def save_heads(heads: Collection[AuditHead]) -> None:
    for head in heads:
        head.mac = head_mac(audit_keys().heads, facts_of(head, HEAD_FIELDS))
    AuditHead.objects.bulk_create(
        heads,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["position", "hash", "mac", "sealed_position"],
    )
