"""The tree of a hall's departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from foundation.errors import NotFound
from province.halls.queries.halls import prefix_of_hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.queries import may


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One department of the tree, with how many positions are in it (not below it)."""

    unit: Unit
    depth: int
    positions: int
    is_first: bool
    is_last: bool

    @property
    def is_empty(self) -> bool:
        return self.positions == 0


def unit_tree(hall_id: UUID | None) -> list[UnitRow]:
    """All departments in use, each followed by those below it: one query."""
    units = Unit.objects.filter(hall_id=hall_id, retired_at=None).annotate(position_count=Count("positions"))
    rows: list[UnitRow] = []
    _add_level(rows, list(units.order_by("order", "pk")), None, 0)
    return rows


def _add_level(rows: list[UnitRow], units: Sequence[Unit], parent_id: UUID | None, depth: int) -> None:
    level = [unit for unit in units if unit.parent_id == parent_id]
    for place, unit in enumerate(level):
        rows.append(
            UnitRow(
                unit,
                depth,
                unit.position_count,  # type: ignore[attr-defined]  # annotated above
                is_first=place == 0,
                is_last=place == len(level) - 1,
            )
        )
        _add_level(rows, units, unit.pk, depth + 1)


def unit_choices(hall_id: UUID | None) -> list[tuple[str, str]]:
    """(id, name) as a form offers them, indented by their depth."""
    return [(str(row.unit.pk), f"{'— ' * row.depth}{row.unit.name}") for row in unit_tree(hall_id)]


def unit_with_id(unit_id: UUID) -> Unit:
    """Raises NotFound."""
    found = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    if found is None:
        raise NotFound("没有这个部门。")
    return found


def units_of(by: Actor, hall_id: UUID | None, prefix: str) -> QuerySet[Unit]:
    """The departments in use that the actor may see: the whole tree, or the part that their reach is."""
    units = Unit.objects.filter(hall_id=hall_id, retired_at=None)
    if may(by, "people.read", hall_id=hall_id, prefix=prefix or None):
        return units
    return units.filter(pk__in=_own_units(by))


def unit_in_sight(by: Actor, unit_id: UUID) -> Unit:
    """Raises NotFound, also for a department of another hall."""
    unit = unit_with_id(unit_id)
    prefix = prefix_of_hall(unit.hall_id)
    if not may(by, "people.read", hall_id=unit.hall_id, prefix=prefix or None, unit_id=unit.pk):
        raise NotFound("没有这个部门。")
    return unit


def _own_units(by: Actor) -> set[UUID]:
    return {unit_id for grant in by.grants if "people.read" in grant.permissions for unit_id in grant.unit_ids}


def unit_paths(hall_id: UUID | None) -> dict[UUID, str]:
    """id -> 政务科/受理组, for the departments in use: one query."""
    names: list[str] = []
    paths: dict[UUID, str] = {}
    for row in unit_tree(hall_id):
        names[row.depth :] = [row.unit.name]
        paths[row.unit.pk] = "/".join(names)
    return paths
