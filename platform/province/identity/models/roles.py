"""Sets of permissions, and how far they reach."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow


class Reach(models.TextChoices):
    """How far a post's permissions go, the narrowest first."""

    OWN = "own", "本人的"
    UNIT = "unit", "本部门及下级部门"
    HALL = "hall", "本厅"
    SUBTREE = "subtree", "本厅及下级服务厅"
    PROVINCE = "province", "全省"

    @property
    def rank(self) -> int:
        return list(Reach).index(self)


class Role(models.TextChoices):
    """The ready-made roles; what each may do stands in queries/roles.py."""

    PROVINCE_OPERATOR = "province_operator", "省级运营"
    HALL_ADMINISTRATOR = "hall_administrator", "服务厅管理员"
    HALL_EDITOR = "hall_editor", "服务厅编辑"
    EDITOR = "editor", "编辑"
    FIRST_REVIEWER = "first_reviewer", "初审"
    SECOND_REVIEWER = "second_reviewer", "复审"
    FINAL_REVIEWER = "final_reviewer", "终审"
    WINDOW_CLERK = "window_clerk", "窗口"
    HANDLER = "handler", "承办"
    APPROVING_LEADER = "approving_leader", "审批领导"
    VILLAGE_CLERK = "village_clerk", "村级代办"
    SUPERVISOR = "supervisor", "监察"
    AUDITOR = "auditor", "审计"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    AUDIT_ADMINISTRATOR = "audit_administrator", "审计管理员"


# 三员分立 (GB/T 22239-2019, 8.1.5): whoever is one of them is nothing else
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


class OwnRole(PublicRow):
    """A role that a hall (or the province: no hall) has put together for itself. The province's may be given in every
    hall."""

    direction: ClassVar[Direction] = Direction.DOWN

    # an id and not a key: halls stand above identity, and import it
    hall_id = models.UUIDField(null=True)
    name = models.CharField("名称", max_length=24)
    permissions = ArrayField(models.CharField(max_length=64))
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall_id", "name"],
                condition=models.Q(retired_at=None),
                nulls_distinct=False,
                name="one_own_role_per_name",
            ),
        )

    def __str__(self) -> str:
        return self.name
