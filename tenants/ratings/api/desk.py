"""Ratings at the desk: visits that are to be rated, low ratings, figures, limits."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.console.queries.months import chosen_months
from province.satisfaction.queries.figures import RatingSums
from tenants.ratings.layouts import asking_desk_of_request, mending_desk_of_request, settings_desk_of_request
from tenants.ratings.operations import mending
from tenants.ratings.operations.opening import open_visit_rating
from tenants.ratings.operations.settings import set_up_ratings
from tenants.ratings.queries.access import low_rating_of
from tenants.ratings.queries.figures import own_figures, rating_figures
from tenants.ratings.queries.links import token_of
from tenants.ratings.queries.settings import rating_settings
from tenants.ratings.queries.shown import LowRatingLine, low_lines, low_ratings_at_desk, low_view
from tenants.ratings.schemas import (
    FindingIn,
    LowRatingActOut,
    LowRatingLineOut,
    LowRatingOut,
    NoteIn,
    RatingSettingsIn,
    RatingSumsOut,
    VisitIn,
    VisitOut,
)
from tenants.shell.slots import Desk

router = Router(tags=["ratings"])


@router.post("/visits", response={201: VisitOut})
@idempotent
def invite(request: HttpRequest, data: VisitIn) -> tuple[int, VisitOut]:
    """Invite somebody at the window to rate the visit (一次一评)."""
    desk = asking_desk_of_request(request)
    made = open_visit_rating(by=desk.by, hall=desk.hall, item_id=data.item_id)
    path = reverse("site-rating-link", args=[token_of(desk.hall, made)])
    return 201, VisitOut(id=made.pk, item_name=made.item_name, path=path)


@router.get("/low", response=Page[LowRatingLineOut])
def list_low_ratings(request: HttpRequest, page: PageParameters, state: str = "open") -> dict[str, Any]:
    """List the low ratings of one's departments but one's own. ``state``: open, late, or one of theirs."""
    desk = mending_desk_of_request(request)
    found = page_of(low_ratings_at_desk(desk, state=state), page)
    return found | {"items": [LowRatingLineOut(**_facts(one)) for one in low_lines(desk, list(found["items"]))]}


@router.get("/low/{uuid:rating_id}", response=LowRatingOut)
def show_low_rating(request: HttpRequest, rating_id: UUID) -> LowRatingOut:
    return answer(mending_desk_of_request(request), rating_id)


@router.post("/low/{uuid:rating_id}/contact", response=LowRatingOut)
@idempotent
def contact(request: HttpRequest, rating_id: UUID, data: NoteIn) -> tuple[int, LowRatingOut]:
    """Note how the rater was called."""
    desk = mending_desk_of_request(request)
    mending.contact_rater(by=desk.by, hall=desk.hall, rating_id=rating_id, said=data.said)
    return 200, answer(desk, rating_id)


@router.post("/low/{uuid:rating_id}/find", response=LowRatingOut)
@idempotent
def find(request: HttpRequest, rating_id: UUID, data: FindingIn) -> tuple[int, LowRatingOut]:
    """Say whether it is right (属实)."""
    desk = mending_desk_of_request(request)
    mending.find_cause(by=desk.by, hall=desk.hall, rating_id=rating_id, finding=data.finding, said=data.said)
    return 200, answer(desk, rating_id)


@router.post("/low/{uuid:rating_id}/mend", response=LowRatingOut)
@idempotent
def mend(request: HttpRequest, rating_id: UUID, data: NoteIn) -> tuple[int, LowRatingOut]:
    """Say what was mended."""
    desk = mending_desk_of_request(request)
    mending.mend_cause(by=desk.by, hall=desk.hall, rating_id=rating_id, said=data.said)
    return 200, answer(desk, rating_id)


@router.post("/low/{uuid:rating_id}/tell", response=LowRatingOut)
@idempotent
def tell(request: HttpRequest, rating_id: UUID, data: NoteIn) -> tuple[int, LowRatingOut]:
    """Tell the rater what came of it."""
    desk = mending_desk_of_request(request)
    mending.tell_rater(by=desk.by, hall=desk.hall, rating_id=rating_id, said=data.said)
    return 200, answer(desk, rating_id)


@router.post("/low/{uuid:rating_id}/close", response=LowRatingOut)
@idempotent
def close(request: HttpRequest, rating_id: UUID, data: NoteIn) -> tuple[int, LowRatingOut]:
    """Close it, with what proves it."""
    desk = mending_desk_of_request(request)
    mending.close_low_rating(by=desk.by, hall=desk.hall, rating_id=rating_id, said=data.said)
    return 200, answer(desk, rating_id)


@router.get("/figures", response=list[RatingSumsOut])
def figures(request: HttpRequest, by: str = "hall", since: str = "", until: str = "") -> list[RatingSumsOut]:
    """Figures ``by`` hall, unit, item or clerk, of months (2026-11) from ``since`` to ``until``; without them, of the
    last twelve."""
    desk = mending_desk_of_request(request)
    first, last = chosen_months({"from": since, "to": until}, timezone.localdate())
    return [_sums(one.name, one.sums) for one in rating_figures(desk, by, first=first, last=last)]


@router.get("/own-figures", response=RatingSumsOut | None)
def show_own_figures(request: HttpRequest, since: str = "", until: str = "") -> RatingSumsOut | None:
    """Figures of oneself; null where so few have rated that one would know who."""
    desk = asking_desk_of_request(request)
    first, last = chosen_months({"from": since, "to": until}, timezone.localdate())
    found = own_figures(desk, first=first, last=last)
    return _sums(desk.by.name, found) if found else None


@router.get("/settings", response=RatingSettingsIn)
def show_settings(request: HttpRequest) -> RatingSettingsIn:
    settings_desk_of_request(request)
    return _settings()


@router.put("/settings", response=RatingSettingsIn)
@idempotent
def change_settings(request: HttpRequest, data: RatingSettingsIn) -> tuple[int, RatingSettingsIn]:
    """Set the limits; what waits keeps its own."""
    desk = settings_desk_of_request(request)
    set_up_ratings(by=desk.by, hall=desk.hall, **data.model_dump())
    return 200, _settings()


def answer(desk: Desk, rating_id: UUID) -> LowRatingOut:
    """Show a low rating as it is now."""
    view = low_view(desk, low_rating_of(desk, rating_id))
    acts = [LowRatingActOut.from_orm(one) for one in view.acts]
    return LowRatingOut(**_facts(view.line), told=view.line.low.told, acts=acts)


def _facts(line: LowRatingLine) -> dict[str, Any]:
    names = ("id", "item_name", "case_id", "grade", "rated_at")
    return {name: getattr(line.rating, name) for name in names} | {
        "unit": line.unit_name,
        "reasons": line.reasons,
        "opinion": line.opinion,
        "state": line.low.state,
        "finding": line.low.finding,
        "was_late": line.low.was_late,
        "due_on": line.clock.due_on if line.clock else None,
        "is_assumed": bool(line.clock and line.clock.is_assumed),
    }


def _sums(name: str, sums: RatingSums) -> RatingSumsOut:
    names = ("average", "good_share", "defaulted", "low", "answered", "answered_share", "in_time")
    return RatingSumsOut(name=name, counts=list(sums.counts), **{one: getattr(sums, one) for one in names})


def _settings() -> RatingSettingsIn:
    now = rating_settings()
    return RatingSettingsIn(**{name: getattr(now, name) for name in RatingSettingsIn.model_fields})
