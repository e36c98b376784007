"""What those say who do not draw: the pages of the table of steps have everything that a flow can be."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from province.designers.forms.nodes import FlowNodeForm
from province.designers.queries.flow_tables import FlowVocabulary
from province.halls.models import Hall
from standards.flows.changes import change_node
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import AnyFlowNode
from standards.flows.people import WHO_TITLES
from standards.flows.reading import read_flow
from standards.forms.reading import read_definition
from tenants.workflow.models import Run, RunCopy
from tenants.workflow.operations.clock import deliver_message
from tenants.workflow.queries.callable import plugin_choices
from tenants.workflow.queries.flows import people_choices
from tenants.workflow.queries.plugins import known_ports
from tenants.workflow.states import RunStatus
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.plugins import counter, offered
from tests.factories.runs import begin_run, do, open_steps, people
from tests.factories.sites import inside
from tests.tenants.workflow.test_flow_design import _filled, _flow
from tests.tenants.workflow.test_form_design import _address, _Designer

pytestmark = pytest.mark.django_db
DRAWINGS = Path(__file__).parents[2] / "standards/drawings"
FORM: dict[str, Any] = {
    "format": 1,
    "title": "用款单",
    "parts": [
        {
            "name": "all",
            "label": "用款",
            "fields": [
                {"type": "short_text", "name": "why", "label": "事由"},
                {"type": "listed", "name": "boss", "label": "分管领导", "source": "person"},
                {"type": "number", "name": "amount", "label": "金额"},
            ],
        }
    ],
}
DECISIONS = [
    {"code": "agreed", "label": "同意", "is_favourable": True},
    {"code": "refused", "label": "不同意", "is_favourable": False},
]
# where nodes stand on a drawing, and what they are called by programs
NOT_WRITTEN = {"type", "name", "x", "y"}


def every_kind() -> FlowDefinition:
    """A node of each kind with each of its attributes, none as it is by itself."""
    nodes: list[dict[str, Any]] = [
        {"type": "start", "name": "begin", "label": "填单", "otherwise": "read", "fields": {"why": "required"}},
        {
            "type": "step",
            "name": "look",
            "label": "审批",
            "hint": "看清楚再批。",
            "who": {"kind": "expression", "expression": "boss"},
            "fallback": {"kind": "title", "title": "主任"},
            "sharing": "share",
            "share": 60,
            "outcomes": DECISIONS,
            "on_refusal": "return_start",
            "acts": ["copy", "urge"],
            "otherwise": "hidden",
            "fields": {"why": "read"},
            "asks_opinion": "required",
            "phrases": ["同意。"],
            "limit": {"amount": 3, "unit": "days"},
            "remind_before": {"amount": 4, "unit": "working_hours"},
            "at_limit": "hand_up",
            "copies": [{"kind": "initiator"}, people("hua")],
            "free": True,
            "risk": {"grade": "high", "risk": "收礼", "control": "两人办"},
            "public_label": "审查",
            "public_names": True,
        },
        {"type": "exclusive", "name": "which", "label": "同意吗"},
        {"type": "timer", "name": "rest", "label": "公示", "wait": {"amount": 2, "unit": "hours"}},
        {"type": "message", "name": "paid", "label": "等缴费", "message": "payment"},
        {
            "type": "call",
            "name": "sub",
            "label": "会审",
            "flow": "inner",
            "waits": False,
            "given": {"why": "why"},
            "taken": {"why": "why"},
        },
        {
            "type": "plugin",
            "name": "money",
            "label": "收款",
            "plugin": "pay",
            "given": {"amount": "amount"},
            "constants": {"place": "window"},
            "taken": {"number": "why"},
            "keeper": {"kind": "initiator"},
        },
        {"type": "end", "name": "stopped", "label": "没有同意", "is_refused": True, "terminates": True},
        {"type": "end", "name": "finish", "label": "办完"},
    ]
    ways = ["begin look", "look which", "which stopped", "rest paid", "paid sub", "sub money", "money finish"]
    edges = [dict(zip(("source", "target"), way.split(), strict=True)) for way in ways]
    edges[2]["condition"] = 'look.outcome == "refused"'
    other = {"name": "other", "source": "which", "target": "rest", "is_default": True}
    named = [edge | {"name": f"way_{number}"} for number, edge in enumerate(edges)]
    owner = {"kind": "role", "role": "hall_administrator"}
    return read_flow({"format": 1, "title": "用款", "owner": owner, "nodes": nodes, "edges": [*named, other]})


def filled_in(form: FlowNodeForm) -> MultiValueDict[str, Any]:
    """What a browser would send of the page as it is."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list | tuple):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False:
            data[name] = "on" if value is True else str(value)
    data["revision"] = "0"
    return data


