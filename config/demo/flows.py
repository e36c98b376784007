"""The demo's flow: 请假, with its form, and runs of it in every state that people meet first."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from config.demo.people import COUNTY_CODE, actor_called
from foundation import schemas
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow, Form, Run, WorkItem
from tenants.workflow.operations.flows import create_flow, publish_flow, set_up_flow
from tenants.workflow.operations.forms import create_form, publish_form
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.returns import return_item
from tenants.workflow.operations.runs import start_run
from tenants.workflow.states import OPEN_ITEMS

_TITLE: Final = "请假申请"
_FORM: Final[Mapping[str, Any]] = {
    "format": 1,
    "title": _TITLE,
    "hint": "三个工作日以内由分管领导审批，超过的再由办公室会签。",
    "parts": [
        {
            "name": "leave",
            "label": "请假",
            "fields": [
                {"type": "person_name", "name": "name", "label": "姓名", "required": True},
                {
                    "type": "choice",
                    "name": "kind",
                    "label": "请假类型",
                    "required": True,
                    "options": [
                        {"code": "annual", "label": "年休假"},
                        {"code": "personal", "label": "事假"},
                        {"code": "sick", "label": "病假"},
                        {"code": "family", "label": "探亲假"},
                    ],
                },
                {"type": "period", "name": "days", "label": "起止日期", "required": True},
                {
                    "type": "computed",
                    "name": "workdays",
                    "label": "工作日天数",
                    "result": "number",
                    "decimals": 0,
                    "expression": "days.workdays",
                },
                {"type": "long_text", "name": "reason", "label": "事由", "required": True},
                {
                    "type": "short_text",
                    "name": "hospital",
                    "label": "就诊医院",
                    "required": True,
                    "visible_when": "kind == 'sick'",
                },
                {"type": "listed", "name": "agent", "label": "代办人", "source": "person"},
            ],
        }
    ],
}
_AGREED: Final = [
    {"code": "agreed", "label": "同意"},
    {"code": "refused", "label": "不同意", "is_favourable": False},
]
_FLOW: Final[Mapping[str, Any]] = {
    "format": 1,
    "title": _TITLE,
    "owner": {"kind": "role", "role": "hall_administrator"},
    "nodes": [
        {"type": "start", "name": "start", "label": "填写申请"},
        {
            "type": "step",
            "name": "leader",
            "label": "分管领导审批",
            "who": {"kind": "role", "role": "approving_leader"},
            "outcomes": _AGREED,
            "acts": ["return_previous", "transfer", "add_before", "add_beside", "copy"],
            "limit": {"amount": 1, "unit": "working_days"},
        },
        {"type": "exclusive", "name": "length", "label": "超过三个工作日？"},
        {
            "type": "step",
            "name": "office",
            "label": "办公室会签",
            "who": {"kind": "role", "role": "hall_administrator"},
            "sharing": "all",
            "outcomes": _AGREED,
            "acts": ["return_previous", "return_any", "copy"],
            "limit": {"amount": 1, "unit": "working_days"},
        },
        {"type": "exclusive", "name": "merged", "label": ""},
        {"type": "end", "name": "finish", "label": "结束"},
    ],
    "edges": [
        {"name": "e1", "source": "start", "target": "leader"},
        {"name": "e2", "source": "leader", "target": "length"},
        {"name": "e3", "source": "length", "target": "office", "label": "是", "condition": "workdays > 3"},
        {"name": "e4", "source": "length", "target": "merged", "label": "否", "is_default": True},
        {"name": "e5", "source": "office", "target": "merged"},
        {"name": "e6", "source": "merged", "target": "finish"},
    ],
}


def run_flows() -> None:
    """Make the form and the flow at the county, and start runs of it; a second call changes nothing."""
    county = hall_with_code(COUNTY_CODE)
    with transaction.atomic(), schemas.enter(county.schema_name):
        if Flow.objects.exists():
            return
        flow = _make_flow(county)
        _decide(county, _start(county, flow, "chen", "annual", days=1, reason="家里有事，休一天年假。"), "agreed")
        waiting = _start(county, flow, "wu", "personal", days=2, reason="送孩子开学。")
        _return(county, waiting)
        _decide(county, _start(county, flow, "chen", "family", days=9, reason="回老家看望父母。"), "agreed")
        _start(county, flow, "sun", "annual", days=2, reason="年底前把余下的年休假休完。")


def _make_flow(hall: Hall) -> Flow:
    by = actor_called("he")
    form: Form = create_form(by=by, hall=hall, code="leave", title=_TITLE, definition=_FORM)
    publish_form(by=by, hall=hall, form_id=form.pk, revision=form.revision)
    flow = create_flow(by=by, hall=hall, code="leave", title=_TITLE, definition=read_flow(_FLOW))
    flow = set_up_flow(by=by, hall=hall, flow_id=flow.pk, form_id=form.pk, promise=None, revision=flow.revision)
    publish_flow(by=by, hall=hall, flow_id=flow.pk, revision=flow.revision)
    return flow


def _start(hall: Hall, flow: Flow, username: str, kind: str, *, days: int, reason: str) -> Run:
    by = actor_called(username)
    begins = timezone.localdate() + timedelta(days=7)
    posted = {
        "name": by.name,
        "kind": kind,
        "days": {"begins_on": f"{begins}", "ends_on": f"{begins + timedelta(days=days - 1)}"},
        "reason": reason,
    }
    return start_run(by=by, hall=hall, flow_id=flow.pk, posted=posted)


def _item(run: Run) -> WorkItem:
    return WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS).latest("pk")


def _taken(hall: Hall, run: Run) -> WorkItem:
    """The leader's turn, taken where it has to be."""
    item = _item(run)
    if item.owner_id is None:
        claim_item(by=actor_called("liu"), hall=hall, item_id=item.pk)
    return item


def _decide(hall: Hall, run: Run, outcome: str) -> None:
    finish_item(by=actor_called("liu"), hall=hall, item_id=_taken(hall, run).pk, outcome=outcome, opinion="同意。")


def _return(hall: Hall, run: Run) -> None:
    return_item(by=actor_called("liu"), hall=hall, item_id=_taken(hall, run).pk, opinion="请写明由谁代班。")
