"""The demo's cases: items that can be applied for at the county's hall, and applications in every state that people
meet."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction

from config.demo.desks import say_applied_online
from config.demo.people import COUNTY_CODE, actor_called
from config.demo.ratings import rate_what_was_done
from config.machine.progress import Step
from foundation import schemas
from province.cases.states import CaseChannel, CaseOutcome, CaseState, DeliveryWay
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from province.rights.actors import Actor
from standards.flows.reading import read_flow
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, decline_case, note_materials
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.complaints import CaseComplaint, complain_about_looked_up_case
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import begin_special_procedure, withdraw_case
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.queries.setups import addable_items
from tenants.casework.states import MaterialState
from tenants.engagement.operations.answering import reply_to_question
from tenants.engagement.operations.asking import Guest
from tenants.workflow.models import Flow, Form, WorkItem
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.flows import create_flow, publish_flow, set_up_flow
from tenants.workflow.operations.forms import open_form, publish_form
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.states import OPEN_ITEMS

# of those that the county has published: the first is examined in a flow, the others by their department
_ITEMS: Final = ("食品经营许可", "个体工商户设立登记", "高龄津贴给付", "临时救助")
# names without owners; numbers with right check digits
_APPLICANTS: Final = (
    ("周建国", "420582197003157612", "13800000201"),
    ("吴秀英", "420582195808127622", "13800000202"),
    ("郑海涛", "42058219851123763X", "13800000203"),
    ("王玉梅", "420582199206187642", "13800000204"),
    ("冯志强", "420582197709097658", "13800000205"),
    ("陈小燕", "420582199912257660", "13800000206"),
)
_COMPLAINTS: Final = (
    ("周建国", "13800000201", "跑了三趟，每次说的要补的材料都不一样，能不能一次说清楚？", ""),
    (
        "吴秀英",
        "13800000202",
        "窗口上午十一点就不收件了，门口写的是十二点。",
        "您反映的情况属实，已对当天值班人员批评教育，收件时间按公示的执行到十二点。给您添麻烦了，谢谢监督。",
    ),
)
_EXAMINE: Final[dict[str, Any]] = {
    "format": 1,
    "title": "许可审查",
    "owner": {"kind": "role", "role": "hall_administrator"},
    "nodes": [
        {"type": "start", "name": "start", "label": "受理"},
        {
            "type": "step",
            "name": "examine",
            "label": "承办人审查",
            "who": {"kind": "role", "role": "handler"},
            "acts": ["transfer", "copy"],
            "limit": {"amount": 3, "unit": "working_days"},
        },
        {
            "type": "step",
            "name": "approve",
            "label": "分管领导审批",
            "who": {"kind": "role", "role": "approving_leader"},
            "outcomes": [
                {"code": "granted", "label": "准予"},
                {"code": "refused", "label": "不予", "is_favourable": False},
            ],
            "acts": ["return_previous", "copy"],
            "limit": {"amount": 2, "unit": "working_days"},
        },
        {"type": "end", "name": "finish", "label": "结束"},
    ],
    "edges": [
        {"name": "e1", "source": "start", "target": "examine"},
        {"name": "e2", "source": "examine", "target": "approve"},
        {"name": "e3", "source": "approve", "target": "finish"},
    ],
}


def take_applications(step: Step) -> None:
    """Open the items and take applications in; killed, the next call does what is left of it."""
    county = hall_with_code(COUNTY_CODE)
    with schemas.enter(county.schema_name):
        if Case.objects.exists():
            return
        with transaction.atomic():
            setups = [open_item(county, name, has_flow=not place) for place, name in enumerate(_ITEMS)]
            made = [one for one in setups if one]
            for place, act in enumerate(_ACTS):
                case = apply_at_window(county, made[place % len(made)], place)
                act(county, case)
                step.say(f"{place + 1} / {len(_ACTS)} 件")
            rate_what_was_done(county)
            _complain(county)
        step.note = f"{len(_ACTS)} 件"


def open_item(hall: Hall, name: str, *, has_flow: bool = False) -> CaseSetup | None:
    """Take applications for an item online; None where the hall shows no guide of it."""
    by = actor_called("he")
    item_id = next((pk for pk, called in addable_items() if called == name), None)
    if item_id is None:
        return None
    say_applied_online(hall, UUID(item_id))
    setup = set_up_cases(by=by, hall=hall, item_id=UUID(item_id))
    form = Form.objects.get(pk=setup.form_id)
    publish_form(by=by, hall=hall, form_id=form.pk, revision=form.revision)
    open_form(by=by, hall=hall, form_id=form.pk, is_open=True)
    flow = _flow(hall, form) if has_flow else None
    setup = change_setup(
        by=by,
        hall=hall,
        setup_id=setup.pk,
        revision=setup.revision,
        wish=SetupWish(
            flow_id=flow.pk if flow else None,
            unit_id=setup.unit_id,
            is_online=True,
            review_body="当阳市人民政府",
            court="当阳市人民法院",
        ),
    )
    return open_setup(by=by, hall=hall, setup_id=setup.pk, revision=setup.revision)


def _flow(hall: Hall, form: Form) -> Flow:
    by = actor_called("he")
    flow = create_flow(by=by, hall=hall, code="examine", title="许可审查", definition=read_flow(_EXAMINE))
    flow = set_up_flow(by=by, hall=hall, flow_id=flow.pk, form_id=form.pk, promise=None, revision=flow.revision)
    publish_flow(by=by, hall=hall, flow_id=flow.pk, revision=flow.revision)
    return flow


def apply_at_window(hall: Hall, setup: CaseSetup, place: int) -> Case:
    """Somebody comes to the window."""
    name, number, phone = _APPLICANTS[place % len(_APPLICANTS)]
    posted = {
        "applicant_nature": "person",
        "applicant_name": name,
        "applicant_number": number,
        "applicant_mobile": phone,
        "agent_is_there": False,
        "promise_agreed": True,
    }
    who = FormFiller(actor_called("wu"))
    filled = begin_application(who=who, hall=hall, setup_id=setup.pk, channel=CaseChannel.WINDOW, is_another=True)
    saved = save_filling(who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision)
    send_filling(who=who, hall=hall, filled_id=filled.pk, revision=saved.filled.revision)
    return Case.objects.get(filled=filled)


def _complain(hall: Hall) -> None:
    """Two people complain; one of them has an answer."""
    cases = Case.objects.filter(state__in=[CaseState.CORRECTING, CaseState.ACCEPTED]).order_by("pk")
    for case, (name, phone, text, answer) in zip(cases, _COMPLAINTS, strict=False):
        complaint, guest = CaseComplaint(text=text), Guest(name=name, phone=phone)
        made = complain_about_looked_up_case(hall=hall, case_id=case.pk, complaint=complaint, guest=guest)
        if answer:
            after = made.messages.latest("pk").pk
            reply_to_question(by=actor_called("he"), hall=hall, question_id=made.pk, text=answer, after=after)


def _wait(hall: Hall, case: Case) -> None:
    """It is left for who signs in as the clerk."""


def _correct(hall: Hall, case: Case) -> None:
    asked = ["身份证复印件看不清，请重新复印。", "缺少经营场所使用证明。"]
    ask_for_correction(by=actor_called("wu"), hall=hall, case_id=case.pk, asked=asked, workdays=10)


def _decline(hall: Hall, case: Case) -> None:
    said = "您的户籍在宜昌市夷陵区，应当向夷陵区政务服务中心申请。"
    decline_case(by=actor_called("wu"), hall=hall, case_id=case.pk, said=said)


def accept(hall: Hall, case: Case, by: Actor | None = None) -> None:
    """With all materials; by who handles cases at the county, where nobody else is said."""
    by = by or actor_called("chen")
    states = {one.pk: MaterialState.GIVEN for one in case.materials.all()}
    note_materials(by=by, hall=hall, case_id=case.pk, states=states)
    accept_case(by=by, hall=hall, case_id=case.pk)
    case.refresh_from_db()


def _examine(hall: Hall, case: Case) -> None:
    """Where it has a flow, its first step is done: the leader's turn."""
    accept(hall, case)
    if case.run_id is None:
        return
    by = actor_called("chen")
    item = WorkItem.objects.get(run=case.run_id, state__in=OPEN_ITEMS)
    if item.owner_id is None:
        claim_item(by=by, hall=hall, item_id=item.pk)
    finish_item(by=by, hall=hall, item_id=item.pk, opinion="材料齐全，现场符合要求，建议准予。")


