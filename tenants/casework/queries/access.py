"""Who handles cases here, and which of them are theirs."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField, Value

from foundation.errors import NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require, require_work_at, units_within_reach, within_reach, works_at
from tenants.casework.models import Case, JointOpinion
from tenants.shell.slots import Desk

HANDLE: Final = "casework.handle"
DECIDE: Final = "casework.decide"
SET_UP: Final = "casework.set_up"
EXCHANGE: Final = "casework.exchange"
UNMASKED: Final = "casework.export_unmasked"
FIGURES: Final = "casework.read_figures"
KEYS: Final = "casework.manage_keys"
NO_CASE: Final = "没有这个办件，可能编号有误，或者属于其他部门、其他服务厅。"


def require_handler(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who handles no case here."""
    require_work_at(by, HANDLE, hall_id=hall.pk)


def require_setting_up(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not say how cases are taken here."""
    require(by, SET_UP, hall_id=hall.pk)


def require_exchange(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not read the hall's cases in the national exchange."""
    require(by, EXCHANGE, hall_id=hall.pk)


def require_figures(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who reads the figures of no department here."""
    require_work_at(by, FIGURES, hall_id=hall.pk)


def require_keys(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not manage the keys of departments' systems here."""
    require(by, KEYS, hall_id=hall.pk)


def may_over(by: Actor, permission: str, hall: Hall, case: Case) -> bool:
    """Whether one of the positions carries the permission over this case: over its hall, or its department."""
    return may(by, permission, hall_id=hall.pk, unit_id=case.unit_id)


def cases_of(desk: Desk) -> QuerySet[Case]:
    """The cases that the person at this desk may handle, by the rule of ``may_over``."""
    units = units_of(desk)
    return Case.objects.all() if units is None else Case.objects.filter(unit_id__in=units)


def units_of(desk: Desk) -> frozenset[UUID] | None:
    """Whose cases the person at this desk may handle, by the rule of ``may_over``: those departments'; None: all of the
    hall."""
    return units_within_reach(desk.by, HANDLE, hall_id=desk.hall.pk)


def opinions_of(desk: Desk) -> QuerySet[JointOpinion]:
    """What the person's department is asked about cases (联办), also about those of other departments and halls."""
    here = JointOpinion.objects.alias(at_hall=Value(desk.hall.pk, output_field=UUIDField()))
    # what another hall is asked is no business of a department's here
    here = here.filter(Q(referral_id=None) | Q(case=None))
    return here.filter(within_reach(desk.by, HANDLE, hall="at_hall", unit="unit_id"))


def handled_among(desk: Desk, case_ids: Collection[UUID]) -> set[UUID]:
    """Those of them that the person may open: one query."""
    if not works_at(desk.by, HANDLE, hall_id=desk.hall.pk):
        return set()
    return set(cases_of(desk).filter(pk__in=case_ids).values_list("pk", flat=True))


def case_of(desk: Desk, case_id: UUID) -> Case:
    """Raises NotFound, also for another department's and another hall's."""
    found = cases_of(desk).filter(pk=case_id).first()
    if found is None:
        raise NotFound(NO_CASE)
    return found
