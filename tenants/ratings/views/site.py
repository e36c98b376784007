"""评价: somebody rates what was done for them, with large buttons and without signing in anew; and how the hall is
rated, for everybody."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import NotFound
from province.citizens.access import citizen_of_request
from province.console.queries.months import chosen_months
from province.satisfaction.queries.figures import ratings_of_hall
from standards.ratings import RatingGrade, words_of_reasons
from tenants.casework.models import Case
from tenants.casework.queries.own_cases import own_case
from tenants.ratings.forms import RatingForm
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.queries.links import rating_of_token
from tenants.ratings.queries.settings import rating_settings
from tenants.ratings.queries.shown import rating_of_case, rating_with_id, told_of
from tenants.ratings.states import RatingChannel, RatingState
from tenants.shell.layouts.own import let_see, may_see, own_page
from tenants.shell.layouts.site import hall_of, site_page


@own_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How the hall was rated in the last twelve months: of each grade how often, and what was not rated apart."""
    first, last = chosen_months({}, timezone.localdate())
    sums = ratings_of_hall(hall_of(request).pk, first=first, last=last)
    context = {
        "sums": sums,
        "grades": list(zip(RatingGrade.labels, sums.counts, strict=True)),
        "first": first,
        "last": last,
        "settings": rating_settings(),
    }
    return site_page(request, "ratings/site/overview.html", context, is_own=True)


@own_page
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The code that a clerk has shown: lets who has it rate, in this session."""
    rating = rating_of_token(hall_of(request), token)
    let_see(request, rating.pk)
    return redirect("site-rating", rating.pk)


@own_page
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Rate once; afterwards the page says what was said, and what came of a low rating."""
    rating, channel = _rating_for(request, rating_id)
    if rating is None or channel is None:
        return redirect("site-progress")
    if rating.state == RatingState.GIVEN:
        return _given(request, rating, channel)
    form = RatingForm(request.POST or None, place=rating.place)
    given: dict[str, Any] = {"hall": hall_of(request), "rating_id": rating.pk, "channel": channel}
    if form.carry_out(lambda data: give_rating(**given, **data)):
        let_see(request, _key_of_what_was_said(rating))
        messages.success(request, "谢谢您的评价。")
        return redirect("site-rating", rating.pk)
    if rating_with_id(rating.pk).state == RatingState.GIVEN:
        messages.error(request, "这次服务已经评价过了，一次服务评价一次。")
        return redirect("site-rating", rating.pk)
    context = {"rating": rating, "form": form, "grades": RatingGrade.choices}
    return site_page(request, "ratings/site/rate.html", context, status=422 if form.errors else 200, is_own=True)


def part_of_case(case: Case) -> SafeString | None:
    """The way to rate, on the page of a case that has ended."""
    rating = rating_of_case(case.pk)
    return SafeString(render_to_string("ratings/site/case_part.html", {"rating": rating})) if rating else None


def _given(request: HttpRequest, rating: Rating, channel: RatingChannel) -> HttpResponse:
    """What was said is for who has said it: signed in, or in this session. A clerk has shown the code, and knows the
    end of the phone: neither opens it. Who has looked it up reads the answer alone."""
    is_whole = channel is RatingChannel.SITE or may_see(request, _key_of_what_was_said(rating))
    context = {
        "rating": rating if is_whole else None,
        "reasons": words_of_reasons(rating.reasons) if is_whole else [],
        "told": told_of(rating) if is_whole or channel is RatingChannel.LOOKED_UP else "",
        "settings": rating_settings(),
    }
    return site_page(request, "ratings/site/given.html", context, is_own=True)


def _key_of_what_was_said(rating: Rating) -> UUID:
    """Under which a session remembers that it was the one to rate."""
    return uuid5(rating.pk, "said")


def _rating_for(request: HttpRequest, rating_id: UUID) -> tuple[Rating | None, RatingChannel | None]:
    """The rating and how they came to it: by a code, as the one who applied, or by number and phone. None for a
    stranger; raises NotFound for another citizen's."""
    rating, citizen = rating_with_id(rating_id), citizen_of_request(request)
    if may_see(request, rating.pk):
        return rating, RatingChannel.LINK
    if rating.case_id and may_see(request, rating.case_id):
        return rating, RatingChannel.LOOKED_UP
    if citizen and rating.case_id:
        own_case(citizen, rating.case_id)
        return rating, RatingChannel.SITE
    if citizen:
        raise NotFound("没有这条评价，可能网址有误。")
    return None, None
