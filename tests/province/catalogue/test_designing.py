"""The designers of an item's form and flow in the console: the same as halls have, with what every hall has."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation.errors import Conflict, NotAllowed
from province.audit.models import AuditEntry
from province.catalogue.models import Item, ItemDesign
from province.catalogue.operations.designs import (
    change_item_flow,
    draw_item_flow,
    lock_item_design,
    save_item_form,
    step_through_item_flow,
    unlock_item_design,
)
from province.catalogue.queries.designing import preview_world
from province.catalogue.queries.designs import (
    compared_designs,
    design_differences,
    design_faults,
    design_of_version,
    drafted_design,
)
from province.designers.queries.examples import example_lists
from province.designers.queries.flow_tables import MOST_FLOW_REVISIONS
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.reading import read_flow
from standards.forms.posted import read_posted
from standards.forms.reading import read_definition
from standards.items.codelists import ItemType
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published, submit
from tests.factories.designs import design, shared_flow, shared_form, text_field
from tests.factories.people import client_of, program_of
from tests.factories.runs import HANDLERS, free_step

pytestmark = pytest.mark.django_db

_PERSON = {"kind": "people", "account_ids": [str(uuid4())]}
_STEP = {"act": "add_step", "given": {"after": "check", "label": "复核"}}
_SAID_OF_EXAMPLES = "标着“（示例）”的只是举例"
_NO_COLLEAGUES = "群众没有可以选的"


def _listed(source: str, label: str) -> dict[str, Any]:
    return {"type": "listed", "name": source, "label": label, "source": source}


@pytest.fixture
def item() -> Item:
    found = make_item()
    design(found)
    return found


def _draft(item: Item) -> ItemDesign:
    return ItemDesign.objects.get(item=item)


def _given(page: Any, name: str) -> dict[str, Any]:
    """What the page hands its designer's program."""
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page.text)
    assert found is not None
    given: dict[str, Any] = json.loads(found[1])
    return given


def _sent(client: Client, method: str, path: str, **data: Any) -> Any:
    return getattr(client, method)(path, data, content_type="application/json")


