"""What can be rated: a case once it has ended, a visit that a clerk invites to rate; and what nobody rates in time."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.events.operations import set_due_time
from province.cases.states import OWN_CHANNELS, CaseChannel, CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require_work_at, system_actor
from standards.ratings import RatedPlace
from tenants.casework.models import Case
from tenants.portal.operations.figures import check_inside
from tenants.ratings.events import RATING_LAPSES
from tenants.ratings.models import Rating
from tenants.ratings.operations.rows import count, record
from tenants.ratings.queries.access import ASK
from tenants.ratings.queries.items import visited_item_name
from tenants.ratings.queries.settings import rating_settings
from tenants.ratings.states import RATING_TRANSITIONS, RatingState

VISIT: Final = "窗口咨询、服务"
# what the applicant has taken back nobody has served to its end
_RATED_ENDS: Final = frozenset({CaseState.FINISHED, CaseState.DECLINED, CaseState.TERMINATED, CaseState.TRANSFERRED})
_ONLINE: Final = OWN_CHANNELS | {CaseChannel.SYSTEM}


@transaction.atomic
def open_case_rating(*, hall: Hall, case_id: UUID) -> None:
    """一事一评: a case that has ended can be rated, once however often it is told. One that goes on cannot yet."""
    check_inside(hall)
    case = Case.objects.filter(pk=case_id, state__in=_RATED_ENDS).first()
    if case is None or case.ended_at is None:
        return
    rating, is_new = Rating.objects.get_or_create(
        case_id=case.pk,
        defaults={
            "item_id": case.item_id,
            "item_name": case.item_name,
            "place": RatedPlace.ONLINE if case.channel in _ONLINE else RatedPlace.WINDOW,
            "unit_id": case.unit_id,
            "clerk_id": case.owner_id,
            "clerk_name": case.owner_name,
            "served_at": case.ended_at,
        },
    )
    if is_new:
        set_lapse(hall, rating)
        record(system_actor(), hall, rating, "open")


@transaction.atomic
def open_visit_rating(*, by: Actor, hall: Hall, item_id: UUID | None = None) -> Rating:
    """一次一评: somebody at the window is invited to rate the visit, by a code that the clerk shows. ``item_id``: what
    it was about, None for advice and the like. Raises NotAllowed, NotFound for an item that is not the hall's."""
    belonging = require_work_at(by, ASK, hall_id=hall.pk)
    check_inside(hall)
    rating = Rating.objects.create(
        item_id=item_id,
        item_name=visited_item_name(item_id) if item_id else VISIT,
        place=RatedPlace.WINDOW,
        unit_id=belonging.unit_id,
        clerk_id=by.acting_for_id or by.id,
        clerk_name=by.acting_for or by.name,
        served_at=timezone.now(),
    )
    set_lapse(hall, rating)
    record(by, hall, rating, "open_visit")
    return rating


@transaction.atomic
def default_rating(*, hall: Hall, rating_id: UUID) -> None:
    """默认好评: nobody has rated in time. It is counted by itself, and in no figure of what people have said. Twice
    changes nothing."""
    check_inside(hall)
    rating = Rating.objects.select_for_update().filter(pk=rating_id, state=RatingState.AWAITED).first()
    if rating is None:
        return
    RATING_TRANSITIONS.check(rating.state, RatingState.DEFAULTED)
    rating.state, rating.counted_on = RatingState.DEFAULTED, timezone.localdate()
    rating.save(update_fields=["state", "counted_on"])
    count(hall, rating.counted_on, defaulted=1)
    record(system_actor(), hall, rating, "default")


def set_lapse(hall: Hall, rating: Rating) -> None:
    """At the end of the last day on which a rating is waited for."""
    day = timezone.localdate(rating.served_at) + timedelta(days=rating_settings().default_days + 1)
    due_at = timezone.make_aware(datetime.combine(day, time.min))
    set_due_time(kind=RATING_LAPSES, subject_id=rating.pk, due_at=due_at, hall_id=hall.pk)
