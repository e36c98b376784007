"""Who of the staff is told of a low rating: never who has rated, never what was said, and never the one who was
rated."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.queries.holders import nearest_positions
from tenants.ratings.models import Rating
from tenants.ratings.queries.access import MEND
from tenants.ratings.queries.shown import rating_with_id

_LOW: Final = NoticeKind("ratings.low", "差评待我处理", can_be_switched_off=False)
_LATE: Final = NoticeKind("ratings.late", "差评处理超期")
RATING_NOTICES: Final = (_LOW, _LATE)


@transaction.atomic
def tell_menders(*, hall: Hall, rating_id: UUID, cause_id: UUID) -> None:
    """Somebody was not content: tell who answers for that department, or for the whole hall."""
    rating = rating_with_id(rating_id)
    if rating.is_low:
        _tell(hall, rating, _LOW, cause_id, f"“{rating.item_name}”收到差评，请联系评价人")


def tell_late(hall: Hall, rating: Rating, cause_id: UUID) -> None:
    """In the transaction in which it is known to be late."""
    _tell(hall, rating, _LATE, cause_id, f"“{rating.item_name}”的差评处理超期")


def _tell(hall: Hall, rating: Rating, kind: NoticeKind, cause_id: UUID, title: str) -> None:
    without = [rating.clerk_id] if rating.clerk_id else []
    positions = nearest_positions(
        MEND, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=rating.unit_id, without=without
    )
    path = reverse("desk-rating", args=[rating.pk], urlconf=settings.HALL_URLCONFS[hall.kind])
    notify(kind=kind, cause_id=cause_id, title=title, path=path, hall_id=hall.pk, positions=positions, people=())
