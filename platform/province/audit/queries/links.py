"""The links of the chains, in rows of their own or packed."""

import heapq
from collections.abc import Iterator
from uuid import UUID

from django.db.models import BooleanField, Exists, Func, Model, OuterRef, Q, QuerySet

from province.audit.models import AuditEntry, AuditLink, AuditPack, chain_of

_AT_ONCE = 2_000
_PACKS_AT_ONCE = 50


class _IsPacked(Func):
    """Of an entry, whether a pack has it. With NOT before it PostgreSQL reads the packs once for all entries, which it
    does not for NOT IN."""

    template = "EXISTS (SELECT FROM audit_auditpack AS pack, unnest(pack.ids) AS one WHERE one = %(expressions)s)"
    arity = 1
    output_field = BooleanField()


def links_in_order(chain_id: UUID | None) -> Iterator[AuditLink]:
    """Of one chain, or of all by their ids, by position. One that is packed and in a row of its own comes twice."""
    loose = _of_chain(AuditLink.objects.order_by("chain_id", "position", "id"), chain_id).iterator(_AT_ONCE)
    packed = (link for pack in packs_in_order(chain_id) for link in pack.links())
    return heapq.merge(loose, packed, key=lambda link: (link.chain_id, link.position, link.id))


def packs_in_order(chain_id: UUID | None) -> Iterator[AuditPack]:
    packs = _of_chain(AuditPack.objects.order_by("chain_id", "position", "id"), chain_id)
    return packs.iterator(_PACKS_AT_ONCE)


def _of_chain[RowT: Model](rows: QuerySet[RowT], chain_id: UUID | None) -> QuerySet[RowT]:
    return rows.filter(chain_id=chain_id) if chain_id else rows


def without_link(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Which of these have a place in no chain."""
    return entries.filter(~Exists(AuditLink.objects.filter(pk=OuterRef("pk"))), ~Q(_IsPacked("pk")))


def link_of(entry: AuditEntry) -> AuditLink | None:
    """The entry's place in its chain; None while the relay has not linked it yet."""
    if found := AuditLink.objects.filter(pk=entry.pk).first():
        return found
    packs = AuditPack.objects.filter(chain_id=chain_of(entry.hall_id), pk__gte=entry.pk, ids__contains=[entry.pk])
    pack = packs.order_by("pk").first()
    return pack.link(pack.ids.index(entry.pk)) if pack else None


def is_link_at(chain_id: UUID, position: int, *, hash_: str) -> bool:
    """Whether the chain has a link with this hash there."""
    if AuditLink.objects.filter(chain_id=chain_id, position=position, hash=hash_).exists():
        return True
    pack = AuditPack.objects.filter(chain_id=chain_id, position__lte=position).order_by("-position").first()
    place = position - pack.position if pack else 0
    return pack is not None and place < len(pack.ids) and bool(pack.link(place).hash == hash_)
