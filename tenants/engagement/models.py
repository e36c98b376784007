from datetime import date, timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.rows import HallRow
from province.opinion.states import QuestionKind, QuestionState
from standards.workdays import ASSUMED_BRIEFLY
from tenants.engagement.states import PublishedState, QuestionChannel

# to be said on the telephone
NUMBER_DIGITS: Final = 8
LONGEST_QUESTION: Final = 500
LONGEST_REPLY: Final = 2_000
ANSWER_DAYS: Final = 5
# what a complaint says is looked into first
COMPLAINT_DAYS: Final = 10
MOST_FURTHER: Final = 3
# after its last answer, a question about which nothing further is asked ends by itself
ENDS_AFTER: Final = timedelta(days=15)


class Question(HallRow):
    """What somebody asked the hall (咨询), or complains of (投诉). What was said stands in its messages. Who asked is a
    citizen or a GuestContact, both in the public schema: only there are columns encrypted."""

    kind = models.CharField(max_length=9, choices=QuestionKind, default=QuestionKind.QUESTION)
    # the case that a complaint is about: of this hall
    case_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=6, choices=QuestionChannel, default=QuestionChannel.SITE)
    # of a complaint that came from a hall below: by which referral, and who may not read it (account ids: they have had
    # a hand in the case there)
    referral_id = models.UUIDField(null=True)
    kept_from = ArrayField(models.UUIDField(), default=list)
    # of NUMBER_DIGITS digits
    number = models.PositiveIntegerField()
    # of the form that was filled in: sent twice, it makes one question
    form_id = models.UUIDField(null=True)
    citizen_id = models.UUIDField(null=True)
    guest_contact_id = models.UUIDField(null=True)
    # what they were reading, where it is about an item
    item_id = models.UUIDField(null=True)
    item_version_id = models.UUIDField(null=True)
    # whose department answers; None: the hall's window
    unit_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=QuestionState, default=QuestionState.WAITING)
    state_at = models.DateTimeField()
    received_on = models.DateField()
    # the last day of the answer that is due now, or was due last
    due_on = models.DateField()
    # that limit: counted from the day after, in so many working days
    limit_from = models.DateField()
    limit_days = models.PositiveSmallIntegerField()
    # the holidays on the way there were not published when it was counted
    is_due_assumed = models.BooleanField(default=False)
    # of the first answer
    answered_at = models.DateTimeField(null=True)
    working_days = models.PositiveSmallIntegerField(null=True)
    was_late = models.BooleanField(default=False)
    # the asker lets the hall publish question and answer, without names and numbers
    consents = models.BooleanField(default=False)
    # is told by short message that there is something to read, and never what
    wants_messages = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="one_question_per_number"),
            models.UniqueConstraint(fields=["form_id"], name="one_question_per_form"),
            models.CheckConstraint(
                condition=models.Q(kind=QuestionKind.QUESTION, case_id=None, referral_id=None)
                | models.Q(
                    models.Q(case_id__isnull=False) | models.Q(referral_id__isnull=False),
                    kind=QuestionKind.COMPLAINT,
                    unit_id=None,
                ),
                name="complaint_has_a_case_and_no_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(citizen_id=None) ^ models.Q(guest_contact_id=None), name="question_has_one_asker"
            ),
        )
        indexes = (
            models.Index(fields=["citizen_id"], name="engagement_citizen"),
            models.Index(
                fields=["case_id"], condition=models.Q(case_id__isnull=False), name="engagement_complained_case"
            ),
            models.Index(fields=["due_on"], condition=models.Q(state="waiting"), name="engagement_waiting"),
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def is_complaint(self) -> bool:
        return self.kind == QuestionKind.COMPLAINT

    @property
    def assumed_words(self) -> str:
        """That ``due_on`` is a day that nobody has published yet, as a cell says it; "" where it is known."""
        return ASSUMED_BRIEFLY if self.is_due_assumed else ""

    @property
    def assumed_remark(self) -> str:
        """The words of ``assumed_words``, to stand behind the day in a sentence."""
        return f"（{ASSUMED_BRIEFLY}）" if self.is_due_assumed else ""

    @property
    def is_overdue(self) -> bool:
        """Whether it waits past its last day."""
        return self.state == QuestionState.WAITING and self.due_on < timezone.localdate()

    @property
    def ends_on(self) -> date:
        """Of an answered one: the last day on which something further can be asked."""
        return timezone.localdate(self.state_at + ENDS_AFTER)


class LimitMove(HallRow):
    """What the last day of a question's answer was before a calendar was published, and what it is since. It never
    changes. ``why``: whose arrangement it is, in words."""

    # the index below begins with it
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="limit_moves", db_index=False)
    calendar_id = models.UUIDField()
    before = models.DateField()
    after = models.DateField()
    why = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=["question", "id"], name="engagement_limit_move"),)

    def __str__(self) -> str:
        return f"{self.question_id} {self.before} {self.after}"


class QuestionMessage(HallRow):
    """One thing that was said about a question, or done with it, in the order of the ids. It never changes."""

    class Kind(models.TextChoices):
        QUESTION = "question", "咨询"
        REPLY = "reply", "答复"
        FURTHER = "further", "追问"
        TRANSFER = "transfer", "转办"
        REFUSAL = "refusal", "告知去处"
        CLOSING = "closing", "办结"

    # the index below begins with it
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=LONGEST_REPLY, blank=True)
    # of the staff; the asker has neither id nor name here
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=80, blank=True)
    # whose department spoke; of a transfer, the one to which it went. "": the hall's window
    unit_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=["question", "id"], name="engagement_message"),)

    def __str__(self) -> str:
        return f"{self.question_id} {self.kind}"


class ReplyDraft(HallRow):
    """What one person has written of a reply and not sent yet."""

    # the constraint below is its index
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    account_id = models.UUIDField()
    text = models.CharField(max_length=LONGEST_REPLY, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["question", "account_id"], name="one_reply_draft_per_question_and_person"),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.account_id}"


class PublishedAnswer(HallRow):
    """A question with its answer as readers of the site find it (公开答复): masked, and gone over by who published
    it."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="published")
    item_id = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=PublishedState, default=PublishedState.SHOWN)
    asked = models.CharField(max_length=LONGEST_QUESTION)
    answered = models.CharField(max_length=LONGEST_REPLY)
    unit_name = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=80)
    withdrawn_reason = models.CharField(max_length=LONGEST_SHORT_REASON, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["item_id", "-published_at"], condition=models.Q(state="shown"), name="engagement_shown_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.state}"


class AnsweringUnit(HallRow):
    """Which department of the hall answers for items of a department of the catalogue; None: the hall's window."""

    department_id = models.UUIDField()
    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["department_id"], name="one_answering_unit_per_department"),)

    def __str__(self) -> str:
        return f"{self.department_id} {self.unit_id}"


class EngagementSettings(HallRow):
    """How this hall answers; its one row bears the hall's own id."""

    # working days
    answer_days = models.PositiveSmallIntegerField(default=ANSWER_DAYS)
    complaint_days = models.PositiveSmallIntegerField(default=COMPLAINT_DAYS)

    def __str__(self) -> str:
        return str(self.answer_days)
