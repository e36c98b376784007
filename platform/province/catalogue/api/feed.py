"""For other systems: what is in force at a moment, and what has happened since they last asked."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from foundation.api import Moment, Page, PageParameters, page_of
from province.catalogue.queries.changes import changes_after
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.schemas.items import ChangesOut, ChangesQuery, ValidOut
from province.rights.actors import Actor

router = Router(tags=["catalogue"])


def _check_reader(request: HttpRequest) -> None:
    check_reader(cast("Actor", request.auth))  # type: ignore[attr-defined]


@router.get("/valid", response=Page[ValidOut])
def list_valid(request: HttpRequest, page: PageParameters, at: Moment | None = None) -> dict[str, object]:
    """List the version in force of every item that halls show at that moment (default: now)."""
    _check_reader(request)
    return page_of(items_valid_at(at or timezone.now()), page)


@router.get("/changes", response=ChangesOut)
def list_changes(request: HttpRequest, asked: Query[ChangesQuery]) -> dict[str, object]:
    """List what happened to what halls show, in the order of the commits. A reader that goes on from ``cursor``
    misses nothing."""
    _check_reader(request)
    found = list(changes_after(asked.after, limit=asked.limit + 1))
    changes = found[: asked.limit]
    cursor = changes[-1].position if changes else asked.after
    return {"changes": changes, "cursor": cursor, "has_more": len(found) > asked.limit}
