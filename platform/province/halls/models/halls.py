from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.files.keys import HALLS
from foundation.rows import Direction, PublicRow
from foundation.sounds import SoundsField
from province.halls.models.divisions import Division
from province.halls.states import HallState


class HallKind(models.TextChoices):
    CITY = "city", "市政务服务中心"
    COUNTY = "county", "县政务服务中心"
    TOWNSHIP = "township", "乡镇便民服务中心"
    VILLAGE = "village", "村便民服务室"


class Hall(TenantMixin, PublicRow):  # type: ignore[misc]  # django-tenants is untyped
    """A service hall: a tenant with a schema of its own.

    ``schema_name`` is permanent and says nothing (``hall_000123``): division codes change every year.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    # provisioning alone makes and drops schemas
    auto_create_schema = False
    auto_drop_schema = False

    number = models.PositiveIntegerField("编号", unique=True)
    name = models.CharField("名称", max_length=80)
    sounds = SoundsField(of="name")
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField("类型", max_length=8, choices=HallKind)
    division = models.OneToOneField(Division, on_delete=models.PROTECT, related_name="hall")
    # the prefixes of its present code and of every code it bore before, longest last: pushes find it by these
    prefixes = ArrayField(models.CharField(max_length=12))
    slug = models.SlugField("域名前缀", max_length=63, unique=True)
    state = models.CharField("状态", max_length=9, choices=HallState, default=HallState.PLANNED)
    resumes_as = models.CharField(max_length=9, choices=HallState, blank=True)
    # empty where the release before suspended it
    suspended_at = models.DateTimeField("暂停时间", null=True, blank=True)
    suspended_until = models.DateTimeField("预计恢复时间", null=True, blank=True)
    state_reason = models.CharField("原因", max_length=LONGEST_SHORT_REASON, blank=True)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    emblem_key = models.CharField("徽标", max_length=200, blank=True)
    accent_colour = models.CharField(
        "主题色", max_length=7, default="#1257a8", validators=[RegexValidator(r"^#[0-9a-f]{6}\Z")]
    )
    slogan = models.CharField("标语", max_length=40, blank=True)
    organiser = models.CharField("主办单位", max_length=80, blank=True)
    site_code = models.CharField("网站标识码", max_length=10, blank=True)
    icp_number = models.CharField("ICP备案号", max_length=40, blank=True)
    police_number = models.CharField("公安备案号", max_length=40, blank=True)

    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    # [{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}, …]; Monday is 1
    opening_hours = models.JSONField("开放时间", default=list, blank=True)
    # [{"from": "2026-12-01", "to": "2026-12-02", "reason": "…", "part": "off"}, …]: its own days, as every page
    # reads them (workdays.HallDays)
    closed_days = models.JSONField("不开放的日子", default=list, blank=True)

    class Meta:
        verbose_name = "服务厅"
        indexes = (
            GinIndex(fields=["prefixes"], name="halls_hall_prefixes"),
            models.Index(fields=["state", "kind"], name="halls_hall_state"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """Where its files lie in the object store; a key of its own opens this folder alone."""
        return f"{HALLS}/{self.id}"

    def get_tenant_type(self) -> str:
        """django-tenants asks this where migrations run."""
        return str(self.kind)

    @property
    def takes_new(self) -> bool:
        """Whether people apply, ask and begin things here: while it is suspended they only go on with what there is."""
        return self.state != HallState.SUSPENDED

    def serializable_fields(self) -> dict[str, Any]:
        return {"id": str(self.id), "schema_name": self.schema_name}


class HallDomain(DomainMixin, PublicRow):  # type: ignore[misc]  # django-tenants is untyped
    """A host name at which a hall answers; always lower case."""

    direction: ClassVar[Direction] = Direction.DOWN

    # when it was last fetched over HTTP, and what was seen in place of the hall's site ("" = the site itself)
    checked_at = models.DateTimeField(null=True)
    check_fault = models.CharField(max_length=200, blank=True)
    # of the last seven days, by day of UTC: how often it was fetched by itself, and how often the site was not there
    visits = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.domain)


class HallGeneration(models.Model):
    """A hall's own part of every page's cache key: counted up by whatever changes its site."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.OneToOneField(Hall, on_delete=models.CASCADE, primary_key=True, related_name="generation_row")
    generation = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.generation}"


class HallFigures(models.Model):
    """What a hall reports of its own site: one row, rewritten by the hall's operations."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.OneToOneField(Hall, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    last_published_at = models.DateTimeField(null=True)
    own_articles = models.PositiveIntegerField(default=0)
    # visible columns: code -> {"name", "articles", "last_published_at"}
    columns = models.JSONField(default=dict)
    last_active_at = models.DateTimeField(null=True)
    # items that people apply for: how many citizens find, and of how many the guide is of no use
    services_shown = models.PositiveIntegerField(default=0)
    services_poor = models.PositiveIntegerField(default=0)
    # of those that are used most: how many were looked at, and name and fault of what was found
    services_sampled = models.PositiveSmallIntegerField(default=0)
    services_faults = models.JSONField(default=list)
    services_checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.hall_id)
