from typing import ClassVar

from django.db import models

from foundation.events.outgoing import Outgoing
from foundation.rows import Direction


class PhoneNotice(Outgoing):
    """A short message that tells somebody that there is something to read, and never what. Whose phone it goes to is
    known by the citizen, the guest's contact or the row of another app alone: the number is read when it is sent, and
    stands in no other row."""

    direction: ClassVar[Direction] = Direction.UP

    class Kind(models.TextChoices):
        ANSWERED = "question_answered", "咨询已答复"
        REFUSED = "question_refused", "咨询告知去处"
        CLOSED = "question_closed", "咨询已办结"
        CASE = "case_told", "办件有新的通知"
        COMPLAINT = "complaint_told", "投诉有新的答复"
        COMPLAINT_TAKEN = "complaint_taken", "投诉已登记"

    kind = models.CharField(max_length=20, choices=Kind)
    hall_id = models.UUIDField()
    # what it is about, and what was said there: of one cause nobody is told twice
    subject_id = models.UUIDField()
    cause_id = models.UUIDField(unique=True)
    citizen_id = models.UUIDField(null=True)
    guest_contact_id = models.UUIDField(null=True)
    # of a row of an app above, which knows the phone (NOTICE_PHONES)
    contact_id = models.UUIDField(null=True)
    # keyed, only to count by
    phone_hash = models.CharField(max_length=64)
    # from when it is news
    since = models.DateTimeField()
    # of the template: hall, number, address
    parameters = models.JSONField()

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="citizens_notice_waiting"
            ),
            models.Index(fields=["subject_id"], name="citizens_notice_subject"),
            models.Index(fields=["phone_hash", "finished_at"], name="citizens_notice_phone"),
            models.Index(fields=["hall_id", "finished_at"], name="citizens_notice_hall"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
