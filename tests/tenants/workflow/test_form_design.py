"""The desk's pages of forms and the interface that the designer asks: what they say, who may, and no other hall's."""

import json
import re
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Account
from tenants.workflow.models import Form
from tenants.workflow.urls import form_verbs
from tests.factories.forms import LEAVE, make_form
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def _computed(name: str, label: str, expression: str) -> dict[str, Any]:
    return {"type": "computed", "name": name, "label": label, "expression": expression, "result": "number"}


def _sums(first: str) -> dict[str, Any]:
    fields = [_computed("one", "甲", first), _computed("two", "乙", "one + 1")]
    return {"format": 1, "title": "圈", "parts": [{"name": "sums", "label": "计算", "fields": fields}]}


_CIRCULAR, _BROKEN = _sums("two + 1"), _sums("1 + 1")
_CIRCLE = "条件或者计算绕成了圈：甲 → 乙 → 甲。请断开其中一处。"


class _Designer:
    """Somebody signed in on a hall's host, as a browser with the designer open."""

    def __init__(self, username: str, host: str = "north.yizhan.localhost") -> None:
        self.client = Client(headers={"host": host})
        self.client.force_login(Account.objects.get(username=username))

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(_address(name, *args), query)

    def post(self, name: str, /, *args: Any, **data: Any) -> Any:
        return self.client.post(_address(name, *args), data, follow=True)

    def ask(self, name: str, /, *args: Any, method: str = "POST", **data: Any) -> Any:
        address = _address(f"hall-api:{name}", *args)
        return self.client.generic(method, address, json.dumps(data), content_type="application/json")


def _address(name: str, *args: Any) -> str:
    return reverse(name, "config.urls_hall.county", args)


def _form(hall: Hall) -> Form:
    with inside(hall):
        return Form.objects.select_related("newest").get()


@pytest.fixture
def sun(north: Hall) -> _Designer:
    return _Designer("sun")