class TestFormCanvas:
    def test_begins_with_who_applies_and_names_only_what_every_hall_has(self) -> None:
        item = make_item()
        page = client_of("zhao").get(f"/console/items/{item.pk}/design/form/")
        given = _given(page, "designer-form")
        assert [part["name"] for part in given["definition"]["parts"]] == ["applicant", "agent", "promise"]
        assert given["choices"]["forms"] == given["choices"]["place_kinds"] == []
        assert ["citizen", "群众（网上填写）"] in given["choices"]["roles"]
        assert given["words"]["goal"] == "报送"
        # opened, and nothing is kept yet
        assert not drafted_design(item)

    def test_keeps_a_draft_that_is_wrong_and_says_where(self, item: Item) -> None:
        zhao = client_of("zhao")
        given = _given(zhao.get(f"/console/items/{item.pk}/design/form/"), "designer-form")
        wrong = shared_form(item, text_field("area", ""))
        saved = _sent(zhao, "patch", given["urls"]["save"], revision=given["revision"], definition=wrong)
        assert saved.status_code == 200, saved.text
        assert saved.json()["revision"] == given["revision"] + 1
        assert drafted_design(item).form == wrong
        # only what reads itself in a circle is not kept
        circle = shared_form(item, {**text_field("area", "面积"), "visible_when": "area == '1'"})
        refused = _sent(zhao, "patch", given["urls"]["save"], revision=saved.json()["revision"], definition=circle)
        assert refused.status_code == 422
        assert refused.json()["errors"] == [
            {
                "where": "parts.4.fields.0.visible_when",
                "message": "条件或者计算绕成了圈：面积 → 面积。请断开其中一处。",
            }
        ]
        assert _sent(zhao, "post", given["urls"]["lock"]).status_code == 200
        assert drafted_design(item).form == wrong
        # the draft's page leads to the field, and the other pages of the item bear it
        page = zhao.get(f"/console/items/{item.pk}/design/").text
        assert f"/console/items/{item.pk}/design/form/#parts.4.fields.0.label" in page
        for path in ("?tab=design&of=draft", "design/flow/"):
            assert zhao.get(f"/console/items/{item.pk}/{path}").status_code == 200
        (fault,) = design_faults(item, drafted_design(item))
        assert (fault.where, fault.message) == ("form.parts.4.fields.0.label", "表单：“名称”不能是空的。")
        make_published(make_item(basic_code="420199001000"))
        # put right, it is as a version has it
        right = shared_form(item, text_field("area", "面积"))
        answer = _sent(zhao, "patch", given["urls"]["save"], revision=saved.json()["revision"], definition=right)
        assert answer.json()["digest"] == design_of_version(submit(item).pk).digest

    def test_cannot_be_compared_while_it_cannot_be_read(self, item: Item) -> None:
        make_published(item)
        save_item_form(by=person("zhao"), item=item, definition={"format": 1, "title": "", "parts": []}, revision=1)
        said = design_differences(*compared_designs(person("zhao"), item, 1, 0))
        assert said == ["表单：草稿还有没改好的地方，比较不了。"]

    def test_is_told_of_what_one_hall_alone_has_at_its_place(self, item: Item) -> None:
        zhao = client_of("zhao")
        urls = _given(zhao.get(f"/console/items/{item.pk}/design/form/"), "designer-form")["urls"]
        other = {"type": "earlier_form", "name": "before", "label": "以前的", "form": "leave"}
        study = _sent(zhao, "post", urls["study"], definition=shared_form(item, other)).json()
        assert [one["where"] for one in study["faults"]] == ["parts.4.fields.0.form"]
        assert "某一个厅自己的" in study["faults"][0]["message"]
        tried = {
            "comparisons": {"rows": [{"name": "area", "operator": "is", "value": "三"}]},
            "typed": {"area": "三"},
        }
        asked = {"definition": shared_form(item, text_field("area", "面积")), **tried}
        assert _sent(zhao, "post", urls["expression"], **asked).json()["result"] == "是"
        assert zhao.get(urls["names"], {"label": "面积"}).json() == {"name": "mian_ji"}
        material = item.values["materials"][0]["name"]
        found = zhao.get(urls["materials"], {"search": material}).json()
        assert [(one["item"], one["material"]) for one in found] == [(item.basic_code, material)]

    def test_is_previewed_as_everybody_and_keeps_nothing(self, item: Item) -> None:
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/form/preview/"
        definition = json.dumps(shared_form(item, text_field("area", "经营面积")))
        for look, said in (
            ({"as": "citizen"}, "保存，下一步"),
            ({"as": "citizen", "mode": "elder"}, 'data-mode="elder"'),
            ({"as": "staff"}, "经营面积"),
            ({"as": "staff", "look": "print"}, "没有填"),
        ):
            page = zhao.post(path, {"definition": definition, **look})
            assert said in page.text
            assert "sandbox" in page.headers["Content-Security-Policy"]
        assert zhao.post(path, {"definition": "{"}).status_code == 422
        assert _draft(item).revision == 1

    def test_offers_examples_where_each_hall_has_its_own_list(self, item: Item) -> None:
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/form/preview/"
        kept = AuditEntry.objects.count()
        lines = {"type": "group", "name": "lines", "label": "经办明细", "cells": [_listed("department", "承办科室")]}
        every = [_listed(source, source) for source in ("person", "position", "item")]
        place = {"type": "map_place", "name": "place", "label": "取件地点", "kinds": ["邮政所"]}
        definition = json.dumps(shared_form(item, *every, lines, place))
        staff = zhao.post(path, {"definition": definition, "as": "staff"}).text
        for name in ("张某", "张某（窗口人员）", "事项一", "窗口一科", "邮政所服务点一"):
            assert f">（示例）{name}<" in staff
        assert staff.count(_SAID_OF_EXAMPLES) == 1
        assert _NO_COLLEAGUES not in staff
        # nobody among the citizens chooses colleagues, in no hall
        citizen = zhao.post(path, {"definition": definition, "as": "citizen"}).text
        assert ">（示例）窗口一科<" in citizen
        assert "张某" not in citizen
        assert (citizen.count(_SAID_OF_EXAMPLES), citizen.count(_NO_COLLEAGUES)) == (1, 1)
        assert "示例" not in zhao.post(path, {"definition": definition, "as": "staff", "look": "print"}).text
        plain = json.dumps(shared_form(item, text_field("area", "经营面积")))
        assert "示例" not in zhao.post(path, {"definition": plain, "as": "staff"}).text
        assert (_draft(item).revision, AuditEntry.objects.count()) == (1, kept)

    def test_knows_no_example_where_the_form_is_checked_or_tried(self, item: Item) -> None:
        definition = read_definition(shared_form(item, _listed("department", "承办科室")))
        code = next(iter(example_lists(definition).names("department")))
        world = preview_world(person("zhao"), definition)
        tried = read_posted(definition, world.staff, {"department": code}, {}, world.context)
        assert [one.message for one in tried.faults if one.where == "department"] == [
            f"“承办科室”里没有“{code}”，请从列表里选。"
        ]


