"""The audit, and the wall's links, over HTTP."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from foundation.api import Page, PageParameters, idempotent, page_after, page_of
from foundation.exports import export_table
from province.audit.models import AuditEntry
from province.audit.queries.links import link_of
from province.console.access import require_fresh
from province.console.addresses import province_address
from province.console.operations.audit import export_entries
from province.console.operations.wall_links import make_wall_link, revoke_wall_link
from province.console.queries.audit import (
    EXPORT_HEADINGS,
    READ,
    entries_in_reach,
    entry_in_reach,
    entry_lines,
    export_rows,
    older_than,
)
from province.console.queries.wall import SHOW, wall_links
from province.console.schemas import (
    AuditEntryOut,
    AuditExportIn,
    AuditProofOut,
    AuditQuery,
    MadeWallLinkOut,
    WallLinkIn,
    WallLinkOut,
)
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, require

router = Router(tags=["console"])


# -- the audit


@router.get("/audit", response=Page[AuditEntryOut])
def list_entries(request: HttpRequest, page: PageParameters, wanted: Query[AuditQuery]) -> dict[str, Any]:
    """List the entries of the province, or of the halls within reach, the newest first."""
    found = entries_in_reach(_auditor(request), wanted.asked(), hall=wanted.hall)

    def rows_after(last: UUID | None, limit: int) -> Iterable[AuditEntry]:
        return older_than(found, last)[:limit]

    answer = page_after(rows_after, page)
    return answer | {"items": [AuditEntryOut.of(line) for line in entry_lines(answer["items"])]}


@router.post("/audit/export")
def export(request: HttpRequest, data: AuditExportIn) -> HttpResponse:
    """Take a table of entries away; that leaves an entry, too, each time. 422 for more than 20,000."""
    entries = export_entries(by=_auditor(request), asked=data.asked(), hall=data.hall)
    return export_table(data.format, "审计记录", EXPORT_HEADINGS, export_rows(entries))


@router.get("/audit/{uuid:entry_id}", response=AuditProofOut)
def show_entry(request: HttpRequest, entry_id: UUID) -> AuditEntryOut:
    found = entry_in_reach(_auditor(request), entry_id)
    [line] = entry_lines([found])
    link = link_of(found)
    return AuditProofOut.of(line, position=link.position if link else None)


# -- the wall's links


@router.get("/wall-links", response=Page[WallLinkOut])
def list_links(request: HttpRequest, page: PageParameters) -> dict[str, Any]:
    """List all of them; those that are over say so."""
    require(_actor(request), SHOW)
    return page_of(wall_links(), page)


@router.post("/wall-links", response={201: MadeWallLinkOut})
def make_link(request: HttpRequest, data: WallLinkIn) -> Status[MadeWallLinkOut]:
    """Make an address that shows the wall. Not repeatable by Idempotency-Key: the address would have to be kept."""
    require_fresh(request)
    link, key = make_wall_link(by=_actor(request), name=data.name, days=data.days)
    facts = WallLinkOut.from_orm(link).model_dump()
    return Status(201, MadeWallLinkOut(**facts, address=f"{province_address()}/wall/{key}/"))


@router.delete("/wall-links/{uuid:link_id}", response=WallLinkOut)
@idempotent
def revoke_link(request: HttpRequest, link_id: UUID) -> tuple[int, WallLinkOut]:
    """The wall at this address is blank within a minute."""
    return 200, WallLinkOut.from_orm(revoke_wall_link(by=_actor(request), link_id=link_id))


def _auditor(request: HttpRequest) -> Actor:
    """Whom the API let in, if they may read any entries at all."""
    by = _actor(request)
    if not has_anywhere(by, READ):
        require(by, READ)
    return by


def _actor(request: HttpRequest) -> Actor:
    by: Actor = request.auth  # type: ignore[attr-defined]
    return by
