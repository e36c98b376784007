"""The desk's pages of flows and the interface beside them: what they say, who may, and no other hall's."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from foundation.errors import Conflict, Invalid, NotFound
from province.audit.models import AuditEntry
from province.designers.queries.flow_tables import MOST_FLOW_REVISIONS
from province.halls.models import Hall
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow, FlowVersion
from tenants.workflow.operations import flows
from tenants.workflow.operations.designs import retire_design
from tenants.workflow.urls import flow_verbs
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.sites import inside
from tests.tenants.workflow.test_form_design import _address, _Designer

pytestmark = pytest.mark.django_db
DRAWINGS = Path(__file__).parents[2] / "standards/drawings"


@pytest.fixture
def sun(north: Hall) -> _Designer:
    return _Designer("sun")


def _flow(hall: Hall) -> Flow:
    with inside(hall):
        return Flow.objects.select_related("newest", "form__newest").get()


def _said(answer: Any) -> str:
    return json.dumps(answer.json(), ensure_ascii=False)


def _begun(north: Hall, sun: _Designer) -> Flow:
    sun.post("desk-flow-new", title="请假")
    return _flow(north)


class TestPages:
    def test_lead_from_nothing_to_versions(  # noqa: PLR0915 - one way through all pages
        self, north: Hall, sun: _Designer
    ) -> None:
        assert "还没有流程" in sun.get("desk-flows").text
        made = _begun(north, sun)
        assert (made.code, [node["name"] for node in made.definition["nodes"]]) == (
            "qing_jia",
            ["begin", "approval", "finish"],
        )
        with inside(north):
            form = make_published_form(north)

        def change(act: str, name: str = "") -> Any:
            return sun.post("desk-flow-change", made.pk, act=act, name=name, revision=_flow(north).revision)

        assert "可以撤销" in change("branch:exclusive", "approval").text
        page = change("step", "step_1").text
        assert "没有写条件" in page
        assert 'nodes/fork_1/">去改' in page
        assert "本厅的表单" not in page
        sun.post("desk-flow-settings", made.pk, form_id=str(form.pk), amount="5", unit="working_days", revision=2)
        assert _flow(north).form_id == form.pk

        node = sun.get("desk-flow-node", made.pk, "approval")
        assert "办理人" in node.text
        given = _filled(node.text) | {
            "label": "科长审批",
            "who_kind": "role",
            "who_role": "approving_leader",
            "good": "同意",
            "bad": "不同意\n退回",
            "amount": "2",
            "grade": "high",
            "risk": "收受好处",
        }
        saved = sun.client.post(_address("desk-flow-node", made.pk, "approval"), given, follow=True)
        assert "已保存" in saved.text
        approval = read_flow(_flow(north).definition).named_nodes["approval"].model_dump(mode="json")
        assert approval["who"] == {"kind": "role", "role": "approving_leader", "in_unit": False}
        assert [one["label"] for one in approval["outcomes"]] == ["同意", "不同意", "退回"]
        assert [one["code"] for one in approval["outcomes"]][:2] == ["agreed", "refused"]
        assert approval["risk"]["grade"] == "high"
        fork = _filled(sun.get("desk-flow-node", made.pk, "fork_1").text)
        fork |= {"way_0_condition": 'approval.outcome == "agreed"', "way_1_is_default": "on"}
        sun.client.post(_address("desk-flow-node", made.pk, "fork_1"), fork, follow=True)
        page = sun.get("desk-flow", made.pk).text
        assert "“科长审批的办理结果”是“同意”：到第 4 行" in page

        current = _flow(north)
        assert (undone := sun.post("desk-flow-undo", made.pk, revision=current.revision)) is not None
        assert "已撤销" in undone.text
        assert "没有写条件" in undone.text
        sun.post("desk-flow-redo", made.pk, revision=_flow(north).revision)
        assert _flow(north).definition == current.definition
        self._conditions_stand_in_lists(sun, made)
        assert "“科长审批的办理结果”是“同意”：到第 4 行" in sun.get("desk-flow", made.pk).text
        published = sun.post("desk-flow-publish", made.pk, revision=_flow(north).revision)
        assert "已发布" in published.text, published.text
        version = _flow(north).newest
        assert version is not None
        with inside(north):
            version = FlowVersion.objects.get()
            assert version.form_version == form.newest
            with pytest.raises(IntegrityError), transaction.atomic():
                FlowVersion.objects.update(definition={})
        sun.ask(
            "change_flow",
            made.pk,
            act="change_node",
            given={"name": "step_1", "values": {"label": "复核"}},
            revision=_flow(north).revision,
        )
        assert "改名为“复核”" in sun.get("desk-flow-compare", made.pk, **{"from": "1", "to": "0"}).text
        assert "两个版本没有不同" in sun.get("desk-flow-compare", made.pk, **{"from": "1", "to": "1"}).text
        assert sun.get("desk-flow-compare", made.pk, **{"from": "7", "to": "0"}).status_code == 404
        drawn = sun.get("desk-flow-export", made.pk, version="1")
        assert read_bpmn(drawn.content).flow.as_json()["nodes"][1]["label"] == "科长审批"
        assert json.loads(sun.get("desk-flow-export", made.pk, format="json").content) == _flow(north).definition
        given_to_island = re.search(r'id="flow-given"[^>]*>(.*?)</script>', sun.get("desk-flow-draw", made.pk).text)
        assert given_to_island
        assert json.loads(given_to_island[1])["revision"] == _flow(north).revision
        for verb, state, word in (
            ("retire", "retired", "已停用"),
            ("restore", "published", "已恢复"),
            ("leave", "published", "已退出画图"),
        ):
            assert word in sun.post(f"desk-flow-{verb}", made.pk).text
            assert _flow(north).state == state
        assert "请假" in sun.get("desk-flows", search="请").text
        with inside(north):
            acts = set(AuditEntry.objects.filter(object_id=str(made.pk)).values_list("act", flat=True))
        assert acts >= {f"workflow.{verb}_flow" for verb in ("create", "set_up", "publish", "retire", "restore")}

    def _conditions_stand_in_lists(self, sun: _Designer, made: Flow) -> None:
        """A comparison is picked, by labels alone; what is more is written out; nothing changes until it is right."""
        at = _address("desk-flow-node", made.pk, "fork_1")
        shown = _filled(sun.client.get(at).text) | {"way_1_is_default": "on"}
        lists = {"name": "approval.outcome", "sign": "是", "value": "同意", "condition": ""}
        assert {part: shown[f"way_0_{part}"] for part in lists} == lists
        for part, given, said in (
            ("sign", "大于", "“怎样比较”请选：是、不是"),
            ("value", "agreed", "没有“agreed”，可以写：同意、不同意、退回"),
            ("value", "", "还没有写比较的内容"),
            ("condition", "1 == 1", "请只留一样"),
        ):
            refused = sun.client.post(at, shown | {f"way_0_{part}": given})
            assert (refused.status_code, said in refused.text) == (422, True), said
        more = {"way_0_name_2": "approval.outcome", "way_0_sign_2": "不是", "way_0_value_2": "退回"}
        for given, said in (
            ({"way_0_value_2": "没有"}, "没有“没有”，可以写"),
            ({"way_0_name_2": ""}, "还没有选“看哪一项”"),
            ({"way_0_name": "", "way_0_sign": "", "way_0_value": "", "way_0_condition": "1 == 1"}, "已经选了"),
        ):
            refused = sun.client.post(at, shown | more | given)
            assert (refused.status_code, said in refused.text) == (422, True), said
        for joined, words in (("and", "，并且"), ("or", "，或者")):
            assert "已保存" in sun.client.post(at, shown | more | {"way_0_joined": joined}, follow=True).text
            assert words in sun.get("desk-flow", made.pk).text
            shown = _filled(sun.client.get(at).text) | {"way_1_is_default": "on"}
            assert {name: shown[name] for name in more} == more
            assert shown["way_0_joined"] == joined
        shown |= dict.fromkeys(more, "")
        own = shown | {"way_0_name": "", "way_0_sign": "", "way_0_value": "", "way_0_condition": "【天数】 > 3"}
        assert "没有叫“天数”的字段" in sun.client.post(at, own).text
        own["way_0_condition"] = '【科长审批的办理结果】 == "refused"'
        assert "已保存" in sun.client.post(at, own, follow=True).text
        shown["revision"] = _filled(sun.client.get(at).text)["revision"]
        assert "已保存" in sun.client.post(at, shown, follow=True).text

    def test_take_drawings_of_others_and_refuse_by_name(self, north: Hall, sun: _Designer) -> None:
        def begun(content: bytes, **data: str) -> Any:
            return sun.post("desk-flow-new", title="导入", file=SimpleUploadedFile("flow.bpmn", content), **data)

        raw = (DRAWINGS / "camunda.bpmn").read_bytes()
        bad = begun(raw.replace(b"bpmn:userTask", b"bpmn:scriptTask"))
        assert bad.status_code == 422
        assert "是脚本任务（scriptTask），本系统没有" in bad.text
        assert "最多 2 MB" in begun(b" " * (5 * 1024 * 1024)).text
        assert "没有事项用过这个编码" in sun.post("desk-flow-new", title="按事项", item_code="999").text
        page = begun(raw)
        assert "taskListener会运行程序" in page.text
        assert "“负责人审批”现在没有人能办" in page.text
        again = sun.get("desk-flow-export", _flow(north).pk, format="json").content
        assert read_flow(begun(again).context["flow"].definition).title == "导入"


def _filled(page: str) -> dict[str, str]:
    """What a browser would send of a page's form, without its unticked boxes."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = (re.search(rf'{one}="([^"]*)"', tag) for one in ("name", "value"))
        if name and 'type="checkbox"' not in tag and 'type="search"' not in tag and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        if chosen:
            found[name] = chosen[1]
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = text.strip()
    return found


