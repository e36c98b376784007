"""What can be done with a case at the desk: by which form, in which state, by whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from foundation.design.forms import FaultyForm
from province.cases.states import BY_REFERRAL, CASE_TRANSITIONS, CaseState, DeliveryWay
from standards.items.codelists import CaseType
from tenants.casework.forms import cases as forms
from tenants.casework.forms import serving as serving_forms
from tenants.casework.forms.base import CaseActForm
from tenants.casework.models import Case
from tenants.casework.operations import (
    acceptance,
    closing,
    deciding,
    examining,
    lacking,
    referrals,
    referrals_in,
    serving,
    work,
)
from tenants.casework.queries.access import DECIDE, HANDLE, may_over
from tenants.casework.queries.corrections import LaterMaterial
from tenants.casework.queries.referrals import is_decided_above
from tenants.casework.queries.serving import served_of_decision, ways_to_choose, ways_to_serve
from tenants.casework.queries.shown import CaseView
from tenants.casework.states import LackingState
from tenants.shell.slots import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerb:
    """``label``: of its button; ``said``: what is said once it is done; ``may``: whether the state of a case allows it;
    ``look``: of the button; ``offers``: by the form's field, what can be chosen of this case."""

    label: str
    said: str
    act: Callable[..., object]
    may: Callable[[CaseView], bool]
    form: type[FaultyForm] = CaseActForm
    permission: str = HANDLE
    look: str = ""
    hint: str = ""
    offers: Callable[[CaseView], Mapping[str, Sequence[tuple[str, str]]]] = lambda _: {}


def _can(state: CaseState) -> Callable[[CaseView], bool]:
    return lambda view: CASE_TRANSITIONS.allows(view.case.state, state)


def _in(*states: CaseState) -> Callable[[CaseView], bool]:
    return lambda view: view.case.state in states


def _is_at_once(view: CaseView) -> bool:
    is_before = view.case.state in {CaseState.RECEIVED, CaseState.ACCEPTED}
    return view.case.case_type == CaseType.INSTANT and is_before and not view.is_owed


def _is_to_be_declined(view: CaseView) -> bool:
    """Of what waits for the applicant (补正), once their time is over."""
    if view.case.state == CaseState.CORRECTING:
        return view.correct_until is not None and view.correct_until < timezone.localdate()
    return view.case.state == CaseState.RECEIVED


def _is_to_be_decided(view: CaseView) -> bool:
    is_above = is_decided_above(view.case)
    waits = view.is_in_flow or view.is_owed or view.is_waiting_for_others
    return view.case.state == CaseState.ACCEPTED and not waits and not is_above


def _later_of(view: CaseView) -> Mapping[str, Sequence[tuple[str, str]]]:
    def named(one: LaterMaterial) -> str:
        return f"{one.material.name}（{one.days} 个工作日内）" if one.days else one.material.name

    return {"materials": [(str(one.material.pk), named(one)) for one in view.later]}


def _ways_of(view: CaseView) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {"way": ways_to_serve(view.case)}


