from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Item
from province.catalogue.states import WordKind

LONGEST_WORD = 30


class WordRule(PublicRow):
    """How people say something: sayings of items, words of one meaning, or words that say nothing. ``named``: what
    sayings mean, names of items or parts of them, the likeliest first."""

    direction: ClassVar[Direction] = Direction.DOWN

    kind = models.CharField(max_length=6, choices=WordKind)
    words = ArrayField(models.CharField(max_length=LONGEST_WORD))
    named = ArrayField(models.CharField(max_length=200), default=list)
    is_removed = models.BooleanField(default=False)
    # counted up by every change, so that of two editors the second is told
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["is_removed", "kind", "id"], name="catalogue_words_kind"),)

    def __str__(self) -> str:
        return "、".join(self.words)[:40]


class WordRuleState(PublicRow):
    """A rule as it was after a change; it never changes and can be restored."""

    direction: ClassVar[Direction] = Direction.DOWN

    rule = models.ForeignKey(WordRule, on_delete=models.CASCADE, related_name="states", db_index=False)
    revision = models.PositiveIntegerField()
    words = ArrayField(models.CharField(max_length=LONGEST_WORD))
    named = ArrayField(models.CharField(max_length=200), default=list)
    is_removed = models.BooleanField(default=False)
    by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rule", "revision"], name="one_state_of_words_per_revision"),)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.revision}"


class WordGeneration(models.Model):
    """One row: drawn anew by every change of the rules, so that every process knows whether it has the newest."""

    direction: ClassVar[Direction] = Direction.DOWN

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.UUIDField()

    def __str__(self) -> str:
        return str(self.mark)


class TriedQuestion(PublicRow):
    """A question of citizens and the item that they mean: what the search must go on finding."""

    direction: ClassVar[Direction] = Direction.DOWN

    question = models.CharField("问题", max_length=60, unique=True)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="tried_questions", db_index=False)
    added_by_name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.question
