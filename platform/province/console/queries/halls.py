"""What the console knows of halls: what the app that owns them says of ids."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.console.slots import HALL_DIRECTORY, HallDirectory, NamedHall
from province.rights.actors import Actor


def named_halls(ids: Collection[UUID]) -> Mapping[UUID, NamedHall]:
    """One query; halls that are not there are left out."""
    return _directory().named(ids) if ids else {}


def named_hall(hall_id: UUID) -> NamedHall:
    """Raises NotFound."""
    found = named_halls([hall_id]).get(hall_id)
    if found is None:
        raise NotFound("没有这个服务厅。")
    return found


def hall_ids_in_reach(by: Actor, permission: str, words: str = "") -> QuerySet[Any, Any]:
    """Of halls over which the actor has the permission; ``words``: a part of the name or the beginning of a code."""
    return _directory().in_reach(by, permission, words)


def _directory() -> HallDirectory:
    [directory] = HALL_DIRECTORY.entries()
    return directory
