from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import HallRow
from standards.ratings import LOW, RatedPlace, RatingGrade
from tenants.ratings.states import LowRatingState, RatingChannel, RatingFinding, RatingState

LONGEST_OPINION: Final = 500
LONGEST_NOTE: Final = 1_000
DEFAULT_DAYS: Final = 15
CONTACT_DAYS: Final = 1
MENDING_DAYS: Final = 15


class Rating(HallRow):
    """What can be rated once: a case that has ended, or a visit to a window. Nobody's name stands here but the
    clerk's."""

    # None: a visit without a case
    case_id = models.UUIDField(null=True)
    item_id = models.UUIDField(null=True)
    item_name = models.CharField("事项", max_length=200)
    place = models.CharField("地点", max_length=6, choices=RatedPlace)
    unit_id = models.UUIDField(null=True)
    # who served; None where a case had nobody of its own
    clerk_id = models.UUIDField(null=True)
    clerk_name = models.CharField("服务人员", max_length=80, blank=True)
    served_at = models.DateTimeField()
    state = models.CharField("状态", max_length=9, choices=RatingState, default=RatingState.AWAITED)
    grade = models.PositiveSmallIntegerField("评价", choices=RatingGrade, null=True)
    # codes of standards.ratings
    reasons = ArrayField(models.CharField(max_length=4), default=list)
    opinion = models.CharField("意见", max_length=LONGEST_OPINION, blank=True)
    channel = models.CharField("渠道", max_length=9, choices=RatingChannel, blank=True)
    rated_at = models.DateTimeField(null=True)
    # the day in whose month it is counted: of the rating, or of the default
    counted_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case_id"], name="one_rating_per_case"),
            models.CheckConstraint(
                condition=models.Q(state="given") ^ models.Q(grade=None),
                name="only_given_ratings_have_a_grade",
            ),
        )
        indexes = (
            models.Index(fields=["counted_on"], name="ratings_counted"),
            models.Index(
                fields=["clerk_id", "-served_at"], condition=models.Q(state="awaited"), name="ratings_awaited"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_name} {self.state}"

    @property
    def is_low(self) -> bool:
        return self.grade in LOW


class LowRating(HallRow):
    """差评: how a low rating is answered. The rated clerk never sees it, and handles none of their own."""

    rating = models.OneToOneField(Rating, on_delete=models.CASCADE, related_name="low")
    state = models.CharField("状态", max_length=9, choices=LowRatingState, default=LowRatingState.WAITING)
    state_at = models.DateTimeField()
    finding = models.CharField("核实结果", max_length=9, choices=RatingFinding, blank=True)
    # some limit ran out before what it was for was done
    was_late = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    # what the rater reads
    told = models.CharField("反馈", max_length=LONGEST_NOTE, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "-id"], name="ratings_low_state"),)

    def __str__(self) -> str:
        return f"{self.rating_id} {self.state}"


class LowRatingAct(HallRow):
    """One thing that was done about a low rating, in the order of the ids. It never changes."""

    # the index below begins with it
    low = models.ForeignKey(LowRating, on_delete=models.CASCADE, related_name="acts", db_index=False)
    act = models.CharField(max_length=12)
    said = models.CharField(max_length=LONGEST_NOTE)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=["low", "id"], name="ratings_low_act"),)

    def __str__(self) -> str:
        return f"{self.low_id} {self.act}"


class RatingSettings(HallRow):
    """The limits of this hall; its one row bears the hall's own id. 51号 leaves them to the provinces."""

    # days after the service, until 默认好评
    default_days = models.PositiveSmallIntegerField(default=DEFAULT_DAYS)
    # working days after a low rating, until somebody has called, and until it is mended and told
    contact_days = models.PositiveSmallIntegerField(default=CONTACT_DAYS)
    mending_days = models.PositiveSmallIntegerField(default=MENDING_DAYS)

    def __str__(self) -> str:
        return f"{self.default_days} {self.contact_days} {self.mending_days}"
