"""What was done."""

from typing import ClassVar

from django.db import models

from foundation.digests import DigestField
from foundation.plain_json import PlainJSONField
from foundation.rows import Direction, DrawnAtField, PublicRow, Uuid7Step

ENTRY_FIELDS = (
    *(
        "id",
        "created_at",
        "hall_id",
        "actor_id",
        "actor_name",
        "position_id",
        "acting_for_id",
        "acting_for_name",
    ),
    *("person_id", "act", "object_type", "object_id", "reason", "changes", "request_id"),
)


def actor_words(name: str, acting_for: str = "") -> str:
    """The name of the person who acts, as it is shown everywhere: "李四", or "李四 代 张三" in somebody's place."""
    return f"{name} 代 {acting_for}" if acting_for else name


class AuditEntry(PublicRow):
    """One act by one actor on one object. Rows are only ever added: the database refuses everything else.

    ``digest``: HMAC-SM3 over ``ENTRY_FIELDS`` in canonical form (``entry/1``), under a key that the database does not
    hold, shortened.
    """

    direction: ClassVar[Direction] = Direction.UP

    created_at = DrawnAtField()
    hall_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    # the position somebody chose to act in, and in whose place they acted
    position_id = models.UUIDField(null=True)
    acting_for_id = models.UUIDField(null=True)
    acting_for_name = models.CharField(max_length=80, blank=True)
    # whose personal data was seen or changed
    person_id = models.UUIDField(null=True)
    act = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField()
    reason = models.TextField(blank=True)
    changes = PlainJSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    digest = DigestField(blank=True)

    class Meta:
        indexes = (
            # ids follow the time (UUIDv7): the newest of all need no index but the key's; an object has few
            models.Index(fields=["object_id"], name="audit_of_object"),
            # a hall leaves some in a step; within it they are put in order when they are read
            models.Index("hall_id", Uuid7Step("id"), name="audit_of_hall"),
            # few entries have these; the others cost nothing
            models.Index(fields=["person_id"], condition=models.Q(person_id__isnull=False), name="audit_person"),
            models.Index(
                fields=["acting_for_id"], condition=models.Q(acting_for_id__isnull=False), name="audit_acting_for"
            ),
        )

    def __str__(self) -> str:
        return f"{self.actor_name} {self.act} {self.object_type}"

    @property
    def shown_actor(self) -> str:
        return actor_words(self.actor_name, self.acting_for_name)
