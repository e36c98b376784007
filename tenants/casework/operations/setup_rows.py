"""A setup's row: held, kept, and looked at before applications are taken."""

from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.rights.actors import Actor
from standards.forms.applying import missing_names
from tenants.casework.models import CaseSetup
from tenants.casework.operations.referral_turns import offer_applications
from tenants.casework.operations.setup_partners import partner_faults
from tenants.casework.queries.access import SET_UP
from tenants.casework.queries.flow_changes import former_flows_with
from tenants.casework.queries.guides import CaseGuide
from tenants.casework.queries.setups import NO_SETUP
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Flow, Form
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.states import DesignState


def check_ready(hall: Hall, setup: CaseSetup, guide: CaseGuide) -> None:
    """Raises Invalid with a fault for each thing that is still missing for applications."""
    faults = [Fault("guide", f"办事指南缺少“{label}”，不能开通。") for label in guide.lacks]
    if setup.is_online and guide.values.get("is_online") is False:
        faults.append(
            Fault("is_online", "办事指南的“是否网办”是“否”，不能开通网上申请。请先改指南，或者只在窗口收件。")
        )
    form = Form.objects.select_related("newest").get(pk=setup.form_id)
    if form.newest is None or form.state != DesignState.PUBLISHED:
        faults.append(Fault("form", "申请表还没有发布。"))
    else:
        faults += [Fault("form", f"申请表缺少“{label}”。") for label in missing_names(definition_of(form.newest))]
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


def locked_setup(by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """The row, held for the operation that asks. Raises NotFound, Conflict where somebody saved since ``revision``."""
    require_in_hall(by, SET_UP, hall)
    setup = CaseSetup.objects.select_for_update().filter(pk=setup_id).first()
    if setup is None:
        raise NotFound(NO_SETUP)
    if setup.revision != revision:
        raise Conflict("这个办理设置刚刚有人改过，您的改动没有保存。请看过现在的内容再改。")
    return setup


def replace_flow(setup: CaseSetup, flow_id: UUID | None) -> None:
    """Let applications be examined by another flow, in the caller's hands; what was received before on a form that it
    does not read goes on by the one that was there."""
    if setup.flow_id != flow_id:
        setup.former_flows = former_flows_with(setup, timezone.now())
        setup.flow_id = flow_id


def keep_setup(hall: Hall, setup: CaseSetup) -> None:
    """Write it; the item's page says at once whether people can apply."""
    setup.revision += 1
    setup.save()
    offer_applications(hall, setup)
    touch_hall(hall.pk)