class TestFlowTable:
    def test_changes_the_flow_and_goes_back(self, item: Item) -> None:
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/flow/"
        page = zhao.get(path)
        assert "后面加条件分支" in page.text
        assert "后面加外部动作" not in page.text
        assert "后面加子流程" not in page.text
        before = drafted_design(item).flow
        pressed = {"act": "branch:exclusive", "name": "check", "revision": 1}
        changed = zhao.post(f"{path}change/", pressed, follow=True)
        assert "已改好" in changed.text
        assert "去改" in changed.text
        assert drafted_design(item).flow != before
        undone = zhao.post(f"{path}undo/", {"revision": 2}, follow=True)
        assert "已撤销" in undone.text
        assert drafted_design(item).flow == before
        assert zhao.post(f"{path}redo/", {"revision": 3}, follow=True).text.count("已恢复") == 1
        assert "没有可以恢复的改动了" in zhao.post(f"{path}redo/", {"revision": 4}, follow=True).text
        assert "较新的内容" in zhao.post(f"{path}change/", pressed, follow=True).text
        assert zhao.post(f"{path}change/", pressed | {"act": "magic"}).status_code == 404

    def test_says_everything_of_a_node_with_what_every_hall_has(self, item: Item) -> None:
        design(item, shared_form(item), shared_flow(free_step("check", _PERSON)))
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/flow/"
        faulty = zhao.get(path).text
        assert f'{path}nodes/check/">去改' in faulty
        assert "指定的人员" in faulty
        page = zhao.get(f"{path}nodes/check/").text
        assert "指定人员（这里不能用）" in page
        assert '<option value="unit"' not in page
        # names of fields are those of the draft's form
        assert "联系手机" in page
        sent = {"revision": 2, "label": "审查", "who_kind": "title", "sharing": "any", "on_refusal": "end"}
        sent |= {"asks_opinion": "no", "at_limit": "remind", "otherwise": "read", "way_0_target": "finish"}
        sent |= {"unit": "days", "early_unit": "hours"}
        refused = zhao.post(f"{path}nodes/check/", sent)
        assert refused.status_code == 422
        assert "请填写" in refused.text
        zhao.post(f"{path}nodes/check/", sent | {"who_title": "科长"})
        step = read_flow(drafted_design(item).flow).steps[0]  # type: ignore[arg-type]  # there is one
        assert (step.label, step.who.kind) == ("审查", "title")
        assert zhao.get(f"{path}nodes/nowhere/").status_code == 404

    def test_names_the_flow_and_its_owner(self, item: Item) -> None:
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/flow/whole/"
        assert "指定人员" not in zhao.get(path).text
        sent = {"revision": 1, "title": "统一办理", "owner_kind": "role", "owner_role": "hall_administrator"}
        assert "统一办理" in zhao.post(path, sent, follow=True).text
        assert "较新的内容" in zhao.post(path, sent | {"title": "别的"}).text

    def test_keeps_so_many_states_and_no_more(self, item: Item) -> None:
        titles = [f"第 {number} 稿" for number in range(MOST_FLOW_REVISIONS + 3)]
        for revision, title in enumerate(titles, start=1):
            given = {"values": {"title": title}}
            change_item_flow(by=person("zhao"), item=item, act="change_whole", given=given, revision=revision)
        assert _draft(item).flow_revisions.count() == MOST_FLOW_REVISIONS

    def test_is_gone_with_the_flow(self, item: Item) -> None:
        change_item_flow(by=person("zhao"), item=item, revision=1, **_STEP)
        design(item, shared_form(item))
        assert not _draft(item).flow_revisions.exists()
        assert client_of("zhao").get(f"/console/items/{item.pk}/design/flow/").status_code == 404
        with pytest.raises(Conflict):
            step_through_item_flow(by=person("zhao"), item=item, revision=3, is_undo=True)


