"""The demo's ratings (好差评): of the cases that have ended, and of visits to the window."""

from typing import Final

from config.demo.people import actor_called
from province.halls.models import Hall
from tenants.casework.models import Case
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.operations.mending import contact_rater
from tenants.ratings.operations.opening import open_case_rating, open_visit_rating
from tenants.ratings.states import RatingChannel

# of visits by turns: grade, reasons, words
_SAID: Final[tuple[tuple[int, tuple[str, ...], str], ...]] = (
    (1, ("wg1", "wg3"), "小姑娘很耐心，一次就办好了。"),
    (1, ("wg2",), ""),
    (2, ("wg4",), ""),
    (3, (), "停车不太方便。"),
    (1, (), ""),
    (4, ("wb1",), "等了一个多小时，叫号也听不清。"),
    (2, ("wg1",), ""),
)


def rate_what_was_done(hall: Hall) -> None:
    """Every second case that has ended is rated, and visits; one low rating was called back. In the hall's schema."""
    for case in Case.objects.filter(ended_at__isnull=False).order_by("pk"):
        open_case_rating(hall=hall, case_id=case.pk)
    for place, rating in enumerate(list(Rating.objects.order_by("pk"))):
        if place % 2:
            _say(hall, rating, 5 if place == 1 else 2, ("wb5",) if place == 1 else ())
    for said in _SAID:
        visit = open_visit_rating(by=actor_called("wu"), hall=hall)
        _say(hall, visit, *said)
    low = Rating.objects.filter(grade=4).order_by("pk").first()
    if low:
        answer = "打过电话，评价人说周一上午只开了一个窗口。"
        contact_rater(by=actor_called("he"), hall=hall, rating_id=low.pk, said=answer)


def _say(hall: Hall, rating: Rating, grade: int, reasons: tuple[str, ...] = (), opinion: str = "") -> None:
    give_rating(
        hall=hall, rating_id=rating.pk, grade=grade, reasons=reasons, opinion=opinion, channel=RatingChannel.LINK
    )
