"""What somebody often writes as their opinion."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import HallRow

LONGEST_PHRASE = 100
MOST_PHRASES = 30


class OpinionPhrases(HallRow):
    """常用语 of one person in this hall, in their order: theirs alone."""

    account_id = models.UUIDField(unique=True)
    texts = ArrayField(models.CharField(max_length=LONGEST_PHRASE), default=list)

    def __str__(self) -> str:
        return f"{self.account_id} {len(self.texts)}"
