from typing import ClassVar

from django.db import models

from foundation.rows import Direction, PublicRow
from province.people.models import Account


class Notice(PublicRow):
    """What one person is told of one cause: where to look, and never what is written there."""

    direction: ClassVar[Direction] = Direction.UP

    # the constraint and the indexes below begin with it
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    # the event, or the row, that brought it: of one cause nobody is told twice
    cause_id = models.UUIDField()
    title = models.CharField(max_length=200)
    # at whose desk the page lies that it leads to; None: at the console
    hall_id = models.UUIDField(null=True)
    path = models.CharField(max_length=300)
    # in whose place, where the account stands in for somebody
    acting_for = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "kind", "cause_id"], name="one_notice_per_person_and_cause"),
        )
        indexes = (
            models.Index(fields=["account", "-id"], name="messaging_of_account"),
            # the bell's only question: read notices cost it nothing
            models.Index(fields=["account", "-id"], condition=models.Q(read_at=None), name="messaging_unread"),
            models.Index(fields=["created_at"], name="messaging_old"),
        )

    def __str__(self) -> str:
        return self.title


class NoticeChoice(PublicRow):
    """That somebody gets notices of one kind, or gets none; without a row, the kind itself says."""

    direction: ClassVar[Direction] = Direction.DOWN

    # the constraint begins with it
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=64)
    is_on = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "kind"], name="one_choice_per_person_and_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.is_on}"
