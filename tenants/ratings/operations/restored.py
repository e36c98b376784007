"""What the province keeps of a hall's ratings is made to agree with the hall's rows again."""

from django.db import transaction

from province.halls.models import Hall
from province.satisfaction.operations import replace_rating_figures
from province.workdays.models import Clock
from province.workdays.operations.clocks import drop_clocks
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.operations.opening import set_lapse
from tenants.ratings.queries.figures import months_of_hall
from tenants.ratings.states import RATING_CLOCK, RatingState


@transaction.atomic
def report_ratings_again(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: its months are counted anew, what waits lapses as before, and clocks of
    what is not there fall away."""
    awaited = list(Rating.objects.select_for_update().filter(state=RatingState.AWAITED).order_by("pk"))
    replace_rating_figures(hall_id=hall.pk, months=months_of_hall())
    for rating in awaited:
        set_lapse(hall, rating)
    known = set(LowRating.objects.values_list("rating_id", flat=True))
    owned = Clock.objects.filter(hall=hall, owner_kind=RATING_CLOCK, ended_on=None)
    if strays := set(owned.values_list("owner_id", flat=True)) - known:
        drop_clocks(hall=hall, owner_ids=strays)