class TestInterface:
    def test_does_what_the_pages_do(self, north: Hall, sun: _Designer) -> None:
        made = sun.ask("make_flow", title="采购", drawing=(DRAWINGS / "flowable.bpmn").read_text()).json()
        assert any("candidateStrategy" in one["message"] for one in made["left_out"])
        key, revision = made["flow"]["id"], made["flow"]["revision"]
        assert sun.client.get(_address("hall-api:list_flows")).json()["items"][0]["code"] == "cai_gou"
        drawing = sun.client.get(_address("hall-api:show_drawing", key)).text
        drawn = sun.ask("draw_flow", key, method="PUT", drawing=drawing, revision=revision)
        assert (drawn.status_code, drawn.json()["left_out"]) == (200, [])
        moved = drawing.replace('name="资产审核"', 'name="资产科审核"')
        drawn = sun.ask("draw_flow", key, method="PUT", drawing=moved, revision=revision).json()
        assert drawn["flow"]["revision"] == revision + 1
        stale = sun.ask("draw_flow", key, method="PUT", drawing=moved, revision=revision)
        assert stale.status_code == 409
        refused = sun.ask("change_flow", key, act="run", given={}, revision=revision + 1)
        assert (refused.status_code, "没有“run”这种改动" in _said(refused)) == (422, True)
        refused = sun.ask("change_flow", key, act="add_step", given={"label": 7}, revision=revision + 1)
        assert (refused.status_code, "没有给全" in _said(refused)) == (422, True)
        refused = sun.ask("publish_flow", key, revision=revision + 1)
        assert refused.status_code == 422
        assert any(
            one["where"] == "finance.who" for one in sun.client.get(_address("hall-api:list_flow_faults", key)).json()
        )
        stepped = sun.ask("step_through_flow", key, revision=revision + 1)
        assert stepped.json()["revision"] == revision + 2
        definition = sun.client.get(_address("hall-api:show_flow", key)).json()["definition"]
        assert not [node for node in definition["nodes"] if node.get("label") == "资产科审核"]
        assert sun.ask("save_flow", key, method="PATCH", definition={}, revision=revision + 2).status_code == 422
        saved = sun.ask(
            "save_flow", key, method="PATCH", definition=definition | {"title": "采购审批"}, revision=revision + 2
        )
        assert saved.json()["title"] == "采购审批"
        settings = sun.ask(
            "set_up_flow", key, method="PUT", promise={"amount": 3, "unit": "days"}, revision=revision + 3
        ).json()
        assert settings["promise"] == {"amount": 3, "unit": "days"}
        lost = sun.ask("set_up_flow", key, method="PUT", form_id=str(uuid4()), revision=revision + 4)
        assert lost.status_code == 404

    def test_keeps_others_out(self, north: Hall, south: Hall, sun: _Designer) -> None:
        made = _begun(north, sun)
        clerk, there = _Designer("cao"), _Designer("sun", "south.yizhan.localhost")
        for verb in flow_verbs:
            assert clerk.post(f"desk-flow-{verb}", made.pk).status_code in {403, 404}
        assert clerk.get("desk-flows").status_code in {403, 404}
        assert there.get("desk-flow", made.pk).status_code in {403, 404}
        sun.get("desk-flow-draw", made.pk)
        li = _Designer("li")
        assert "正在设计这个流程" in li.get("desk-flow", made.pk).text
        held = li.ask("change_flow", made.pk, act="add_end", given={}, revision=0)
        assert (held.status_code, "正在编辑这个流程" in _said(held)) == (409, True)
        assert "已解除占用" in li.post("desk-flow-unlock", made.pk).text


