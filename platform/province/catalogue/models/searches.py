from typing import ClassVar
from uuid import uuid4

from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.states import SearchVerdict

LONGEST_ASKED = 30


class SearchTally(models.Model):
    """How often one text was searched for at one hall (None: on the province's own pages) on one day. Nothing in it is
    about who asked, and nothing in it is finer than the day: the key is drawn at random, for one that is ordered by
    time would tell the minute."""

    direction: ClassVar[Direction] = Direction.UP

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hall_id = models.UUIDField(null=True)
    day = models.DateField()
    # masked before it comes here
    words = models.CharField(max_length=LONGEST_ASKED)
    # searches that found nothing, those that found something, and what was opened from their results
    missed = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall_id", "day", "words"], name="one_tally_per_text_and_day", nulls_distinct=False
            ),
        )
        indexes = (models.Index(fields=["day", "words"], name="catalogue_searched_on"),)

    def __str__(self) -> str:
        return f"{self.day} {self.words}"


class SearchDecision(PublicRow):
    """What the province says of a text that was searched for without success. ``note``: what is found by it now."""

    direction: ClassVar[Direction] = Direction.DOWN

    words = models.CharField(max_length=LONGEST_ASKED, unique=True)
    verdict = models.CharField(max_length=8, choices=SearchVerdict)
    decided_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.words} {self.verdict}"


class HallSearchDecision(PublicRow):
    """What a hall says of a text that was searched for there without success. One that it reports is shown to the
    province, however seldom it is asked: somebody has read it, and found nobody in it."""

    direction: ClassVar[Direction] = Direction.UP

    hall_id = models.UUIDField()
    words = models.CharField(max_length=LONGEST_ASKED)
    verdict = models.CharField(max_length=8, choices=SearchVerdict)
    decided_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hall_id", "words"], name="one_verdict_per_hall_and_text"),)
        indexes = (models.Index(fields=["words"], condition=models.Q(verdict="reported"), name="catalogue_reported"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.words} {self.verdict}"
