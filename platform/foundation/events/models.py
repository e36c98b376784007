from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from foundation.events.outgoing import Outgoing
from foundation.rows import Direction, PublicRow


class Event(PublicRow):
    """Something that happened, written in the transaction in which it did. It never changes."""

    direction: ClassVar[Direction] = Direction.UP

    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField(null=True)
    hall_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    # the request and the trace in which it did (foundation.origins); empty where the clock made it
    origin = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes = (models.Index(fields=["kind", "subject_id"], name="events_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class EventDelivery(PublicRow):
    """What one subscriber still has to do about an event, or has done; written together with the event."""

    direction: ClassVar[Direction] = Direction.UP

    class State(models.TextChoices):
        WAITING = "waiting", "待处理"
        DONE = "done", "已处理"
        DEAD = "dead", "已放弃"

    # the constraint's index begins with it
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    subscriber = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery_per_subscriber"),)
        indexes = (
            # the relay's only question; finished rows cost it nothing
            models.Index(fields=["available_at", "id"], condition=models.Q(state="waiting"), name="events_waiting"),
            # what doctor and the figures ask for
            models.Index(fields=["-finished_at"], condition=models.Q(state="dead"), name="events_dead"),
        )

    def __str__(self) -> str:
        return f"{self.subscriber} {self.state}"


class DueTime(PublicRow):
    """When something must happen by the clock: one row per kind and subject. Coming due turns it into an event."""

    direction: ClassVar[Direction] = Direction.UP

    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    hall_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "subject_id"], name="one_due_time_per_subject"),)
        indexes = (models.Index(fields=["due_at"], name="events_due_at"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.due_at:%Y-%m-%d %H:%M}"


class OutsideCall(Outgoing):
    """Something outside that a hall's row waits for, so that who sends it need not look into every hall. What is said
    and what was answered stand with that row alone; the row here goes when the hall needs it no more."""

    direction: ClassVar[Direction] = Direction.LOCAL

    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    hall_id = models.UUIDField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "subject_id"], name="one_outside_call_per_subject"),)
        indexes = (
            models.Index(
                fields=["kind", "next_attempt_at"], condition=models.Q(state="waiting"), name="events_call_waiting"
            ),
            models.Index(fields=["hall_id"], name="events_call_of_hall"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.state}"
