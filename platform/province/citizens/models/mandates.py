"""Who of the staff acts for somebody who does not do it alone (帮办代办)."""

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.audit.models import actor_words
from province.citizens.models.citizens import Citizen
from province.people.models.accounts import Account

# of a mandate's or an agency's acts
EVERYTHING: Final = "*"
EVERYTHING_LABEL: Final = "全部事项"


def acts_in_words(acts: Collection[str]) -> str:
    return EVERYTHING_LABEL if EVERYTHING in acts else "、".join(acts)


class Mandate(PublicRow):
    """A citizen lets one member of staff act for them: in one hall, for some acts or all, until a day."""

    direction: ClassVar[Direction] = Direction.UP

    class Kind(models.TextChoices):
        """How long it lasts follows from it (LASTS)."""

        DESK = "desk", "书面委托"
        CODE = "code", "短信确认"
        STANDING = "standing", "长期委托"

    class State(models.TextChoices):
        WAITING = "waiting", "待本人确认"
        VALID = "valid", "有效"
        REVOKED = "revoked", "已撤销"

    LASTS: ClassVar[dict[str, timedelta]] = {
        Kind.DESK: timedelta(days=30),
        Kind.CODE: timedelta(days=1),
        Kind.STANDING: timedelta(days=365),
    }

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="mandates")
    clerk = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    hall_id = models.UUIDField()
    kind = models.CharField("方式", max_length=8, choices=Kind)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WAITING)
    # codes of acts or items; "*" is everything
    acts = ArrayField(models.CharField(max_length=64))
    ends_at = models.DateTimeField("有效期至")
    # the signed paper in the hall's folder of the store
    file_key = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["citizen", "clerk", "hall_id"],
                condition=models.Q(state__in=["waiting", "valid"]),
                name="one_mandate_per_clerk_and_hall",
            ),
        )
        indexes = (models.Index(fields=["clerk", "ends_at"], name="citizens_mandate_clerk"),)

    def __str__(self) -> str:
        return f"{self.clerk_id} {self.citizen_id}"

    @property
    def shown_names(self) -> str:
        return actor_words(self.clerk.name, str(self.citizen))

    @property
    def shown_acts(self) -> str:
        return acts_in_words(self.acts)
