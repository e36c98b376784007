"""办理设置: for which items the hall takes applications, with which form and flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from standards.forms.applying import application_form
from tenants.casework.models import CaseSetup
from tenants.casework.operations.setup_partners import clean_partners
from tenants.casework.operations.setup_rows import check_ready, keep_setup, locked_setup, replace_flow
from tenants.casework.operations.shared_designs import take_at_once
from tenants.casework.queries.access import SET_UP
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.queries.joint import JointPartner
from tenants.casework.states import SETUP_TRANSITIONS, SetupState
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption
from tenants.workflow.models import Flow
from tenants.workflow.operations.forms import create_form

declare(SET_UP, "设置本厅的办件（申请表、流程、网上申请）", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

_LEAST_YEARS, _MOST_YEARS = 1, 100
_LONGEST_BODY: Final = 100
DEFAULT_OPENING, MOST_OPENING = 5, 60


@transaction.atomic
def set_up_cases(*, by: Actor, hall: Hall, item_id: UUID, handling_code: str = "") -> CaseSetup:
    """Begin to take applications for an item: with the form and flow that came with it, where the hall can work by
    them; else with a form made of its guide, which can be changed before it is published. Where it is set up already,
    that is returned.

    Raises NotFound for an item of which citizens find no guide here, Conflict where somebody has its form's code.
    """
    require_in_hall(by, SET_UP, hall)
    guide = guide_to_apply_by(item_id, handling_code)
    adoption = Adoption.objects.select_for_update().get(item_id=item_id)
    if known := CaseSetup.objects.filter(adoption=adoption, handling_code=handling_code).first():
        return known
    definition = application_form(guide.name, guide.material_rows)
    code = f"apply-{guide.version.item.basic_code}{f'-{handling_code}' if handling_code else ''}".lower()
    form = create_form(by=by, hall=hall, code=code, title=definition["title"], definition=definition)
    setup = CaseSetup.objects.create(
        adoption=adoption, item_id=item_id, handling_code=handling_code, form=form, unit_id=adoption.unit_id
    )
    _record(by, hall, setup, "set_up", guide)
    if take_at_once(by, hall, setup, guide):
        keep_setup(hall, setup)
    return setup


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupWish:
    """How applications for an item are handled: who examines in which order (None: the department by itself), whose
    people accept and decide (None: those who work for the whole hall), who else is asked (联办), whether citizens apply
    online, whether fees come before the result (先缴费后发证), within how many working days what was served
    electronically is to be opened, for how many years closed cases are kept, and where an
    applicant can go against a decision."""

    flow_id: UUID | None = None
    unit_id: UUID | None = None
    partners: Sequence[JointPartner] = ()
    is_online: bool = False
    is_paid_first: bool = False
    opening_workdays: int = DEFAULT_OPENING
    retention_years: int = 10
    review_body: str = ""
    court: str = ""


@transaction.atomic
def change_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int, wish: SetupWish) -> CaseSetup:
    """Say how applications are handled from now on. What was received stays with whom it is; what was not accepted yet
    goes by a new flow where that reads its form, and else by the one that was there (``foresee_flow_change``).

    Raises Invalid for a flow or a department that there is not, Conflict where somebody saved since ``revision``.
    """
    setup = locked_setup(by, hall, setup_id, revision)
    if wish.flow_id and not Flow.objects.filter(pk=wish.flow_id).exists():
        raise Invalid.at("flow_id", "没有这个流程，请重新选择。")
    if wish.unit_id and not Unit.objects.filter(pk=wish.unit_id, hall_id=hall.pk, retired_at=None).exists():
        raise Invalid.at("unit_id", "没有这个部门，请重新选择。")
    if not _LEAST_YEARS <= wish.retention_years <= _MOST_YEARS:
        raise Invalid.at("retention_years", f"保管期限应为 {_LEAST_YEARS} 至 {_MOST_YEARS} 年。")
    if not 1 <= wish.opening_workdays <= MOST_OPENING:
        raise Invalid.at("opening_workdays", f"打开的工作日应为 1 至 {MOST_OPENING} 个。")
    setup.partners = clean_partners(hall, wish.partners, lead_id=wish.unit_id)
    replace_flow(setup, wish.flow_id)
    setup.unit_id = wish.unit_id
    setup.is_online, setup.retention_years = wish.is_online, wish.retention_years
    setup.is_paid_first, setup.opening_workdays = wish.is_paid_first, wish.opening_workdays
    setup.review_body = clean_reason(wish.review_body, field="review_body", most=_LONGEST_BODY, is_line=True)
    setup.court = clean_reason(wish.court, field="court", most=_LONGEST_BODY, is_line=True)
    if setup.state == SetupState.OPEN:
        check_ready(hall, setup, guide_to_apply_by(setup.item_id, setup.handling_code))
    keep_setup(hall, setup)
    _record(by, hall, setup, "change_setup")
    return setup


@transaction.atomic
def open_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Take applications from the commit on. Raises Invalid with a fault for each thing that is still missing."""
    setup = locked_setup(by, hall, setup_id, revision)
    if setup.state == SetupState.OPEN:
        return setup
    SETUP_TRANSITIONS.check(setup.state, SetupState.OPEN)
    check_ready(hall, setup, guide_to_apply_by(setup.item_id, setup.handling_code))
    setup.state = SetupState.OPEN
    keep_setup(hall, setup)
    _record(by, hall, setup, "open_setup")
    return setup


@transaction.atomic
def close_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Take no more applications; what was received goes on."""
    setup = locked_setup(by, hall, setup_id, revision)
    if setup.state == SetupState.CLOSED:
        return setup
    SETUP_TRANSITIONS.check(setup.state, SetupState.CLOSED)
    setup.state = SetupState.CLOSED
    keep_setup(hall, setup)
    _record(by, hall, setup, "close_setup")
    return setup


def _record(by: Actor, hall: Hall, setup: CaseSetup, act: str, guide: CaseGuide | None = None) -> None:
    facts: dict[str, Any] = {"state": [None, setup.state], "is_online": [None, setup.is_online]}
    if setup.partners:
        facts["partners"] = [None, len(setup.partners)]
    facts["is_paid_first"] = [None, setup.is_paid_first]
    if guide:
        facts["item"] = [None, guide.name]
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="case_setup",
        object_id=setup.pk,
        hall_id=hall.pk,
        changes=facts,
    )
