"""差评核实、整改、反馈: who was rated low is answered by somebody else, in this order and within limits. A repeated act
whose turn is over is refused."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Invalid
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from province.workdays.operations.clocks import end_clocks
from province.workdays.states import ClockKind, ClockState
from tenants.casework.operations.told import tell_by_phone
from tenants.ratings.models import LONGEST_NOTE, LowRating, LowRatingAct
from tenants.ratings.operations.notices import tell_late
from tenants.ratings.operations.rows import count, lock_low_rating, record
from tenants.ratings.states import LOW_RATING_TRANSITIONS, LowRatingState, RatingFinding

_LATE: Final = "期限已过，差评还没有处理完。"


@transaction.atomic
def contact_rater(*, by: Actor, hall: Hall, rating_id: UUID, said: str) -> LowRating:
    """联系: note how the rater was called and what they said, or that nobody could be reached.

    Raises as every act here: NotAllowed, NotFound, Invalid without words, Conflict where it is not its turn.
    """
    low = lock_low_rating(by, hall, rating_id)
    said = _words(said, "请写明怎样联系的、评价人怎么说；联系不上的，写明原因。")
    _end(hall, low, ClockKind.CONTACT)
    return _done(by, hall, low, "contact", LowRatingState.CONTACTED, said)


@transaction.atomic
def find_cause(*, by: Actor, hall: Hall, rating_id: UUID, finding: str, said: str) -> LowRating:
    """核实: what is right is mended next, what is not is explained to the rater."""
    low = lock_low_rating(by, hall, rating_id)
    if finding not in RatingFinding:
        raise Invalid.at("finding", "请选择属实或者不属实。")
    said = _words(said, "请写明核实的情况。")
    low.finding = finding
    state = LowRatingState.MENDING if finding == RatingFinding.FOUNDED else LowRatingState.TO_TELL
    return _done(by, hall, low, "find", state, said)


@transaction.atomic
def mend_cause(*, by: Actor, hall: Hall, rating_id: UUID, said: str) -> LowRating:
    """整改: what was done so that it does not happen again."""
    low = lock_low_rating(by, hall, rating_id)
    said = _words(said, "请写明怎样整改的。")
    return _done(by, hall, low, "mend", LowRatingState.TO_TELL, said)


@transaction.atomic
def tell_rater(*, by: Actor, hall: Hall, rating_id: UUID, said: str) -> LowRating:
    """反馈: the rater reads it where they rated; of a case, its applicant's phone is told that there is something to
    read."""
    low = lock_low_rating(by, hall, rating_id)
    low.told, low.told_at = _words(said, "请写明要告诉评价人的话。"), timezone.now()
    _end(hall, low, ClockKind.MENDING)
    _done(by, hall, low, "tell", LowRatingState.TOLD, low.told)
    counted_on, case_id = low.rating.counted_on, low.rating.case_id
    if counted_on:
        count(hall, counted_on, answered=1, in_time=int(not low.was_late))
    if case_id:
        tell_by_phone(hall=hall, case_id=case_id, cause_id=low.pk)
    return low


@transaction.atomic
def close_low_rating(*, by: Actor, hall: Hall, rating_id: UUID, said: str) -> LowRating:
    """办结: with what proves it: the recording, the number of the paper, the photograph."""
    low = lock_low_rating(by, hall, rating_id)
    said = _words(said, "请写明办结的依据：通话记录、整改材料的编号等。")
    return _done(by, hall, low, "close", LowRatingState.CLOSED, said)


@transaction.atomic
def note_rating_late(*, hall: Hall, rating_id: UUID, kind: str, cause_id: UUID) -> None:
    """A limit has run out. Told twice, or too late, it changes nothing."""
    low = LowRating.objects.select_for_update(of=("self",)).select_related("rating").filter(rating_id=rating_id).first()
    waits = {ClockKind.CONTACT: low is not None and low.state == LowRatingState.WAITING}
    if low is None or low.was_late or low.told_at or not waits.get(ClockKind(kind), True):
        return
    low.was_late = True
    low.save(update_fields=["was_late"])
    by = system_actor()
    LowRatingAct.objects.create(low=low, act="late", said=_LATE, by_name=by.name)
    record(by, hall, low.rating, "late")
    tell_late(hall, low.rating, cause_id)


def _done(by: Actor, hall: Hall, low: LowRating, act: str, state: LowRatingState, said: str) -> LowRating:
    LOW_RATING_TRANSITIONS.check(low.state, state)
    before, low.state, low.state_at = low.state, state, timezone.now()
    low.save()
    LowRatingAct.objects.create(low=low, act=act, said=said, by_id=by.id, by_name=by.shown_name)
    finding = {"finding": [None, low.finding]} if act == "find" else {}
    record(by, hall, low.rating, act, {"state": [before, str(state)]} | finding)
    return low


def _end(hall: Hall, low: LowRating, kind: ClockKind) -> None:
    ended = end_clocks(hall=hall, owner_ids=[low.rating_id], kinds=[kind])
    low.was_late = low.was_late or any(one.state == ClockState.LATE for one in ended)


def _words(text: str, ask: str) -> str:
    return clean_reason(text, ask=ask, field="said", most=LONGEST_NOTE)
