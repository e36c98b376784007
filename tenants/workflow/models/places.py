"""地点清单: places that the hall keeps, out of which its forms let people choose."""

from django.db import models

from foundation.rows import HallRow
from standards.forms.fields.places import DATUM_LABELS, LONGEST_ADDRESS, LONGEST_KIND

LONGEST_PLACE_NAME = 100
LONGEST_KEEPER = 100


class HallPlace(HallRow):
    """A place of the hall's list. None is deleted: what is no longer used is offered to nobody, and comes back by its
    name."""

    name = models.CharField("名称", max_length=LONGEST_PLACE_NAME)
    address = models.CharField("地址", max_length=LONGEST_ADDRESS, blank=True)
    # what it is good for, in the hall's own words: fields may offer some kinds alone
    kind = models.CharField("类别", max_length=LONGEST_KIND, blank=True)
    # in degrees of ``datum``, both or neither
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True)
    datum = models.CharField("坐标系", max_length=8, choices=list(DATUM_LABELS.items()), default="cgcs2000")
    # who looks after it, often nobody of the hall: a bank's branch, a post office
    keeper = models.CharField("管理单位", max_length=LONGEST_KEEPER, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    is_in_use = models.BooleanField("在用", default=True)
    # counts changes: who saves over a newer state is refused
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name"], name="one_place_per_name"),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                | models.Q(longitude__isnull=False, latitude__isnull=False),
                name="place_has_both_degrees_or_none",
            ),
        )

    def __str__(self) -> str:
        return self.name