def _pause(hall: Hall, case: Case) -> None:
    accept(hall, case)
    begin_special_procedure(
        by=actor_called("chen"),
        hall=hall,
        case_id=case.pk,
        kind="experts",
        basis="《中华人民共和国行政许可法》第四十五条",
        limit="20wd",
    )


def _withdraw(hall: Hall, case: Case) -> None:
    withdraw_case(by=actor_called("wu"), hall=hall, case_id=case.pk, reason="本人到窗口书面撤回。")


def _decide(hall: Hall, case: Case, outcome: str = CaseOutcome.GRANTED, reasons: str = "") -> None:
    accept(hall, case)
    if case.run_id is None:
        decide_case(by=actor_called("liu"), hall=hall, case_id=case.pk, outcome=outcome, reasons=reasons)


def _refuse(hall: Hall, case: Case) -> None:
    _decide(hall, case, CaseOutcome.REFUSED, "经核对，家庭人均收入高于规定的标准，不符合条件。")


def _finish(hall: Hall, case: Case) -> None:
    _decide(hall, case)
    if case.run_id is None:
        serve_decision(
            by=actor_called("wu"), hall=hall, case_id=case.pk, way=DeliveryWay.WINDOW, proof="本人到窗口签收"
        )


def _archive(hall: Hall, case: Case) -> None:
    _finish(hall, case)
    if case.run_id is None:
        archive_case(by=actor_called("wu"), hall=hall, case_id=case.pk)


# by turns for each of the items
_ACTS: Final = (
    *(_wait, _wait, _wait, _wait),
    *(_examine, accept, _correct, _decline),
    *(accept, _decide, _finish, _refuse),
    *(_pause, _finish, _archive, _pause),
    *(_withdraw, _archive, _decide, _finish),
)
