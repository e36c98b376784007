"""Who asks over the HTTP interface of people, and for which position."""

from typing import Any, cast

from django.http import HttpRequest

from province.people.queries.roles import role_with_key
from province.people.queries.units import unit_in_sight
from province.people.schemas import PositionIn
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, require


def reader(request: HttpRequest) -> Actor:
    """The actor whom the API has recognised, if they may see people at all."""
    by = actor(request)
    if not has_anywhere(by, "people.read"):
        require(by, "people.read")
    return by


def actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def position_facts(request: HttpRequest, body: PositionIn) -> dict[str, Any]:
    """What ``body`` says of a position, as operations take it. Raises NotFound."""
    return {
        "role": role_with_key(body.role, body.hall_id),
        "unit": unit_in_sight(reader(request), body.unit_id) if body.unit_id else None,
        "title": body.title,
        "reach": body.reach,
    }
