"""Somebody rates. Who it is, the caller has made sure of and says to nobody."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid
from foundation.events.operations import clear_due_time, emit_event
from province.cases.operations.feed import mark_changed
from province.halls.models import Hall
from province.rights.queries import system_actor
from province.satisfaction.queries.figures import COLUMNS
from province.workdays.operations.clocks import ClockWish, start_clocks
from province.workdays.states import ClockKind
from standards.ratings import RatingGrade, reasons_for
from standards.workdays import Limit
from tenants.casework.models import Case
from tenants.ratings.events import RATED_LOW, RATING_LAPSES
from tenants.ratings.models import LONGEST_OPINION, LowRating, Rating
from tenants.ratings.operations.rows import count, held_rating, record
from tenants.ratings.queries.settings import rating_settings
from tenants.ratings.states import RATING_CLOCK, RATING_TRANSITIONS, RatingChannel, RatingState


@transaction.atomic
def give_rating(
    *,
    hall: Hall,
    rating_id: UUID,
    grade: int,
    reasons: Collection[str] = (),
    opinion: str = "",
    channel: RatingChannel,
) -> Rating:
    """Rate once; the same once more changes nothing. A real rating takes the place of a default, in the figures too. A
    low one begins its answer, with its limits (国办发〔2019〕51号: 差评核实、整改、反馈).

    Raises NotFound, Invalid for no grade, for reasons of another grade and for a low grade that says neither reason nor
    opinion, Conflict where it was rated otherwise.
    """
    rating = held_rating(hall, rating_id)
    if grade not in RatingGrade:
        raise Invalid.at("grade", "请选择满意还是不满意。")
    known = [one.code for one in reasons_for(rating.place, grade)]
    if set(reasons) - set(known):
        raise Invalid.at("reasons", "所选的原因与评价的等级不符，请重新选择。")
    chosen = [code for code in known if code in set(reasons)]
    said = clean_reason(opinion, field="opinion", most=LONGEST_OPINION)
    if RatingGrade(grade).is_low and not chosen and not said:
        raise Invalid.at("reasons", "请选择哪里不满意，或者写几句话，我们才好改正。")
    if rating.state == RatingState.GIVEN:
        if (rating.grade, rating.reasons, rating.opinion) == (grade, chosen, said):
            return rating
        raise Conflict("这次服务已经评价过了，一次服务评价一次。")
    if rating.state == RatingState.DEFAULTED and rating.counted_on:
        count(hall, rating.counted_on, defaulted=-1)
    RATING_TRANSITIONS.check(rating.state, RatingState.GIVEN)
    rating.state, rating.grade, rating.reasons, rating.opinion = RatingState.GIVEN, grade, chosen, said
    rating.channel, rating.rated_at, rating.counted_on = channel, timezone.now(), timezone.localdate()
    rating.save()
    clear_due_time(kind=RATING_LAPSES, subject_id=rating.pk)
    if rating.case_id:
        # its record says so from now on
        mark_changed(cases=_cases_of, of=rating.case_id)
    count(hall, rating.counted_on, **{COLUMNS[grade - 1]: 1})
    if rating.is_low:
        _begin_answer(hall, rating)
    record(system_actor("群众"), hall, rating, "give", {"grade": [None, str(grade)]})
    return rating


def _cases_of(case_id: UUID) -> QuerySet[Any, UUID]:
    return Case.objects.filter(pk=case_id).values_list("pk", flat=True)


def _begin_answer(hall: Hall, rating: Rating) -> None:
    LowRating.objects.create(rating=rating, state_at=timezone.now())
    settings, today = rating_settings(), timezone.localdate()
    limits = {ClockKind.CONTACT: settings.contact_days, ClockKind.MENDING: settings.mending_days}
    wishes = [
        ClockWish(owner_kind=RATING_CLOCK, owner_id=rating.pk, kind=kind, limit=Limit(days, "wd"), began_on=today)
        for kind, days in limits.items()
    ]
    start_clocks(hall=hall, wishes=wishes)
    emit_event(kind=RATED_LOW, subject_id=rating.pk, hall_id=hall.pk)
