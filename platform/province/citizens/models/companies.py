"""Companies and other units (法人), and who acts for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.audit.models import actor_words
from province.citizens.models.citizens import Citizen
from province.citizens.models.mandates import acts_in_words


class Company(PublicRow):
    """A unit with a unified social credit code (统一社会信用代码, GB 32100-2015). Code and name are public."""

    direction: ClassVar[Direction] = Direction.DOWN

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("单位名称", max_length=120)
    representative = models.ForeignKey(
        Citizen, on_delete=models.PROTECT, related_name="companies", verbose_name="法定代表人", null=True
    )

    class Meta:
        verbose_name = "单位"

    def __str__(self) -> str:
        return self.name


class CompanyAgent(PublicRow):
    """Somebody who does certain things for a company (经办人): they ask, its representative confirms."""

    direction: ClassVar[Direction] = Direction.DOWN

    class State(models.TextChoices):
        ASKED = "asked", "待法定代表人确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未同意"
        REVOKED = "revoked", "已撤销"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="agents")
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="agencies")
    # names of items; "*" is everything
    acts = ArrayField(models.CharField(max_length=64))
    from_on = models.DateField("开始日期")
    to_on = models.DateField("结束日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="agency_has_a_day"),
            models.UniqueConstraint(
                fields=["company", "citizen"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="one_agency_per_company_and_citizen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.company_id} {self.citizen_id}"

    @property
    def shown_names(self) -> str:
        return actor_words(str(self.citizen), self.company.name)

    @property
    def shown_acts(self) -> str:
        return acts_in_words(self.acts)
