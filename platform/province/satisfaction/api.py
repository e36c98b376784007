"""The HTTP interface of how halls are rated."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from province.console.queries.months import chosen_months
from province.rights.actors import Actor
from province.rights.queries import require_anywhere
from province.satisfaction.queries.figures import COUNTY, READ, place_ratings

router = Router(tags=["ratings"])


class PlaceRatingsOut(Schema):
    """``code``: of a county six digits, of a hall twelve. ``counts``: real ratings, the best grade first;
    ``defaulted`` is in none of them. ``average``: 5 the best; shares in percent."""

    code: str
    name: str
    counts: list[int]
    average: float | None
    good_share: float | None
    defaulted: int
    low: int
    answered: int
    answered_share: float | None
    in_time: int


_NAMES = ("counts", "average", "good_share", "defaulted", "low", "answered", "answered_share", "in_time")


@router.get("/figures", response=list[PlaceRatingsOut])
def list_figures(request: HttpRequest, county: str = "", since: str = "", until: str = "") -> list[PlaceRatingsOut]:
    """List how every county was rated; with the first six digits of a ``county``'s code, each of its halls. Of months
    (2026-11) from ``since`` to ``until``; without them, of the last twelve."""
    by = cast("Actor", request.auth)  # type: ignore[attr-defined]
    require_anywhere(by, READ)
    first, last = chosen_months({"from": since, "to": until}, timezone.localdate())
    prefix = county[:COUNTY] if len(county) >= COUNTY else ""
    return [
        PlaceRatingsOut(code=one.code, name=one.name, **{name: getattr(one.sums, name) for name in _NAMES})
        for one in place_ratings(by, first=first, last=last, prefix=prefix)
    ]
