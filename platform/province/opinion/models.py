from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.models import Hall
from province.opinion.states import QuestionKind, QuestionState


class QuestionReport(PublicRow):
    """How one question to a hall, or complaint, stands, reported by the hall in the transaction of each change. ``id``
    is the question's own."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=QuestionKind, default=QuestionKind.QUESTION)
    # who asked, where they were signed in
    citizen_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=QuestionState)
    received_on = models.DateField()
    # the last day of the answer that is due now, or was due last
    due_on = models.DateField()
    # that limit: counted from the day after, in working days
    limit_from = models.DateField()
    limit_days = models.PositiveSmallIntegerField()
    # of the first answer: when, and how many working days it took
    answered_at = models.DateTimeField(null=True)
    working_days = models.PositiveSmallIntegerField(null=True)
    # some answer came late, or is late now
    was_late = models.BooleanField(default=False)
    # a complaint that waits, and that nobody may read, here or in a hall above
    is_unread = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["citizen_id"], condition=models.Q(citizen_id__isnull=False), name="opinion_citizen"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.state}"