class TestPages:
    def test_lead_from_a_new_form_to_its_versions(self, north: Hall, sun: _Designer) -> None:
        assert "还没有表单" in sun.get("desk-forms").text
        designer = sun.post("desk-form-new", title="请假单")
        made = _form(north)
        assert (made.code, made.title, made.definition["parts"]) == ("qing_jia_dan", "请假单", [])
        assert designer.redirect_chain[-1][0] == _address("desk-form-design", made.pk)
        # what the designer's program works with, and what is read without it
        given = json.loads(re.search(r'id="designer-form"[^>]*>(.*?)</script>', designer.text)[1])  # type: ignore[index]
        assert (given["revision"], given["urls"]["save"]) == (0, _address("hall-api:form-draft", made.pk))
        assert "需要打开浏览器的 JavaScript" in designer.text
        assert "草稿有 1 处要改" in sun.get("desk-form", made.pk).text

        saved = sun.ask("form-draft", made.pk, method="PATCH", definition=LEAVE, revision=0)
        assert (saved.status_code, saved.json()["revision"]) == (200, 1)
        page = sun.post("desk-form-publish", made.pk, revision=1)
        assert "已发布" in page.text
        changed = deepcopy(LEAVE)
        changed["parts"][1]["fields"][1]["label"] = "就诊医院"
        sun.ask("form-draft", made.pk, method="PATCH", definition=changed, revision=1)
        assert "草稿有改动，还没有发布" in sun.get("desk-form", made.pk).text
        assert "由“医院”改为“就诊医院”" in sun.get("desk-form-compare", made.pk, **{"from": "1", "to": "0"}).text
        assert "两个版本没有不同" in sun.get("desk-form-compare", made.pk, **{"from": "1", "to": "1"}).text
        file = sun.get("desk-form-export", made.pk, version="1")
        assert (json.loads(file.content), "attachment" in file["Content-Disposition"]) == (LEAVE, True)
        assert sun.get("desk-form-export", made.pk, version="9").status_code == 404

        for verb, state, word in (
            ("open", "published", "群众现在可以"),
            ("close", "published", "看不到这张表单"),
            ("retire", "retired", "已停用"),
            ("restore", "published", "已恢复"),
            ("leave", "published", "已退出设计"),
        ):
            assert word in sun.post(f"desk-form-{verb}", made.pk).text
            assert _form(north).state == state
        listed = sun.get("desk-forms", search="请假").text
        assert "请假申请" in listed
        assert "第 1 版" in listed
        with inside(north):
            acts = set(AuditEntry.objects.filter(object_id=str(made.pk)).values_list("act", flat=True))
        assert acts >= {f"workflow.{verb}_form" for verb in ("create", "publish", "open", "retire", "restore")}

    def test_take_a_form_from_a_file_and_refuse_what_is_none(self, north: Hall, sun: _Designer) -> None:
        def begun(content: bytes) -> Any:
            return sun.post("desk-form-new", title="新请假单", file=SimpleUploadedFile("form.json", content))

        for bad in (b"{", b"[1]", b"\xff", json.dumps({"parts": [{"fields": [{"type": "script"}]}]}).encode()):
            refused = begun(bad)
            assert refused.status_code == 422
            assert "没有能读懂的表单" in refused.text
        assert "最多 1,024 KB" in begun(b" " * (1024 * 1024 + 1)).text
        begun(json.dumps(LEAVE).encode())
        made = _form(north)
        assert (made.title, made.definition["parts"]) == ("新请假单", LEAVE["parts"])

    def test_say_who_has_the_form_open(self, north: Hall, sun: _Designer) -> None:
        with inside(north):
            form = make_form(north)
        sun.get("desk-form-design", form.pk)
        li = _Designer("li")
        refused = li.client.get(_address("desk-form-design", form.pk), follow=True)
        assert "正在设计这张表单" in refused.text
        taken = li.ask("form-draft", form.pk, method="PATCH", definition=LEAVE, revision=0)
        assert (taken.status_code, "正在编辑" in taken.json()["detail"]) == (409, True)
        assert "已解除占用" in li.post("desk-form-unlock", form.pk).text
        li.ask("form-draft", form.pk, method="PATCH", definition={**LEAVE, "title": "李改的"}, revision=0)
        # sun's page does not know of it
        late = sun.ask("form-draft", form.pk, method="PATCH", definition=LEAVE, revision=0)
        assert late.status_code == 409
        assert _form(north).title == "李改的"

    def test_are_closed_to_others_and_to_other_halls(self, north: Hall, south: Hall, sun: _Designer) -> None:
        with inside(south):
            theirs = make_form(south, by="zhou")
        strays = []
        for name in ("desk-form", "desk-form-design", "desk-form-compare", "desk-form-export"):
            strays += [name] if sun.get(name, theirs.pk).status_code != 404 else []
            strays += [f"{name} cao"] if _Designer("cao").get(name, theirs.pk).status_code not in {403, 404} else []
        strays += [verb for verb in form_verbs if sun.post(f"desk-form-{verb}", theirs.pk).status_code != 404]
        strays += [
            name
            for name, method in (("show_form", "GET"), ("form-draft", "PATCH"), ("publish_form", "POST"))
            if sun.ask(name, theirs.pk, method=method, definition={}, revision=1).status_code != 404
        ]
        cao = _Designer("cao")
        strays += [name for name in ("desk-forms", "desk-form-new") if cao.get(name).status_code != 403]
        strays += [
            name for name in ("form-study", "form-expressions") if cao.ask(name, definition={}).status_code != 403
        ]
        assert strays == []
        assert sun.get("desk-form", uuid4()).status_code == 404