class TestNodes:
    def test_have_every_attribute_on_their_pages_and_keep_it(self, north: Hall) -> None:
        flow, form = every_kind(), read_definition(FORM)
        calls = [{"code": "inner", "title": "会审", "fields": [("why", "事由")]}]
        lacking, kinds = {}, set()
        with inside(north), offered(counter("https://counter.example")):
            vocabulary = FlowVocabulary(
                choices=people_choices(north), kinds=WHO_TITLES, plugins=plugin_choices(north), flows=calls
            )
            asked: dict[str, Any] = {"flow": flow, "form": form, "vocabulary": vocabulary, "ports": known_ports()}
            for node in flow.nodes:
                asked["node"] = node
                sent = FlowNodeForm(filled_in(FlowNodeForm(None, **asked)), **asked)
                assert sent.is_valid(), (node.name, sent.errors)
                if left := set(type(node).model_fields) - NOT_WRITTEN - set(sent.values()):
                    lacking[node.name] = left
                assert change_node(flow, name=node.name, values=sent.values(), ways=sent.ways()) == flow, node.name
                kinds.add(type(node))
        assert lacking == {}
        assert kinds == set(get_args(AnyFlowNode))

    def test_copy_wait_for_a_message_and_end_as_refused(self, north: Hall) -> None:
        sun = _Designer("sun")
        with inside(north):
            form = make_published_form(north, FORM)
        sun.post("desk-flow-new", title="用款")
        key = _flow(north).pk

        def page_of(name: str, **given: Any) -> Any:
            page = sun.get("desk-flow-node", key, name).text
            return sun.post("desk-flow-node", key, name, **_filled(page) | given)

        sun.post("desk-flow-settings", key, form_id=str(form.pk), amount="", unit="days", revision=0)
        sun.post("desk-flow-change", key, act="message", name="begin", revision=1)
        hua = str(person("hua").id)
        copied = {"copy1_kind": "people", "copy1_account_ids": hua, "who_kind": "expression", "who_expression": "boss"}
        assert "请填写" in page_of("approval", who_kind="expression").text
        page = page_of("approval", **copied)
        assert ("已保存" in page.text, "收到消息“message”" in page.text) == (True, True), page.text
        assert "代码用小写英文字母" in page_of("message_1", message="付款").text
        page_of("message_1", message="payment", label="等缴费")
        assert "已保存" in page_of("finish", is_refused="on").text
        assert "已发布" in sun.post("desk-flow-publish", key, revision=_flow(north).revision).text
        with inside(north):
            run = begin_run(north, _flow(north), posted={"why": "买纸", "boss": str(person("tao").id)})
            assert open_steps(run) == ["message_1"]
            deliver_message(by=person("he"), hall=north, run_id=run.pk, message="payment")
            # who is picked in the form has it, and who is named is shown it
            assert list(RunCopy.objects.values_list("account_id", flat=True)) == [person("hua").id]
            do(north, run, "approval", "tao", "agreed")
            assert Run.objects.get().status == RunStatus.REFUSED


class TestTheWhole:
    def test_is_renamed_and_given_an_owner_where_a_drawing_names_none(self, north: Hall) -> None:
        sun = _Designer("sun")
        drawing = SimpleUploadedFile("flow.bpmn", (DRAWINGS / "camunda.bpmn").read_bytes())
        shown = sun.post("desk-flow-new", title="导入", file=drawing).text
        key = _flow(north).pk
        at = _address("desk-flow-whole", key)
        assert re.search(f'流程负责人现在没有人[^<]*<a href="{at}">去改', shown)
        page = sun.get("desk-flow-whole", key).text
        given = _filled(page) | {"title": "请假\n审批", "hint": "三天以上找分管领导。"}
        refused = sun.post("desk-flow-whole", key, **given | {"owner_kind": "people"})
        assert (refused.status_code, "请填写" in refused.text) == (422, True)
        given |= {"owner_kind": "role", "owner_role": "hall_administrator"}
        saved = sun.post("desk-flow-whole", key, **given).text
        for words in ("已保存", "请假 审批", "岗位“服务厅管理员”"):
            assert words in saved, words
        assert "流程负责人现在没有人" not in saved
        definition = read_flow(_flow(north).definition)
        assert (definition.title, definition.hint) == ("请假 审批", "三天以上找分管领导。")
        stale = sun.post("desk-flow-whole", key, **given | {"title": "旧的", "revision": "0"})
        assert (stale.status_code, _flow(north).title) == (422, "请假 审批")
        assert _Designer("cao").post("desk-flow-whole", key, **given).status_code == 403
