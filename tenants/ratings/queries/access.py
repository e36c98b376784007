"""Who asks for ratings, who answers low ones, and which are theirs.

Who was rated sees figures of their own and no rating: with the day and the item they would know who has said it.
"""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField, Value

from foundation.errors import NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require, require_work_at, within_reach
from tenants.ratings.models import LowRating, Rating
from tenants.shell.slots import Desk

ASK: Final = "ratings.ask"
MEND: Final = "ratings.mend"
MANAGE: Final = "ratings.manage"
NO_RATING: Final = "没有这条评价，可能网址有误，或者属于其他部门、其他服务厅。"


def require_asker(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who asks nobody for a rating here."""
    require_work_at(by, ASK, hall_id=hall.pk)


def require_mender(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who answers no low rating here."""
    require_work_at(by, MEND, hall_id=hall.pk)


def require_manager(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who sets no limits here."""
    require(by, MANAGE, hall_id=hall.pk)


def is_rated(by: Actor, rating: Rating) -> bool:
    """Whether it is the actor, or whom they stand in for, who was rated."""
    return rating.clerk_id is not None and rating.clerk_id in {by.id, by.acting_for_id}


def may_mend(by: Actor, hall: Hall, rating: Rating) -> bool:
    """Whether a position carries the right over the department, and it is not the actor's own."""
    return may(by, MEND, hall_id=hall.pk, unit_id=rating.unit_id) and not is_rated(by, rating)


def ratings_of(desk: Desk) -> QuerySet[Rating]:
    """Of the departments over which the person answers low ratings, theirs among them: for figures alone."""
    return Rating.objects.alias(at_hall=_here(desk)).filter(within_reach(desk.by, MEND, hall="at_hall", unit="unit_id"))


def low_ratings_of(desk: Desk) -> QuerySet[LowRating]:
    """The low ratings that the person may answer, by the rule of ``may_mend``."""
    own = Q(rating__clerk_id__in=[one for one in (desk.by.id, desk.by.acting_for_id) if one])
    rows = LowRating.objects.alias(at_hall=_here(desk)).select_related("rating").exclude(own)
    return rows.filter(within_reach(desk.by, MEND, hall="at_hall", unit="rating__unit_id"))


def low_rating_of(desk: Desk, rating_id: UUID) -> LowRating:
    """Raises NotFound, also for another department's, another hall's and one's own."""
    found = low_ratings_of(desk).filter(rating_id=rating_id).first()
    if found is None:
        raise NotFound(NO_RATING)
    return found


def asked_by(desk: Desk) -> QuerySet[Rating]:
    """What the person has served and nobody has rated yet."""
    me = [one for one in (desk.by.id, desk.by.acting_for_id) if one]
    return Rating.objects.filter(clerk_id__in=me, state="awaited").order_by("-served_at")


def asked_rating(desk: Desk, rating_id: UUID) -> Rating:
    """Raises NotFound, also where somebody has rated."""
    found = asked_by(desk).filter(pk=rating_id).first()
    if found is None:
        raise NotFound("没有这次服务的评价码：可能已经评价过，或者不是您服务的。")
    return found


def _here(desk: Desk) -> Value:
    return Value(desk.hall.pk, output_field=UUIDField())
