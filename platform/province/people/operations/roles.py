"""Roles that a hall, or the province, puts together for itself."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Fault, Invalid
from foundation.text_encoding import is_plain
from province.audit.operations import record_act
from province.people.models import OwnRole, Position, Substitution
from province.people.operations.activation import end_activation_codes
from province.people.operations.positions import check_may_give
from province.rights.actors import Actor
from province.rights.permissions import PERMISSIONS
from province.rights.roles import Reach, Role


@transaction.atomic
def create_role(
    *, by: Actor, name: str, permissions: Iterable[str], hall_id: UUID | None = None, prefix: str = ""
) -> OwnRole:
    """A new role of the hall (or of the province, for all halls). ``prefix``: of the hall's division.

    Raises Invalid for a name that is taken and for permissions that no hall may hold, NotAllowed for those that the
    actor does not hold there.
    """
    name, chosen = _clean_name(name), _clean_permissions(permissions)
    check_may_give(by, chosen, reach=Reach.HALL, hall_id=hall_id, prefix=prefix, unit_id=None)
    _hold_names(hall_id)
    _check_name(name, hall_id)
    role = OwnRole.objects.create(hall_id=hall_id, name=name, permissions=sorted(chosen))
    _record(by, "people.create_role", role, {"name": [None, name], "permissions": [[], sorted(chosen)]})
    return role


@transaction.atomic
def change_role(*, by: Actor, role: OwnRole, name: str, permissions: Iterable[str], prefix: str = "") -> OwnRole:
    """People who have the role may do what it says now, from their next request on. Where that is more than before, the
    unused activation codes end that somebody else has issued to one of them. Raises as ``create_role`` does, and
    Conflict for one that is retired."""
    name, chosen = _clean_name(name), _clean_permissions(permissions)
    found = _locked(role)
    before = frozenset(found.permissions)
    # also what is taken out must be the actor's to hand out; and for positions that reach farther, that far
    reach = max(
        (Reach(one) for one in found.positions.values_list("reach", flat=True)),
        key=lambda one: one.rank,
        default=Reach.HALL,
    )
    known = before & PERMISSIONS.keys()
    check_may_give(by, chosen | known, reach=reach, hall_id=found.hall_id, prefix=prefix, unit_id=None)
    if (name, chosen) == (found.name, before):
        return found
    _hold_names(found.hall_id)
    if name != found.name:
        _check_name(name, found.hall_id)
    changes = {"name": [found.name, name], "permissions": [found.permissions, sorted(chosen)]}
    found.name, found.permissions = name, sorted(chosen)
    found.save(update_fields=["name", "permissions"])
    if chosen - before:
        # who issues a code holds the role: it comes before or after
        end_activation_codes(by=by, account_ids=_people_of(found))
    _record(by, "people.change_role", found, changes)
    return found


@transaction.atomic
def retire_role(*, by: Actor, role: OwnRole, prefix: str = "") -> OwnRole:
    """Retire the role: it is given to nobody any more. Raises Conflict where somebody still has it."""
    check_may_give(by, frozenset(), reach=Reach.HALL, hall_id=role.hall_id, prefix=prefix, unit_id=None)
    found = _locked(role)
    if holders := Position.objects.filter(own_role=found).count():
        message = f"还有 {holders} 个岗位是这个角色，请先收回。"
        raise Conflict(message)
    found.retired_at = timezone.now()
    found.save(update_fields=["retired_at"])
    _record(by, "people.retire_role", found, {"name": [found.name, None]})
    return found


def _people_of(role: OwnRole) -> set[UUID]:
    """The accounts that have the role, and those that stand in at a position with it now or later."""
    positions = Position.objects.filter(own_role=role)
    absences = Substitution.objects.filter(position__in=positions, ended_at=None)
    return {
        *positions.values_list("account", flat=True),
        *absences.values_list("substitute", flat=True),
    }


def _locked(role: OwnRole) -> OwnRole:
    """The role, locked: an operation that is giving it at this moment comes before or after."""
    found = OwnRole.objects.select_for_update().get(pk=role.pk)
    if found.retired_at:
        message = f"角色“{found.name}”已停用。"
        raise Conflict(message)
    return found


def _clean_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 24 or not is_plain(name):  # noqa: PLR2004 - the column's width
        raise _wrong("name", "请填写角色名称，不超过 24 个字。")
    if name in Role.labels:
        message = f"“{name}”是系统自带的角色，请换一个名称。"
        raise _wrong("name", message)
    return name


def _clean_permissions(permissions: Iterable[str]) -> frozenset[str]:
    chosen = frozenset(permissions)
    if not chosen:
        raise _wrong("permissions", "请至少选择一项权限。")
    if unknown := sorted(chosen - PERMISSIONS.keys()):
        message = f"没有这些权限：{'、'.join(unknown)}。"
        raise _wrong("permissions", message)
    if others := [PERMISSIONS[name].label for name in sorted(chosen) if not PERMISSIONS[name].is_for_halls]:
        message = f"这些权限只属于省级，不能放进自设角色：{'、'.join(others)}。"
        raise _wrong("permissions", message)
    return chosen


def _hold_names(hall_id: UUID | None) -> None:
    """Of two roles made at once under one name, the later sees the earlier."""
    hold_name(f"people.roles {hall_id or ''}")


def _check_name(name: str, hall_id: UUID | None) -> None:
    if OwnRole.objects.filter(hall_id=hall_id, name=name, retired_at=None).exists():
        message = f"已有叫“{name}”的角色。"
        raise _wrong("name", message)


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])


def _record(by: Actor, act: str, role: OwnRole, changes: dict[str, Any]) -> None:
    record_act(by=by, act=act, object_type="role", object_id=role.pk, hall_id=role.hall_id, changes=changes)
