"""For other systems: what is in force at a moment, and what has happened since they last asked, to items and to the
guides of halls."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from foundation.api import Moment, Page, PageParameters, page_of
from province.catalogue.queries.changes import GuideHead, changes_after, guide_changes_after, guide_heads, guide_texts
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.schemas.feed import GuideChangeOut, GuideChangesOut, GuideChangesQuery, GuideHeadOut
from province.catalogue.schemas.items import ChangesOut, ChangesQuery, ValidOut
from province.halls.queries import hall_with_code
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


@router.get("/guide-changes/heads", response=list[GuideHeadOut])
def list_guide_heads(request: HttpRequest, since: Moment | None = None) -> list[GuideHead]:
    """List how far each hall's feed of guides is, of those of which something happened ``since``. Who reads many halls
    asks ``/guide-changes`` for those alone whose position is beyond the cursor that was kept."""
    _check_reader(request)
    return guide_heads(since)


@router.get("/guide-changes", response=GuideChangesOut)
def list_guide_changes(request: HttpRequest, asked: Query[GuideChangesQuery]) -> GuideChangesOut:
    """List what happened to the guides that a hall shows, in the order of the commits, each with the guide in its
    national form. A reader that goes on from ``cursor`` misses nothing; positions of a hall are 1, 2, 3 … without a
    gap."""
    _check_reader(request)
    hall = hall_with_code(asked.hall)
    found = list(guide_changes_after(hall.pk, asked.after, limit=asked.limit + 1))
    changes = found[: asked.limit]
    texts = guide_texts(changes)
    same = (
        *("position", "kind", "happened_at", "item_id", "version_number", "guide_id", "guide_number"),
        "former_task_code",
    )
    lines = [
        GuideChangeOut(
            **{name: getattr(change, name) for name in same},
            basic_code=change.item.basic_code,
            national=texts[change.pk].rows if change.pk in texts else None,
            refusal=texts[change.pk].refusal if change.pk in texts else "",
        )
        for change in changes
    ]
    cursor = changes[-1].position if changes else asked.after
    return GuideChangesOut(changes=lines, cursor=cursor, has_more=len(found) > asked.limit)
