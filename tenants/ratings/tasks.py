"""What becomes of ratings by what happens to cases, by the clock, and after a restore."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.workdays.events import CLOCK_RAN_OUT, ClockFacts
from tenants.casework.events import CASE_TOLD
from tenants.ratings.events import RATED_LOW, RATING_LAPSES
from tenants.ratings.operations.mending import note_rating_late
from tenants.ratings.operations.notices import tell_menders
from tenants.ratings.operations.opening import default_rating, open_case_rating
from tenants.ratings.operations.restored import report_ratings_again
from tenants.ratings.states import RATING_CLOCK
from tenants.shell.subscribers import in_hall


@subscribes(CASE_TOLD, "ratings.open_case_rating")
@in_hall
def _open(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    open_case_rating(hall=hall, case_id=event.subject_id)


@subscribes(RATING_LAPSES, "ratings.default_rating")
@in_hall
def _default(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    default_rating(hall=hall, rating_id=event.subject_id)


@subscribes(RATED_LOW, "ratings.tell_menders")
@in_hall
def _tell(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_menders(hall=hall, rating_id=event.subject_id, cause_id=event.id)


@subscribes(CLOCK_RAN_OUT, "ratings.note_late")
@in_hall
def _late(event: ReceivedEvent[ClockFacts], hall: Hall) -> None:
    if event.payload.owner_kind == RATING_CLOCK:
        note_rating_late(hall=hall, rating_id=event.payload.owner_id, kind=event.payload.kind, cause_id=event.id)


@subscribes(HALL_RESTORED, "ratings.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_ratings_again(hall=hall)
