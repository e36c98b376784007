"""Which department of the hall has what to do with an item."""

from collections.abc import Iterable
from uuid import UUID

from province.catalogue.models import ItemVersion
from province.halls.models import Hall
from province.people.queries.units import unit_paths


def units_by_department(hall: Hall, versions: Iterable[ItemVersion]) -> dict[UUID, UUID]:
    """Department's id -> the department of this hall that is called as it is: whose its items are at first."""
    own = {path.rpartition("/")[2]: unit_id for unit_id, path in unit_paths(hall.pk).items()}
    named = {version.department_id: version.department.name for version in versions}
    return {department_id: own[name] for department_id, name in named.items() if name in own}