class TestOperations:
    def test_refuse_what_is_stale_or_twice(self, north: Hall) -> None:
        by = person("sun")
        with inside(north):
            from tenants.workflow.queries.flow_beginnings import beginning_of_flow

            begun = beginning_of_flow("请假").definition
            flow = flows.create_flow(by=by, hall=north, code="leave", title="请假", definition=begun)
            with pytest.raises(Conflict):
                flows.create_flow(by=by, hall=north, code="leave", title="请假", definition=begun)
            with pytest.raises(Invalid):
                flows.create_flow(by=by, hall=north, code="Leave-1", title="请假", definition=begun)
            given: dict[str, Any] = {"by": by, "hall": north, "flow_id": flow.pk}
            assert flows.publish_flow(**given, revision=0).number == 1
            with pytest.raises(Conflict):
                flows.publish_flow(**given, revision=0)
            with pytest.raises(Conflict):
                flows.step_through_flow_edits(**given, revision=0, is_undo=True)
            for number in range(MOST_FLOW_REVISIONS + 5):
                flows.change_flow(
                    **given, act="change_whole", given={"values": {"title": f"请假 {number}"}}, revision=number
                )
            assert flow.revisions.count() == MOST_FLOW_REVISIONS
            with pytest.raises(NotFound):
                retire_design(by=by, hall=north, kind=Flow, design_id=uuid4())
