from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F

from foundation.editing.models import SubmittedVersion
from foundation.frozen import FrozenFields
from foundation.rows import Direction, PublicRow
from province.catalogue.models.items import Department, Item
from province.catalogue.models.periods import never_overlap
from province.catalogue.states import VersionState
from standards.items.codes import family_under, type_under


class ItemVersion(SubmittedVersion, PublicRow):
    """An item as it was submitted. Its content never changes; its review state moves, and publication gives it a time
    in which it holds: from ``valid_from`` until the next version's."""

    direction: ClassVar[Direction] = Direction.DOWN

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    # as citizens count them, from 1 on: given at publication, so that attempts which came back leave no gap
    public_number = models.PositiveIntegerField(null=True)
    # the province's part, as the definition has it
    values = models.JSONField()
    # the shared materials that it names
    material_ids = ArrayField(models.UUIDField(), default=list)
    # shown until a later version takes its place: nobody has checked this one yet
    sample_note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=VersionState, default=VersionState.SUBMITTED)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    # the day on which halls that have not accepted it show it all the same: none shows an older one any more
    required_from = models.DateTimeField(null=True)
    # the offices that decide on it, as they were when it was submitted
    office_ids = ArrayField(models.UUIDField(), default=list)
    # what the department answers to the reasons for which the one before came back, by the review's id
    answers = models.JSONField(default=dict)
    published_by_name = models.CharField(max_length=40, blank=True)
    # the day from which on nobody handles it any more (计划取消日期), as its elements say
    ends_on = models.DateField(null=True)
    # what people who look for it go by: its words, the sound of its name, the groups that it belongs to
    search_words = models.TextField(blank=True)
    sounds = models.TextField(blank=True)
    facets = ArrayField(models.CharField(max_length=40), default=list)
    # whether the province's part lacks nothing; without that no citizen reads it as a guide
    is_complete = models.BooleanField()
    # what it says against itself: codes of standards.items.contradictions
    contradictions = ArrayField(models.CharField(max_length=32), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="one_item_version_per_number"),
            models.UniqueConstraint(fields=["item", "public_number"], name="one_item_version_per_public_number"),
            FrozenFields(
                fields=[
                    *("item", "number", "name", "department", "values", "material_ids", "sample_note"),
                    *("office_ids", "answers", "author_ids", "submitted_by_id", "submitted_by_name", "ends_on"),
                    # not search_words: they follow from the definition, which may be another one on the same day
                    *("sounds", "facets"),
                ],
                name="item_version_never_changes",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="published")
                    & models.Q(
                        public_number__isnull=False, valid_from__isnull=False, required_from__gte=F("valid_from")
                    )
                )
                | (
                    ~models.Q(state="published")
                    & models.Q(public_number=None, valid_from=None, valid_to=None, required_from=None)
                ),
                name="published_item_version_has_its_time",
            ),
            never_overlap(
                "one_published_version_of_an_item_at_a_time",
                "valid_from",
                "valid_to",
                condition=models.Q(state="published"),
            ),
        )
        indexes = (
            models.Index(fields=["state", "created_at"], name="catalogue_version_state"),
            GinIndex(SearchVector("search_words", config="simple"), name="catalogue_version_words"),
            GinIndex(fields=["material_ids"], name="catalogue_version_materials"),
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def item_type(self) -> str:
        """The item's, or the one that it will have with this version, whose code is of another type."""
        return type_under(self.item.item_type, self.item.basic_code, self.values.get("basic_code", ""))

    @property
    def family(self) -> str:
        return family_under(self.item.family, self.item_type)

    @property
    def called(self) -> str:
        """As sentences name it: by the number that citizens see, or as an attempt that nobody has published."""
        return f"第 {self.public_number} 版" if self.public_number else f"第 {self.number} 次报送"
