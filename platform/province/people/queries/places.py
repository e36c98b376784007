"""Where people work: the halls, and the province's own offices."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from foundation.errors import NotFound
from province.halls.models import Hall
from province.halls.queries.halls import hall_with_code, short_names
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.queries import PermissionMissing, has_anywhere, may


@dataclass(frozen=True, slots=True)
class Place:
    """A hall, or (no hall) the province's own offices. ``code``: "" is the province."""

    hall_id: UUID | None
    prefix: str
    name: str
    code: str


PROVINCE_NAME = f"{settings.PROVINCE_NAME}（省级）"


def place_of_hall(hall: Hall | None) -> Place:
    if hall is None:
        return Place(None, "", PROVINCE_NAME, "")
    return Place(hall.pk, hall.division.prefix, hall.short_name, hall.division.code)


def place_with_code(by: Actor, permission: str, code: str) -> Place:
    """The hall of that division. Raises NotFound, also where the permission does not reach it.

    Without a code: the province's offices for who has the permission there, else the first hall of the actor's own.
    Raises NotAllowed for who has it nowhere.
    """
    if not code:
        return Place(None, "", PROVINCE_NAME, "") if may(by, permission) else _own_place(by, permission)
    place = place_of_hall(hall_with_code(code))
    reaches = may(by, permission, hall_id=place.hall_id, prefix=place.prefix)
    if not reaches and place.hall_id not in _own_hall_ids(by, permission):
        raise NotFound("没有这个服务厅，或者不在您的管理范围内。")
    return place


def own_places(by: Actor, permission: str) -> list[Place]:
    """The halls of the actor's own positions with this permission (not those below them)."""
    halls = Hall.objects.filter(pk__in=_own_hall_ids(by, permission)).select_related("division")
    return [place_of_hall(hall) for hall in halls.order_by("division__code")]


def _own_place(by: Actor, permission: str) -> Place:
    if places := own_places(by, permission):
        return places[0]
    raise PermissionMissing(permission, lambda other: has_anywhere(other, permission))


def _own_hall_ids(by: Actor, permission: str) -> set[UUID]:
    return {grant.hall_id for grant in by.grants if permission in grant.permissions and grant.hall_id}


def hall_names(positions: Iterable[Position]) -> dict[UUID | None, str]:
    """hall id -> its short name, and None -> 全省: one query for all these positions."""
    names: dict[UUID | None, str] = {None: "全省"}
    return names | short_names({position.hall_id for position in positions if position.hall_id})
