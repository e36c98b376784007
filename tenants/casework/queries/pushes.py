"""Systems of departments, and what they have pushed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet

from foundation.errors import NotFound
from province.cases.states import CaseState
from province.halls.models import Hall
from province.people.models import Position
from province.people.queries.roles import permissions_of
from province.rights.actors import Actor
from province.rights.queries import lacking
from province.rights.roles import Reach, Role
from tenants.casework.models import Case, DepartmentKey, PushedCall
from tenants.casework.queries.access import DECIDE, HANDLE
from tenants.casework.states import PushedState
from tenants.workflow.queries.candidates import TAKE_PART

# what a system does by the rights of its position, as far as that has them
KEY_SCOPES: Final = frozenset({HANDLE, DECIDE, TAKE_PART})


@dataclass(frozen=True, slots=True)
class KeyLine:
    """``position``: None where nobody is there any more: the key opens nothing."""

    key: DepartmentKey
    position: Position | None
    called_at: datetime | None

    @property
    def unit_name(self) -> str:
        return self.position.unit.name if self.position and self.position.unit else ""

    @property
    def key_text(self) -> str:
        """The key's id, as addresses have it."""
        return str(self.key.pk)


def department_keys(hall: Hall) -> list[KeyLine]:
    """All of the hall, the newest first, with whose department they are: three queries."""
    keys = list(DepartmentKey.objects.order_by("-pk"))
    positions = _positions(hall).in_bulk([one.position_id for one in keys])
    calls = dict(PushedCall.objects.values_list("key_id").annotate(last=Max("created_at")).order_by())
    return [KeyLine(one, positions.get(one.position_id), calls.get(one.pk)) for one in keys]


def department_key(key_id: UUID) -> DepartmentKey:
    """Raises NotFound, also for another hall's."""
    found = DepartmentKey.objects.filter(pk=key_id).first()
    if found is None:
        raise NotFound("没有这个密钥，可能属于其他服务厅。")
    return found


def position_for_key(hall: Hall, position_id: UUID) -> Position | None:
    """The position at which a key acts, with its account and its department; None where there is none, or nobody can
    sign in there."""
    return _positions(hall).filter(pk=position_id).first()


def positions_for_keys(by: Actor, hall: Hall) -> list[tuple[str, str]]:
    """(id, words) of those that the person can choose: department, role and name."""
    found = _positions(hall).order_by("unit__name", "account__name", "pk")
    return [
        (str(one.pk), f"{one.unit.name} · {one.role_name} · {one.account.name}")
        for one in found
        if one.unit and not lacking_for_key(by, hall, one)
    ]


def lacking_for_key(by: Actor, hall: Hall, position: Position) -> list[str]:
    """Names of what a system could do at this position and the person could not, or not as far: who makes a key holds
    its secret, and so all that it opens."""
    carried = permissions_of(position.own_role or Role(position.role)) & KEY_SCOPES
    return lacking(by, carried, reach=Reach(position.reach), hall_id=hall.pk, unit_id=position.unit_id)


def pushed_calls(*, state: str = "", key_id: UUID | None = None, words: str = "") -> QuerySet[PushedCall]:
    """The hall's calls, the newest first. ``state``: of PushedState; ``words``: the end of a case's number."""
    calls = PushedCall.objects.select_related("key").order_by("-pk")
    if state in PushedState:
        calls = calls.filter(state=state)
    if key_id:
        calls = calls.filter(key_id=key_id)
    if sought := words.strip():
        calls = calls.filter(case_number__endswith=sought)
    return calls


def _positions(hall: Hall) -> QuerySet[Position]:
    rows = Position.objects.select_related("account", "unit", "own_role")
    return rows.filter(hall_id=hall.pk, unit__isnull=False, account__is_active=True)


def state_of_number(number: str) -> CaseState:
    """How the case with this number stands."""
    return CaseState(Case.objects.values_list("state", flat=True).get(number=number))
