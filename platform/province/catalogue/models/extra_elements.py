from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.catalogue.states import ExtraKind
from standards.items import Filler, Section
from standards.items.codelists import ItemType


class ExtraElement(PublicRow):
    """An element that the province has added to the definition (扩展要素), as it holds from a day until another: a
    change is another row of the same name. Older versions of items are read by the rows of their time, so that none is
    ever deleted."""

    direction: ClassVar[Direction] = Direction.DOWN

    # as it stands in values, files and programs; never changes, and neither do kind and filler
    name = models.CharField("标识", max_length=32)
    revision = models.PositiveIntegerField()
    label = models.CharField("名称", max_length=40)
    kind = models.CharField("类型", max_length=7, choices=ExtraKind)
    unit = models.CharField("单位", max_length=10, blank=True)
    # code and label of each; a label keeps its code through all changes
    options = models.JSONField(default=list)
    filler = models.CharField("由谁填写", max_length=8, choices=Filler)
    item_types = ArrayField(models.CharField(max_length=2, choices=ItemType))
    section = models.CharField("放在哪一部分", max_length=12, choices=Section)
    is_hidden = models.BooleanField("不向群众显示", default=False)
    help = models.CharField("填写说明", max_length=200, blank=True)
    # NULL: nobody has to fill it in
    needed_from = models.DateField(null=True)
    # it is needed only where another element has this value, said to people in these words; "": always
    when_element = models.CharField(max_length=40, blank=True)
    when_value = models.JSONField(null=True)
    when_words = models.CharField(max_length=100, blank=True)
    starts_on = models.DateField()
    # the first day on which it is not filled in any more
    ends_on = models.DateField(null=True)
    by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name", "revision"], name="one_extra_element_per_revision"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(ends_on=None), name="one_open_revision_of_an_extra_element"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="extra_element_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def stamp(self) -> str:
        """What tells its state from every other one that it had or will have: who changes it names what they saw."""
        return f"{self.revision}-{self.ends_on:%Y%m%d}" if self.ends_on else f"{self.revision}"


class ElementGeneration(models.Model):
    """One row: its mark is another after every change of the added elements, and tells a process to read them anew."""

    direction: ClassVar[Direction] = Direction.DOWN

    id = models.PositiveSmallIntegerField(primary_key=True)
    mark = models.UUIDField()

    def __str__(self) -> str:
        return str(self.mark)
