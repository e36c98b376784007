from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.models import Hall


class RatingFigure(PublicRow):
    """How a hall was rated in one month, counted by the hall in the transaction of each change."""

    direction: ClassVar[Direction] = Direction.UP

    # the constraint below leads with it
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # its first day
    month = models.DateField()
    # ratings that somebody gave, by grade
    very_good = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    fair = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    very_bad = models.PositiveIntegerField(default=0)
    # nobody rated in time (默认好评): in no other figure
    defaulted = models.PositiveIntegerField(default=0)
    # of the two lowest grades: whose rater was told what came of it, and of these, in time
    answered = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hall", "month"], name="one_rating_figure_per_hall_and_month"),)
        indexes = (models.Index(fields=["month"], name="satisfaction_month"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.month}"
