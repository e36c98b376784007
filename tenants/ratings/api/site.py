"""What citizens rate, for the program of the citizen: by the session of the hall's host, never by a token."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from foundation.errors import NotFound
from province.citizens.access import citizen_as_caller
from standards.ratings import REASONS, words_of_reasons
from tenants.casework.queries.own_cases import own_case
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.queries.access import NO_RATING
from tenants.ratings.queries.shown import rating_of_case, told_of
from tenants.ratings.schemas import RatingIn, RatingOut, RatingReasonOut
from tenants.ratings.states import RatingChannel
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of

router = Router(tags=["own ratings"], auth=citizen_as_caller)


@router.get("/{uuid:case_id}", response=RatingOut)
def show_own_rating(request: HttpRequest, case_id: UUID) -> RatingOut:
    """Show what one's own case can be rated by, or how it was. 404 while the case goes on."""
    return _shown(_own_rating(request, case_id))


@router.post("/{uuid:case_id}", response=RatingOut)
@idempotent
def rate_own_case(request: HttpRequest, case_id: UUID, data: RatingIn) -> tuple[int, RatingOut]:
    """Rate one's own case, once. 409 where it was rated otherwise."""
    rating = _own_rating(request, case_id)
    hall = hall_of(request)
    give_rating(hall=hall, rating_id=rating.pk, channel=RatingChannel.SITE, **data.model_dump())
    return 200, _shown(_own_rating(request, case_id))


def _own_rating(request: HttpRequest, case_id: UUID) -> Rating:
    found = rating_of_case(own_case(citizen_of_caller(request), case_id).pk)
    if found is None:
        raise NotFound(NO_RATING)
    return found


def _shown(rating: Rating) -> RatingOut:
    names = ("id", "item_name", "served_at", "state", "grade", "opinion")
    offered = [
        RatingReasonOut(code=one.code, words=one.words, is_low=one.is_low)
        for one in REASONS
        if one.place == rating.place
    ]
    return RatingOut(
        **{name: getattr(rating, name) for name in names},
        reasons=words_of_reasons(rating.reasons),
        told=told_of(rating),
        offered=offered,
    )
