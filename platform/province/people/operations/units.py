"""The tree of a hall's departments."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import Position, Unit
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

declare(
    "people.manage",
    "管理人员账号和部门",
    reach=Reach.UNIT,
    roles={Role.PROVINCE_OPERATOR, Role.HALL_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR},
)

# deeper than any office's own tree
MOST_LEVELS = 8


def hold_units(hall_id: UUID | None) -> None:
    """Lock the tree of a hall until the transaction ends: of two moves at once the later sees the earlier, and no
    department comes to lie below itself."""
    hold_name(f"people.units {hall_id or ''}")


@transaction.atomic
def create_unit(
    *, by: Actor, name: str, hall_id: UUID | None = None, prefix: str = "", parent: Unit | None = None
) -> Unit:
    """A new department, the last below its parent. ``prefix``: of the hall's division.

    Raises Invalid for a name that its neighbours bear already.
    """
    require(by, "people.manage", hall_id=hall_id, prefix=prefix or None, unit_id=parent.pk if parent else None)
    hold_units(hall_id)
    name = clean_unit_name(name)
    above = _unit(parent, hall_id) if parent else None
    ancestors = [*above.ancestors, above.pk] if above else []
    _check_depth(len(ancestors) + 1)
    _check_name(name, hall_id, above)
    unit = Unit.objects.create(
        hall_id=hall_id, parent=above, name=name, ancestors=ancestors, order=_last_order(hall_id, above) + 1
    )
    _record(by, "people.create_unit", unit, {"name": [None, name]})
    return unit


@transaction.atomic
def rename_unit(*, by: Actor, unit: Unit, name: str, prefix: str = "") -> Unit:
    """Rename the department. Raises Invalid for a name that its neighbours bear already."""
    found = _held(by, unit, prefix)
    name = clean_unit_name(name)
    if name == found.name:
        return found
    _check_name(name, found.hall_id, found.parent)
    before, found.name = found.name, name
    found.save(update_fields=["name"])
    _record(by, "people.rename_unit", found, {"name": [before, name]})
    return found


@transaction.atomic
def move_unit(*, by: Actor, unit: Unit, parent: Unit | None, prefix: str = "") -> Unit:
    """Move the department under another parent (None: to the top) with all below it, as the last there. A reach over a
    department includes what lies below it from the next request on.

    Raises Conflict for a place below itself.
    """
    found = _held(by, unit, prefix)
    above = _unit(parent, found.hall_id) if parent else None
    require(by, "people.manage", hall_id=found.hall_id, prefix=prefix or None, unit_id=above.pk if above else None)
    if above and found.pk in {above.pk, *above.ancestors}:
        message = f"“{above.name}”在“{found.name}”之下，不能把上级部门移到下级部门里。"
        raise Conflict(message)
    if found.parent_id == (above.pk if above else None):
        return found
    _check_name(found.name, found.hall_id, above)
    ancestors = [*above.ancestors, above.pk] if above else []
    below = list(Unit.objects.filter(ancestors__contains=[found.pk]))
    own_depth = len(found.ancestors)
    _check_depth(max((len(one.ancestors) - own_depth for one in below), default=0) + len(ancestors) + 1)
    before = found.parent.name if found.parent else None
    for one in below:
        one.ancestors = ancestors + one.ancestors[own_depth:]
    Unit.objects.bulk_update(below, ["ancestors"])
    found.order = _last_order(found.hall_id, above) + 1
    found.parent, found.ancestors = above, ancestors
    found.save(update_fields=["parent", "ancestors", "order"])
    _record(by, "people.move_unit", found, {"parent": [before, above.name if above else None]})
    return found


@transaction.atomic
def order_unit(*, by: Actor, unit: Unit, is_up: bool, prefix: str = "") -> Unit:
    """Move the department one place up or down among its neighbours; at the end of the row nothing changes."""
    found = _held(by, unit, prefix)
    row = list(Unit.objects.filter(hall_id=found.hall_id, parent=found.parent, retired_at=None).order_by("order", "pk"))
    place = row.index(found)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(row):
        return found
    row[place], row[other] = row[other], row[place]
    for order, one in enumerate(row, start=1):
        one.order = order
    Unit.objects.bulk_update(row, ["order"])
    _record(by, "people.order_unit", found, {"order": [place + 1, other + 1]})
    return row[other]


@transaction.atomic
def retire_unit(*, by: Actor, unit: Unit, prefix: str = "") -> Unit:
    """Retire the department: nobody can be put there any more. Raises Conflict while a department lies below it or a
    position is in it."""
    found = _held(by, unit, prefix)
    if Unit.objects.filter(parent=found, retired_at=None).exists():
        raise Conflict("下面还有部门，请先移走或撤销。")
    # an operation that is just putting somebody there holds the row; the person is seen once it is done
    Unit.objects.select_for_update().get(pk=found.pk)
    if people := Position.objects.filter(unit=found).count():
        message = f"部门里还有 {people} 个岗位，请先调整到别的部门。"
        raise Conflict(message)
    found.retired_at = timezone.now()
    found.save(update_fields=["retired_at"])
    _record(by, "people.retire_unit", found, {"name": [found.name, None]})
    return found


def clean_unit_name(name: str) -> str:
    """Raises Invalid."""
    name = name.strip()
    if not name or len(name) > 40 or not is_plain(name) or "/" in name:  # noqa: PLR2004 - the column's width
        message = "请填写部门名称，不超过 40 个字，不能含有换行和“/”。"
        raise Invalid(message, faults=[Fault("name", message)])
    return name


def _held(by: Actor, unit: Unit, prefix: str) -> Unit:
    """The unit, with its hall's tree held. Raises NotAllowed, Conflict where it has been retired."""
    require(by, "people.manage", hall_id=unit.hall_id, prefix=prefix or None, unit_id=unit.pk)
    hold_units(unit.hall_id)
    return _unit(unit, unit.hall_id)


def _unit(unit: Unit, hall_id: UUID | None) -> Unit:
    found = Unit.objects.select_related("parent").filter(pk=unit.pk, hall_id=hall_id).first()
    if found is None or found.retired_at:
        raise Conflict("这个部门已撤销，或者属于其他服务厅。")
    return found


def _check_name(name: str, hall_id: UUID | None, parent: Unit | None) -> None:
    if Unit.objects.filter(hall_id=hall_id, parent=parent, name=name, retired_at=None).exists():
        message = f"这里已有“{name}”。"
        raise Invalid(message, faults=[Fault("name", message)])


def _check_depth(levels: int) -> None:
    if levels > MOST_LEVELS:
        message = f"部门最多 {MOST_LEVELS} 层。"
        raise Invalid(message)


def _last_order(hall_id: UUID | None, parent: Unit | None) -> int:
    last = Unit.objects.filter(hall_id=hall_id, parent=parent).order_by("-order").first()
    return last.order if last else 0


def _record(by: Actor, act: str, unit: Unit, changes: dict[str, list[object]]) -> None:
    record_act(by=by, act=act, object_type="unit", object_id=unit.pk, hall_id=unit.hall_id, changes=changes)
