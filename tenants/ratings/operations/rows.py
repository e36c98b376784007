"""What every act on a rating shares: its row is held, it is counted, the audit is told."""

from datetime import date
from typing import Any
from uuid import UUID

from foundation.errors import NotAllowed, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import Reach, Role
from province.satisfaction.operations import change_rating_figure
from tenants.portal.operations.figures import check_inside
from tenants.ratings.models import LowRating, Rating
from tenants.ratings.queries.access import ASK, MANAGE, MEND, NO_RATING, is_rated, may_mend

declare(
    ASK,
    "请群众评价、看自己的评价",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER, Role.APPROVING_LEADER},
)
declare(MEND, "处理差评、看评价情况", reach=Reach.UNIT, roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER})
declare(MANAGE, "设置好差评", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})


def held_rating(hall: Hall, rating_id: UUID) -> Rating:
    """Hold the row until the transaction ends, for no right in particular. Raises NotFound."""
    check_inside(hall)
    found = Rating.objects.select_for_update().filter(pk=rating_id).first()
    if found is None:
        raise NotFound(NO_RATING)
    return found


def lock_low_rating(by: Actor, hall: Hall, rating_id: UUID) -> LowRating:
    """Hold a rating and its answer for somebody of the staff. Raises NotAllowed for who answers none here and for who
    was rated, NotFound for another department's and another hall's and for what is not low."""
    require_work_at(by, MEND, hall_id=hall.pk)
    rating = held_rating(hall, rating_id)
    if is_rated(by, rating):
        raise NotAllowed("评价的是您自己，要由其他人处理。")
    low = LowRating.objects.select_for_update().filter(rating=rating).first()
    if low is None or not may_mend(by, hall, rating):
        raise NotFound(NO_RATING)
    low.rating = rating
    return low


def count(hall: Hall, day: date, **added: int) -> None:
    """Add to the figures of that day's month."""
    change_rating_figure(hall_id=hall.pk, month=day.replace(day=1), added=added)


def record(by: Actor, hall: Hall, rating: Rating, act: str, changes: dict[str, Any] | None = None) -> None:
    """An entry never says what somebody wrote; nor does it repeat the state that follows from the act."""
    record_act(
        by=by,
        act=f"ratings.{act}",
        object_type="rating",
        object_id=rating.pk,
        hall_id=hall.pk,
        changes=changes,
    )