VERBS: Final[dict[str, CaseVerb]] = {
    "take": CaseVerb(
        label="由我办理",
        said="现在由您办理。",
        act=work.take_case,
        may=lambda view: view.case.owner_id is None and view.case.is_open,
        form=FaultyForm,
    ),
    "at-once": CaseVerb(
        label="当场办结",
        said="已受理、决定并送达，办件办结。",
        act=closing.finish_at_once,
        may=_is_at_once,
        form=forms.AtOnceForm,
        look="primary",
    ),
    "accept": CaseVerb(
        label="受理",
        said="已受理，办理期限开始计算，申请人会收到通知。",
        act=acceptance.accept_case,
        may=_in(CaseState.RECEIVED),
        form=forms.AcceptanceForm,
        look="primary",
        hint="受理后按事项的流程交给有关部门。",
    ),
    "accept-lacking": CaseVerb(
        label="容缺受理",
        said="已容缺受理，申请人会收到通知，逾期没有补交的会自动终止办理。",
        act=lacking.accept_lacking,
        may=lambda view: view.case.state == CaseState.RECEIVED and bool(view.later),
        form=forms.LackingForm,
        hint="申请人承诺按期补交指南写明可以容缺后补的材料；其他必要材料都要齐。",
        offers=_later_of,
    ),
    "confirm-lacking": CaseVerb(
        label="补交材料已收齐",
        said="已收齐，可以作出决定。",
        act=lacking.confirm_lacking,
        may=lambda view: view.is_owed,
        look="primary",
        hint="承诺补交的材料都收到、看过，符合要求。",
    ),
    "return-lacking": CaseVerb(
        label="退回补交的材料",
        said="已退回，申请人会收到通知。",
        act=lacking.return_lacking,
        may=lambda view: view.is_owed and view.case.lacking == LackingState.BROUGHT,
        form=forms.LackingReturnForm,
    ),
    "correct": CaseVerb(
        label="补正告知",
        said="已一次告知需要补正的内容。",
        act=acceptance.ask_for_correction,
        may=lambda view: view.case.state == CaseState.RECEIVED and view.correction is None,
        form=forms.CaseCorrectionForm,
        offers=lambda view: {"opened": view.askable},
    ),
    "bring": CaseVerb(
        label="补正材料已收齐",
        said="已收齐，受理期限重新计算。",
        act=acceptance.bring_the_rest,
        may=_in(CaseState.CORRECTING),
        form=forms.BringingForm,
        look="primary",
    ),
    "decline": CaseVerb(
        label="不予受理",
        said="已告知不予受理。",
        act=acceptance.decline_case,
        may=_is_to_be_declined,
        form=forms.DecliningForm,
        look="danger",
    ),
    "decide": CaseVerb(
        label="作出决定",
        said="已作出决定，请送达申请人。",
        act=deciding.decide_case,
        may=_is_to_be_decided,
        form=forms.DecisionForm,
        permission=DECIDE,
        look="primary",
    ),
    "serve": CaseVerb(
        label="送达办结",
        said="已送达，办件办结。",
        act=closing.serve_decision,
        may=_in(CaseState.DECIDED),
        form=serving_forms.ServiceForm,
        look="primary",
        offers=_ways_of,
    ),
    "receipt": CaseVerb(
        label="制发送达回证",
        said="送达回证已制发，在“文书”里打印，请收件人签名。",
        act=closing.make_receipt,
        may=_in(CaseState.DECIDED),
        form=serving_forms.ServiceReceiptForm,
        hint="送达时请收件人签名或者盖章，签好的存档。",
        offers=lambda view: {"way": [one for one in ways_to_serve(view.case) if one[0] != DeliveryWay.ELECTRONIC]},
    ),
    "electronic-receipt": CaseVerb(
        label="制发电子送达回证",
        said="送达回证已制发，写明文书什么时候到达、什么时候打开，在“文书”里打印。",
        act=closing.make_receipt,
        may=lambda view: view.case.state == CaseState.FINISHED and served_of_decision(view.case) is not None,
        form=serving_forms.ElectronicReceiptForm,
        hint="写明决定什么时候到达申请人的办件页面、什么时候由谁打开。一次决定制发一份，最好等打开以后。",
    ),
    "service-choice": CaseVerb(
        label="登记送达方式",
        said="送达方式已登记。",
        act=serving.note_service_choice,
        may=lambda view: view.case.is_open,
        form=serving_forms.ServiceChoiceForm,
        hint="按申请人签名的送达地址确认书登记；以前选的不再算数，送达以前都可以改。",
        offers=lambda view: {"way": ways_to_choose(view.case)},
    ),
    "serve-otherwise": CaseVerb(
        label="改用其他方式送达",
        said="已登记。",
        act=serving.serve_otherwise,
        may=lambda view: view.service.waiting is not None or bool(view.case.service_task),
        form=serving_forms.OtherServiceForm,
        hint="可以先打电话请申请人打开；还不打开，或者要纸质文书的，邮寄或者在窗口交给本人。送达日期仍是电子送达的日期。",
    ),
    "special": CaseVerb(
        label="启动特别程序",
        said="特别程序已启动，期间不计入办理期限。",
        act=examining.begin_special_procedure,
        may=_in(CaseState.ACCEPTED),
        form=forms.SpecialProcedureForm,
    ),
    "special-end": CaseVerb(
        label="结束特别程序",
        said="特别程序已结束，期限继续计算。",
        act=examining.end_special_procedure,
        may=_in(CaseState.PAUSED),
        form=forms.SpecialResultForm,
        look="primary",
    ),
    "extend": CaseVerb(
        label="延长期限",
        said="期限已延长，申请人会收到通知。",
        act=examining.extend_case,
        may=lambda view: view.case.state in {CaseState.ACCEPTED, CaseState.PAUSED} and view.extension is None,
        form=forms.ExtensionForm,
        permission=DECIDE,
    ),
    "suspend": CaseVerb(
        label="中止审查",
        said="已中止审查，期限停止计算。",
        act=examining.suspend_case,
        may=_can(CaseState.SUSPENDED),
        form=forms.CaseReasonForm,
        permission=DECIDE,
    ),
    "resume": CaseVerb(
        label="恢复审查",
        said="已恢复审查，期限继续计算。",
        act=examining.resume_case,
        may=_in(CaseState.SUSPENDED),
        form=forms.ResumptionForm,
        permission=DECIDE,
        look="primary",
    ),
    "withdraw": CaseVerb(
        label="申请人撤回",
        said="已登记撤回。",
        act=examining.withdraw_case,
        may=_can(CaseState.WITHDRAWN),
        form=forms.CaseWithdrawalForm,
        look="danger",
    ),
    "terminate": CaseVerb(
        label="终止办理",
        said="已终止办理。",
        act=examining.terminate_case,
        may=_can(CaseState.TERMINATED),
        form=forms.CaseReasonForm,
        permission=DECIDE,
        look="danger",
    ),
    "transfer": CaseVerb(
        label="移送其他机关",
        said="已移送。",
        act=examining.transfer_case,
        may=_can(CaseState.TRANSFERRED),
        form=forms.CaseTransferForm,
    ),
    "correct-decision": CaseVerb(
        label="更正决定",
        said="已更正，请重新送达。",
        act=deciding.correct_decision,
        may=lambda view: view.decision is not None and view.archive_sheet is None,
        form=forms.DecisionCorrectionForm,
        permission=DECIDE,
    ),
    "take-back": CaseVerb(
        label="取回上报",
        said="已取回，办理期限继续计算。",
        act=referrals.take_back_case,
        may=_in(CaseState.HANDED_UP),
        hint="上级签收以前可以取回。",
    ),
    "send-back": CaseVerb(
        label="退回送来的服务厅",
        said="已退回。",
        act=referrals_in.send_back_case,
        may=lambda view: view.case.state == CaseState.RECEIVED and view.case.channel in BY_REFERRAL,
        form=forms.SendBackForm,
        look="danger",
    ),
    "put-back": CaseVerb(
        label="交回部门",
        said="已交回，部门里的其他人可以办理。",
        act=work.put_back_case,
        may=lambda view: view.case.owner_id is not None and view.case.is_open,
        form=FaultyForm,
    ),
    "archive": CaseVerb(
        label="归档",
        said="已归档。",
        act=closing.archive_case,
        may=lambda view: not view.case.is_open and view.archive_sheet is None,
        form=FaultyForm,
    ),
}


