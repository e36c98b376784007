"""Roles that halls, or the province, put together for themselves."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.rights.roles import Role


class OwnRole(PublicRow):
    """A role that a hall (or the province: no hall) has put together for itself. The province's may be given in every
    hall."""

    direction: ClassVar[Direction] = Direction.DOWN

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


type AnyRole = Role | OwnRole


def role_key(role: AnyRole) -> tuple[str, UUID | None]:
    """As a position keeps it: the code of a ready-made role, or "" and the id of a hall's own."""
    return (role.value, None) if isinstance(role, Role) else ("", role.pk)