class TestInterface:
    def test_judges_names_and_writes_for_the_designer(self, north: Hall, sun: _Designer) -> None:
        study = sun.ask("form-study", definition=LEAVE).json()
        assert (study["faults"], study["is_editable"]) == ([], True)
        assert study["expressions"]["doctor.visible_when"]["words"] == "“请假类型”是“病假”"
        bad = deepcopy(LEAVE)
        bad["parts"][0]["fields"][0]["label"] = ""
        faults = sun.ask("form-study", definition=bad).json()["faults"]
        assert [fault["where"] for fault in faults] == ["parts.0.fields.0.label"]
        assert sun.client.get(_address("hall-api:form-names"), {"label": "请假天数"}).json() == {
            "name": "qing_jia_tian_shu"
        }
        rows = [{"name": "kind", "operator": "is", "value": "ill"}]
        written = sun.ask(
            "form-expressions",
            definition=LEAVE,
            comparisons={"joined": "and", "rows": rows},
            typed={"kind": "ill"},
            wanted=["yes_no"],
        ).json()
        assert written == {
            "expression": 'kind == "ill"',
            "words": "“请假类型”是“病假”",
            "result": "是",
            "kind": "是或否",
            "fault": "",
            "asked": ["kind"],
        }
        refused = sun.ask(
            "form-expressions", definition=LEAVE, shown="【起止日期：天数】 + 1", wanted=["yes_no"]
        ).json()
        assert "这里要的是是或否" in refused["fault"]
        assert len(sun.client.get(_address("hall-api:show_palette")).json()["types"]) >= 35

    def test_does_all_that_pages_do(self, north: Hall, sun: _Designer) -> None:
        made = sun.ask("make_form", title="用车申请")
        assert (made.status_code, made.json()["code"]) == (201, "yong_che_shen_qing")
        # the same title again gets a code of its own
        assert sun.ask("make_form", title="用车申请").json()["code"] == "yong_che_shen_qing_2"
        form_id = made.json()["id"]
        refused = sun.ask("publish_form", form_id, revision=0)
        assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, "parts")
        sun.ask("form-draft", form_id, method="PATCH", definition=LEAVE, revision=0)
        assert sun.ask("publish_form", form_id, revision=1).json()["number"] == 1
        assert sun.ask("open_form", form_id, is_open=True).json()["is_open"] is True
        assert sun.ask("retire_form", form_id).json()["state"] == "retired"
        assert sun.ask("restore_form", form_id).json()["state"] == "published"
        for name in ("take_form_lock", "give_form_lock_back"):
            assert sun.ask(name, form_id).status_code == 200
        get = sun.client.get
        assert get(_address("hall-api:show_form", form_id)).json()["definition"] == LEAVE
        assert [one["number"] for one in get(_address("hall-api:list_form_versions", form_id)).json()] == [1]
        assert get(_address("hall-api:show_form_version", form_id, 1)).json() == LEAVE
        assert get(_address("hall-api:show_form_difference", form_id), {"before": 1}).json() == []
        assert get(_address("hall-api:list_designed_forms"), {"state": "draft"}).json()["items"][0]["state"] == "draft"


class TestCircles:
    """Conditions and formulas that read one another in a circle are refused when they are saved, by every way in."""

    def test_are_refused_by_name_and_lose_nothing_that_was_saved(self, north: Hall, sun: _Designer) -> None:
        with inside(north):
            form = make_form(north, _BROKEN)
        refused = sun.ask("form-draft", form.pk, method="PATCH", definition=_CIRCULAR, revision=0)
        assert refused.status_code == 422
        assert refused.json()["errors"] == [{"where": "parts.0.fields.0.expression", "message": _CIRCLE}]
        # twice is once
        again = sun.ask("form-draft", form.pk, method="PATCH", definition=_CIRCULAR, revision=0)
        assert again.status_code == 422
        kept = _form(north)
        assert (kept.definition, kept.revision) == (_BROKEN, 0)
        # a second window has saved meanwhile: that is told first
        assert sun.ask("form-draft", form.pk, method="PATCH", definition=LEAVE, revision=0).status_code == 200
        late = sun.ask("form-draft", form.pk, method="PATCH", definition=_CIRCULAR, revision=0)
        assert late.status_code == 409
        assert sun.ask("form-draft", form.pk, method="PATCH", definition=_BROKEN, revision=1).status_code == 200

    def test_are_refused_where_a_form_is_made(self, north: Hall, sun: _Designer) -> None:
        made = sun.ask("make_form", code="round", title="圈", definition=_CIRCULAR)
        assert (made.status_code, made.json()["errors"][0]["message"]) == (422, _CIRCLE)
        file = SimpleUploadedFile("form.json", json.dumps(_CIRCULAR).encode())
        page = sun.post("desk-form-new", title="圈", file=file)
        assert page.status_code == 422
        assert f"{_CIRCLE}也可以不选文件，在设计器里“导入”它" in page.text
        with inside(north):
            assert not Form.objects.exists()

    def test_that_were_kept_before_can_be_opened_and_mended(self, north: Hall, sun: _Designer) -> None:
        with inside(north):
            form = make_form(north, _BROKEN)
            Form.objects.filter(pk=form.pk).update(definition=_CIRCULAR)
        designer = sun.get("desk-form-design", form.pk)
        assert "two + 1" in designer.text
        assert "草稿有 1 处要改" in sun.get("desk-form", form.pk).text
        # what is designed on the page keeps others out, though nothing of it is saved yet
        assert sun.ask("take_form_lock", form.pk).status_code == 200
        saved = sun.ask("form-draft", form.pk, method="PATCH", definition=_BROKEN, revision=0)
        assert (saved.status_code, _form(north).definition) == (200, _BROKEN)