def verbs_for(desk: Desk, view: CaseView) -> list[tuple[str, CaseVerb]]:
    """What this person can do with the case now."""
    return [
        (name, verb)
        for name, verb in VERBS.items()
        if verb.may(view) and _is_allowed(desk, view.case, verb) and _is_ones_own(desk, view.case, name)
    ]


def form_for(name: str, view: CaseView, posted: Any = None, files: Any = None) -> FaultyForm:
    """``posted``: None for a form that nobody has filled in. Several stand on one page: their boxes have ids of their
    own."""
    verb = VERBS[name]
    form = verb.form(posted, files, initial={"revision": view.case.revision}, auto_id=f"{name}-%s")
    for field, choices in verb.offers(view).items():
        form.offer(field, choices)
    if not view.lacks_papers:
        form.fields.pop("takes_papers", None)
    return form


def _is_allowed(desk: Desk, case: Case, verb: CaseVerb) -> bool:
    is_at_once = verb.permission == DECIDE and verb.act is deciding.decide_case and case.case_type == CaseType.INSTANT
    return is_at_once or may_over(desk.by, verb.permission, desk.hall, case)


def _is_ones_own(desk: Desk, case: Case, name: str) -> bool:
    return name != "put-back" or case.owner_id == (desk.by.acting_for_id or desk.by.id)
