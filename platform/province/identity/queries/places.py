"""What identity must know of halls. They stand above it, so the settings name their table."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from foundation.errors import NotFound
from province.identity.models import Post


def hall_names(posts: Iterable[Post]) -> dict[UUID | None, str]:
    """hall id -> its short name, and None -> 全省: one query for all these posts."""
    hall_ids = {post.hall_id for post in posts if post.hall_id}
    names: dict[UUID | None, str] = {None: "全省"}
    if hall_ids:
        names |= dict(_halls().filter(pk__in=hall_ids).values_list("pk", "short_name"))
    return names


def prefix_of_hall(hall_id: UUID | None) -> str:
    """The prefix of the hall's division, "" for the province. Raises NotFound."""
    if hall_id is None:
        return ""
    hall = _halls().select_related("division").filter(pk=hall_id).first()
    if hall is None:
        raise NotFound("没有这个服务厅。")
    prefix: str = hall.division.prefix
    return prefix


def _halls() -> QuerySet[Any]:
    halls: QuerySet[Any] = apps.get_model(settings.TENANT_MODEL).objects.all()
    return halls