class TestFlowDrawing:
    def test_is_the_same_flow_as_the_table(self, item: Item) -> None:
        zhao = client_of("zhao")
        given = _given(zhao.get(f"/console/items/{item.pk}/design/flow/draw/"), "flow-given")
        assert {kind for kind, _ in given["who"]}.isdisjoint({"unit", "people"})
        assert given["without"] == ["call", "plugin"]
        assert ["applicant_mobile", "联系手机"] in given["fields"]
        drawing = write_bpmn(read_flow(shared_flow(free_step("look", HANDLERS, label="看现场"))))
        asked = {"drawing": drawing.decode(), "revision": given["revision"]}
        answer = _sent(zhao, "put", given["save"], **asked)
        assert answer.json()["flow"]["revision"] == given["revision"] + 1
        assert "看现场" in zhao.get(f"/console/items/{item.pk}/design/flow/").text
        assert _sent(zhao, "put", given["save"], **asked).status_code == 409
        # undone in the table, and what others may open is let go
        left = zhao.post(f"/console/items/{item.pk}/design/flow/leave/", follow=True)
        assert "已退出画图" in left.text
        assert _draft(item).locked_until is None


class TestLock:
    def test_keeps_others_out_by_name_until_it_is_broken_and_told(self, item: Item) -> None:
        client_of("qian").get(f"/console/items/{item.pk}/design/form/")
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/"
        refused = zhao.get(f"{path}form/", follow=True)
        assert "正在编辑这个事项的表单和流程" in refused.text
        assert "解除占用" in refused.text
        for act in (
            lambda: save_item_form(by=person("zhao"), item=item, definition=shared_form(item), revision=1),
            lambda: change_item_flow(by=person("zhao"), item=item, revision=1, **_STEP),
            lambda: draw_item_flow(by=person("zhao"), item=item, drawing=b"", revision=1),
            lambda: step_through_item_flow(by=person("zhao"), item=item, revision=1, is_undo=True),
            lambda: unlock_item_design(by=person("zhao"), item=item),
            lambda: design(item, shared_form(item)),
        ):
            with pytest.raises(Conflict, match="正在编辑"):
                act()
        assert "已解除占用" in zhao.post(f"{path}unlock/", follow=True).text
        assert AuditEntry.objects.filter(act="catalogue.break_design_lock", object_id=item.pk).count() == 1
        # what the other had not saved is saved over nothing
        save_item_form(by=person("zhao"), item=item, definition=shared_form(item, text_field("a", "甲")), revision=1)
        with pytest.raises(Conflict, match="正在编辑"):
            save_item_form(by=person("qian"), item=item, definition=shared_form(item), revision=1)
        unlock_item_design(by=person("zhao"), item=item)
        with pytest.raises(Conflict, match=r"赵\*已于"):
            save_item_form(by=person("qian"), item=item, definition=shared_form(item), revision=1)

    def test_is_of_the_department_alone(self, item: Item) -> None:
        make_published(item)
        with pytest.raises(NotAllowed):
            lock_item_design(by=person("sun"), item=item)
        for path in ("form/", "flow/", "flow/draw/", "flow/whole/", "flow/nodes/check/"):
            assert client_of("sun").get(f"/console/items/{item.pk}/design/{path}").status_code == 403

    def test_is_none_for_what_nobody_applies_for(self) -> None:
        penalty = make_item(item_type=ItemType.PENALTY)
        with pytest.raises(Conflict, match="没有人来申请"):
            lock_item_design(by=person("zhao"), item=penalty)


class TestInterface:
    def test_does_what_the_designers_do(self, item: Item) -> None:
        zhao, path = program_of("zhao"), f"/api/province/v1/catalogue/items/{item.pk}/design"
        assert _sent(zhao, "post", f"{path}/lock").json()["locked_by_name"] == "赵*"
        assert "types" in zhao.get(f"{path}/form/palette").json()
        assert zhao.get(f"{path}/form/choices").json()["forms"] == []
        key = {"HTTP_IDEMPOTENCY_KEY": uuid4().hex}
        for _ in range(2):
            changed = zhao.post(f"{path}/flow/changes", _STEP | {"revision": 1}, content_type="application/json", **key)
            assert changed.json()["revision"] == 2
        assert "复核" in zhao.get(f"{path}/flow/drawing").text
        assert _sent(zhao, "post", f"{path}/flow/steps", revision=2).json()["revision"] == 3
        assert "复核" not in zhao.get(f"{path}/flow/drawing").text
        assert _sent(zhao, "post", f"{path}/unlock", is_forced=False).json()["locked_until"] is None
        assert _sent(program_of("sun"), "post", f"{path}/lock").status_code == 404

    def test_tells_the_audit_who_began_to_design(self, item: Item) -> None:
        qian = person("qian")
        for revision, label in ((1, "甲"), (2, "乙")):
            save_item_form(by=qian, item=item, definition=shared_form(item, text_field("a", label)), revision=revision)
        assert AuditEntry.objects.filter(act="catalogue.edit_design", object_id=item.pk).count() == 1
        assert qian.id in submit(item).author_ids
