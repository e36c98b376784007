"""What halls report of their ratings. A hall's operations call it in their transactions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from province.satisfaction.models import RatingFigure
from province.satisfaction.queries.figures import READ

SEE_RATINGS: Final = declare(
    READ,
    "查看各地好差评",
    reach=Reach.SUBTREE,
    roles={Role.PROVINCE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR},
)


@transaction.atomic
def change_rating_figure(*, hall_id: UUID, month: date, added: Mapping[str, int]) -> None:
    """Add to columns of a hall's month; ``added``: column -> how many, negative where something counts no more. Two at
    once are both counted."""
    row, _ = RatingFigure.objects.get_or_create(hall_id=hall_id, month=month)
    RatingFigure.objects.filter(pk=row.pk).update(**{name: F(name) + number for name, number in added.items()})


@transaction.atomic
def replace_rating_figures(*, hall_id: UUID, months: Iterable[tuple[date, Mapping[str, int]]]) -> None:
    """Write all months of a hall anew, as its rows say after they came out of an archive."""
    RatingFigure.objects.filter(hall_id=hall_id).delete()
    RatingFigure.objects.bulk_create(RatingFigure(hall_id=hall_id, month=month, **counts) for month, counts in months)
