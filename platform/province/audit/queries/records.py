"""The audit as one stream of records: what a check takes in, and what an exported file holds line by line.

A record is ``(kind, facts)``, in this order: the chains by their ids, of each its seals, its links (each with its
entry, or None) and its head; the entries that no chain has, and how many there are in all; the days; the ends of what
is no chain of entries. Nothing is held in memory but a batch.
"""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from province.audit.models import (
    CENSUS,
    DAYS,
    AuditDay,
    AuditEntry,
    AuditHead,
    AuditPending,
    AuditSeal,
    Facts,
    facts_of,
)
from province.audit.models.chain import HEAD_FIELDS, LINK_FIELDS
from province.audit.models.entries import ENTRY_FIELDS
from province.audit.models.seals import DAY_FIELDS, SEAL_FIELDS
from province.audit.queries.links import links_in_order, packs_in_order, without_link

type Record = tuple[str, Facts]

_AT_ONCE = 2_000
_ENTRY = (*ENTRY_FIELDS, "digest")


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside stood so at the same moment, whatever is written meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def records(chain_id: UUID | None = None) -> Iterator[Record]:
    """The records of one hall's chain and of all days, or of everything."""
    yield from heapq.merge(_seals(chain_id), _links(chain_id), _heads(chain_id), key=_place)
    yield from _outside(chain_id)
    for day in AuditDay.objects.order_by("number").iterator(_AT_ONCE):
        yield "day", facts_of(day, DAY_FIELDS)
    ends = [DAYS] if chain_id else [DAYS, CENSUS]
    for head in AuditHead.objects.filter(pk__in=ends).order_by("id"):
        yield "end", facts_of(head, HEAD_FIELDS)


_RANKS = {"seal": 0, "link": 1, "head": 2}


def _place(record: Record) -> tuple[str, int]:
    kind, facts = record
    return facts["id" if kind == "head" else "chain_id"], _RANKS[kind]


def _of_chain[RowT: Model](rows: QuerySet[RowT], field: str, chain_id: UUID | None) -> QuerySet[RowT]:
    return rows.filter(**{field: chain_id}) if chain_id else rows


def _seals(chain_id: UUID | None) -> Iterator[Record]:
    seals = _of_chain(AuditSeal.objects.order_by("chain_id", "number", "id"), "chain_id", chain_id)
    for seal in seals.iterator(_AT_ONCE):
        yield "seal", facts_of(seal, SEAL_FIELDS)


def _links(chain_id: UUID | None) -> Iterator[Record]:
    for batch in batched(links_in_order(chain_id), _AT_ONCE, strict=False):
        entries = AuditEntry.objects.in_bulk([link.pk for link in batch])
        for link in batch:
            entry = entries.get(link.pk)
            yield "link", facts_of(link, LINK_FIELDS) | {"entry": _entry_facts(entry) if entry else None}


def _heads(chain_id: UUID | None) -> Iterator[Record]:
    heads = AuditHead.objects.exclude(pk__in=[DAYS, CENSUS]).order_by("id")
    for head in _of_chain(heads, "id", chain_id).iterator(_AT_ONCE):
        yield "head", facts_of(head, HEAD_FIELDS)


def _outside(chain_id: UUID | None) -> Iterator[Record]:
    """Entries without a link, which wait or should; how many entries there are; packs that cannot be read whole; and
    what waits without being there."""
    entries = _of_chain(AuditEntry.objects.order_by("id"), "hall_id", chain_id)
    lonely = without_link(entries).annotate(waits=Exists(AuditPending.objects.filter(pk=OuterRef("pk"))))
    for entry in lonely.iterator(_AT_ONCE):
        waits: Any = entry
        yield "unlinked", {"entry": _entry_facts(entry), "is_waiting": waits.waits}
    yield "count", {"entries": entries.count()}
    for pack in packs_in_order(chain_id):
        if not pack.is_whole:
            yield "misfit", {"id": str(pack.pk), "chain_id": str(pack.chain_id), "position": pack.position}
    if not chain_id:
        gone = AuditPending.objects.filter(~Exists(AuditEntry.objects.filter(pk=OuterRef("pk")))).order_by("id")
        for pending in gone.iterator(_AT_ONCE):
            yield "lost", {"id": str(pending.pk)}


def _entry_facts(entry: AuditEntry) -> Facts:
    return facts_of(entry, _ENTRY)
