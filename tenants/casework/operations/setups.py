"""办理设置: for which items the hall takes applications, with which form and flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from tenants.casework.models import CaseSetup
from tenants.casework.operations.referral_turns import offer_applications
from tenants.casework.operations.setup_partners import clean_partners, partner_faults
from tenants.casework.queries.access import SET_UP
from tenants.casework.queries.first_forms import application_form
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.queries.joint import JointPartner
from tenants.casework.states import SETUP_TRANSITIONS, SetupState
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations.forms import create_form
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.states import DesignState

declare(SET_UP, "设置本厅的办件（申请表、流程、网上申请）", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

# of the ready blocks: without these nobody knows who applies
_NAMES: Final = {"applicant_name": "申请人姓名", "applicant_mobile": "联系手机"}
_LEAST_YEARS, _MOST_YEARS = 1, 100
_LONGEST_BODY: Final = 100
_NO_SETUP: Final = "没有这个办理设置，可能属于其他服务厅。"


@transaction.atomic
def set_up_cases(*, by: Actor, hall: Hall, item_id: UUID, handling_code: str = "") -> CaseSetup:
    """Begin to take applications for an item: with a form made of its guide, which can be changed before it is
    published. Where it is set up already, that is returned.

    Raises NotFound for an item of which citizens find no guide here, Conflict where somebody has its form's code.
    """
    require_in_hall(by, SET_UP, hall)
    guide = guide_to_apply_by(item_id, handling_code)
    adoption = Adoption.objects.select_for_update().get(item_id=item_id)
    if known := CaseSetup.objects.filter(adoption=adoption, handling_code=handling_code).first():
        return known
    definition = application_form(guide)
    code = f"apply-{guide.version.item.basic_code}{f'-{handling_code}' if handling_code else ''}".lower()
    form = create_form(by=by, hall=hall, code=code, title=definition["title"], definition=definition)
    setup = CaseSetup.objects.create(
        adoption=adoption, item_id=item_id, handling_code=handling_code, form=form, unit_id=adoption.unit_id
    )
    _record(by, hall, setup, "set_up", guide)
    return setup


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupWish:
    """How applications for an item are handled: who examines in which order (None: the department by itself), whose
    people accept and decide (None: those who work for the whole hall), who else is asked (联办), whether citizens apply
    online, whether fees come before the result (先缴费后发证), for how many years closed cases are kept, and where an
    applicant can go against a decision."""

    flow_id: UUID | None = None
    unit_id: UUID | None = None
    partners: Sequence[JointPartner] = ()
    is_online: bool = False
    is_paid_first: bool = False
    retention_years: int = 10
    review_body: str = ""
    court: str = ""


@transaction.atomic
def change_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int, wish: SetupWish) -> CaseSetup:
    """Say how applications are handled from now on. What was received stays with whom it is.

    Raises Invalid for a flow or a department that there is not, Conflict where somebody saved since ``revision``.
    """
    setup = _locked(by, hall, setup_id, revision)
    if wish.flow_id and not Flow.objects.filter(pk=wish.flow_id).exists():
        raise Invalid.at("flow_id", "没有这个流程，请重新选择。")
    if wish.unit_id and not Unit.objects.filter(pk=wish.unit_id, hall_id=hall.pk, retired_at=None).exists():
        raise Invalid.at("unit_id", "没有这个部门，请重新选择。")
    if not _LEAST_YEARS <= wish.retention_years <= _MOST_YEARS:
        raise Invalid.at("retention_years", f"保管期限应为 {_LEAST_YEARS} 至 {_MOST_YEARS} 年。")
    setup.partners = clean_partners(hall, wish.partners, lead_id=wish.unit_id)
    setup.flow_id, setup.unit_id = wish.flow_id, wish.unit_id
    setup.is_online, setup.retention_years = wish.is_online, wish.retention_years
    setup.is_paid_first = wish.is_paid_first
    setup.review_body = clean_reason(wish.review_body, field="review_body", most=_LONGEST_BODY, is_line=True)
    setup.court = clean_reason(wish.court, field="court", most=_LONGEST_BODY, is_line=True)
    if setup.state == SetupState.OPEN:
        _check_ready(hall, setup, guide_to_apply_by(setup.item_id, setup.handling_code))
    _keep(hall, setup)
    _record(by, hall, setup, "change_setup")
    return setup


@transaction.atomic
def open_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Take applications from the commit on. Raises Invalid with a fault for each thing that is still missing."""
    setup = _locked(by, hall, setup_id, revision)
    if setup.state == SetupState.OPEN:
        return setup
    SETUP_TRANSITIONS.check(setup.state, SetupState.OPEN)
    _check_ready(hall, setup, guide_to_apply_by(setup.item_id, setup.handling_code))
    setup.state = SetupState.OPEN
    _keep(hall, setup)
    _record(by, hall, setup, "open_setup")
    return setup


@transaction.atomic
def close_setup(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Take no more applications; what was received goes on."""
    setup = _locked(by, hall, setup_id, revision)
    if setup.state == SetupState.CLOSED:
        return setup
    SETUP_TRANSITIONS.check(setup.state, SetupState.CLOSED)
    setup.state = SetupState.CLOSED
    _keep(hall, setup)
    _record(by, hall, setup, "close_setup")
    return setup


def _check_ready(hall: Hall, setup: CaseSetup, guide: CaseGuide) -> None:
    faults = [Fault("guide", f"办事指南缺少“{label}”，不能开通。") for label in guide.lacks]
    form = Form.objects.select_related("newest").get(pk=setup.form_id)
    if form.newest is None or form.state != DesignState.PUBLISHED:
        faults.append(Fault("form", "申请表还没有发布。"))
    else:
        fields = definition_of(form.newest).named_fields
        faults += [
            Fault("form", f"申请表缺少“{label}”（{name}）。") for name, label in _NAMES.items() if name not in fields
        ]
        if setup.is_online and not form.is_open:
            faults.append(Fault("form", "要让群众在网上申请，请把申请表设为“群众可以填写”。"))
    flow = Flow.objects.select_related("newest").filter(pk=setup.flow_id).first() if setup.flow_id else None
    if setup.flow_id and (flow is None or flow.newest is None or flow.state != DesignState.PUBLISHED):
        faults.append(Fault("flow", "审查流程还没有发布。"))
    elif flow and flow.newest and form.newest and flow.newest.form_version_id not in {None, form.newest.pk}:
        faults.append(Fault("flow", "审查流程用的不是申请表现在的版本，请重新发布流程。"))
    if guide.is_licence and not (setup.review_body and setup.court):
        faults.append(Fault("review_body", "行政许可要写明复议机关和管辖法院，决定书里要告知申请人。"))
    faults += partner_faults(hall, setup, guide)
    if faults:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 处没有准备好，暂时不能开通。")


def _locked(by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    require_in_hall(by, SET_UP, hall)
    setup = CaseSetup.objects.select_for_update().filter(pk=setup_id).first()
    if setup is None:
        raise NotFound(_NO_SETUP)
    if setup.revision != revision:
        raise Conflict("这个办理设置刚刚有人改过，您的改动没有保存。请看过现在的内容再改。")
    return setup


def _keep(hall: Hall, setup: CaseSetup) -> None:
    """Write it; the item's page says at once whether people can apply."""
    setup.revision += 1
    setup.save()
    offer_applications(hall, setup)
    touch_hall(hall.pk)


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
