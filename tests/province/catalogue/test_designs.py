"""统一表单和流程: what an item's version brings along for halls, from the draft to what is frozen."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.catalogue.models import ItemDesign, VersionDesign
from province.catalogue.operations import pass_review
from province.catalogue.operations.designs import write_item_design
from province.catalogue.queries.designs import (
    compared_designs,
    design_differences,
    design_of_version,
    drafted_design,
    suggested_flow,
)
from province.catalogue.queries.overviews import overview_of
from province.catalogue.queries.reviews import open_offices
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.reading import read_flow
from standards.items.codelists import ItemType
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published, submit
from tests.factories.designs import design, shared_flow, shared_form, text_field
from tests.factories.people import client_of, program_of
from tests.factories.runs import HANDLERS, free_step

pytestmark = pytest.mark.django_db

_UNIT = {"kind": "unit", "unit_id": str(uuid4())}
_PERSON = {"kind": "people", "account_ids": [str(uuid4())]}
_OWN_ROLE = {"kind": "role", "role": uuid4().hex}


def faults(item: Any) -> dict[str, str]:
    """What keeps it from being submitted."""
    with pytest.raises(Invalid) as refused:
        submit(item)
    found = refused.value.faults
    return {fault.where: fault.message for fault in found}


class TestDesign:
    def test_goes_with_the_version_and_never_changes(self) -> None:
        item = make_item()
        kept = design(item)
        version = submit(item)
        frozen = design_of_version(version.pk)
        assert frozen.digest == kept.digest
        assert frozen.form == kept.form
        design(item, shared_form(item, text_field("area", "面积")))
        assert design_of_version(version.pk).digest == frozen.digest
        with pytest.raises(IntegrityError), transaction.atomic():
            VersionDesign.objects.update(flow=None)

    def test_makes_a_version_of_itself_and_none_where_it_is_the_same(self) -> None:
        item = make_item()
        design(item)
        first = make_published(item)
        with pytest.raises(Conflict):
            submit(item)
        assert not overview_of(person("zhao"), item).has_draft
        design(item, shared_form(item, text_field("area", "面积")), shared_flow())
        assert overview_of(person("zhao"), item).has_draft
        second = make_published(item)
        differences = design_differences(design_of_version(first.pk), design_of_version(second.pk))
        assert "表单：新增“面积”（单行文字）。" in differences
        # taken out again, the next one brings nothing along
        write_item_design(by=person("zhao"), item=item, revision=2, form=None, flow=None)
        assert not design_of_version(make_published(item).pk)

    def test_is_as_it_was_where_it_is_written_again(self) -> None:
        item = make_item()
        kept = design(item)
        again = write_item_design(by=person("zhao"), item=item, revision=1, form=kept.form, flow=kept.flow)
        assert again.revision == 1
        assert AuditEntry.objects.filter(act="catalogue.write_design").count() == 1

    def test_is_not_saved_over_a_newer_one(self) -> None:
        item = make_item()
        design(item)
        with pytest.raises(Conflict, match=r"赵\*已于"):
            write_item_design(by=person("qian"), item=item, revision=0, form=None, flow=None)

    def test_is_written_by_the_department_alone(self) -> None:
        item = make_item()
        with pytest.raises(NotFound):
            design(item, by="sun")
        make_published(item)
        with pytest.raises(NotAllowed):
            design(item, by="sun")

    def test_is_nothing_for_what_nobody_applies_for(self) -> None:
        item = make_item(item_type=ItemType.PENALTY)
        with pytest.raises(Conflict, match="没有人来申请"):
            design(item, {"format": 1})

    def test_that_cannot_be_read_is_refused_place_by_place(self) -> None:
        item = make_item()
        with pytest.raises(Invalid) as refused:
            design(item, shared_form(item, {"type": "magic", "name": "a", "label": "甲"}))
        assert refused.value.faults[0].where.startswith("parts.4.fields.0")
        assert not ItemDesign.objects.exists()

    def test_is_not_reviewed_by_whose_hand_is_in_it(self) -> None:
        item = make_item()
        design(item, by="qian")
        version = submit(item)
        assert person("qian").id in version.author_ids
        with pytest.raises(NotAllowed):
            pass_review(by=person("qian"), version=version, office=open_offices(version)[0])

    def test_of_a_draft_is_seen_by_nobody_else(self) -> None:
        item = make_item()
        make_published(item)
        design(item)
        with pytest.raises(NotFound):
            compared_designs(person("sun"), item, 1, 0)
        assert compared_designs(person("zhao"), item, 1, 0)[1] == drafted_design(item)

    def test_begins_with_the_materials_and_the_chart_of_the_item(self) -> None:
        item = make_item()
        flow = suggested_flow(item)
        assert flow.steps
        form = shared_form(item)
        assert [one["label"] for part in form["parts"] for one in part["fields"] if one["type"] == "material"] == [
            row["name"] for row in item.values["materials"]
        ]


class TestSharing:
    """What only one hall has is refused by place and name before anybody reviews it."""

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            (free_step("leader", _PERSON), "指定的人员"),
            (free_step("leader", _UNIT), "某一个厅的部门"),
            (free_step("leader", _OWN_ROLE), "自设的岗位"),
            (free_step("leader", {"kind": "on_duty", "unit_id": str(uuid4())}, fallback=HANDLERS), "某一个厅的部门"),
        ],
    )
    def test_of_people_of_one_hall(self, step: dict[str, Any], said: str) -> None:
        item = make_item()
        design(item, shared_form(item), shared_flow(step))
        assert said in faults(item)["flow.leader.who"]

    def test_of_who_stands_in_or_reads_or_keeps_it(self) -> None:
        item = make_item()
        design(
            item,
            shared_form(item),
            shared_flow(free_step("a", HANDLERS, fallback=_UNIT, copies=[_PERSON]), owner=_UNIT),
        )
        assert {"flow.a.fallback", "flow.a.copies", "flow..owner"} <= faults(item).keys()

    def test_of_other_flows_and_actions_outside(self) -> None:
        item = make_item()
        call = {"type": "call", "name": "inner", "label": "子流程", "flow": "leave"}
        outside = {"type": "plugin", "name": "told", "label": "短信", "plugin": "notice"}
        design(item, shared_form(item), shared_flow(free_step("a", HANDLERS), call, outside))
        found = faults(item)
        assert "leave" in found["flow.inner"]
        assert "外部动作" in found["flow.told"]

    def test_of_forms_and_roles_of_one_hall(self) -> None:
        item = make_item()
        earlier = {"type": "earlier_form", "name": "before", "label": "以前的", "form": "leave"}
        other = {"type": "material", "name": "paper", "label": "别的", "item": "420131009000", "material": "甲"}
        rights = [{"step": "", "role": _OWN_ROLE["role"], "rights": {"applicant_name": "read"}}]
        design(item, shared_form(item, earlier, other, rights=rights))
        found = faults(item)
        assert {"form.parts.4.fields.0.form", "form.parts.4.fields.1.item", "form.rights.0.role"} <= found.keys()
        assert "leave" in found["form.parts.4.fields.0.form"]

    def test_of_materials_that_have_moved(self) -> None:
        item = make_item()
        form = shared_form(item, {"type": "material", "name": "material_9", "label": "第九份"})
        form["parts"][2]["fields"][0]["label"] = "别的名称"
        design(item, form)
        found = faults(item)
        assert "第 9 份材料在申请材料里没有" in found["form.parts.4.fields.0"]
        assert item.values["materials"][0]["name"] in found["form.parts.2.fields.0"]

    def test_of_who_applies(self) -> None:
        item = make_item()
        form = shared_form(item)
        form["parts"] = form["parts"][2:]
        design(item, form)
        assert "联系手机" in faults(item)["form.parts"]

    def test_of_a_flow_that_cannot_run_or_has_no_form(self) -> None:
        item = make_item()
        design(item, None, shared_flow())
        assert "没有表单" in faults(item)["form"]
        design(item, shared_form(item), shared_flow(free_step("a", HANDLERS, fields={"nowhere": "write"})))
        assert any("nowhere" in said for said in faults(item).values())


def _file(definition: dict[str, Any] | bytes, name: str = "a.json") -> SimpleUploadedFile:
    content = definition if isinstance(definition, bytes) else json.dumps(definition).encode()
    return SimpleUploadedFile(name, content)


class TestPage:
    def test_takes_files_that_halls_bring_out_and_goes_down_with_the_version(self) -> None:
        item = make_item()
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/"
        assert "还没有" in zhao.get(path).text
        made = zhao.post(path, {"part": "form", "act": "make", "revision": 0}, follow=True)
        assert "每个服务厅都能用" in made.text
        sent = {"part": "flow", "act": "file", "revision": 1, "flow-file": _file(shared_flow())}
        assert "岗位“审批领导”" in zhao.post(path, sent, follow=True).text
        drawing = write_bpmn(read_flow(shared_flow(title="画的流程")))
        sent |= {"flow-file": _file(drawing, "a.bpmn"), "revision": 2}
        assert "画的流程" in zhao.post(path, sent, follow=True).text
        # brought out, it is what was brought in
        exported = zhao.get(f"{path}flow.json")
        assert json.loads(exported.content)["title"] == "画的流程"
        version = submit(item)
        page = client_of("qian").get(f"/console/items/versions/{version.pk}/").text
        assert "统一表单和流程" in page
        assert design_of_version(version.pk).digest in page
        assert "画的流程" in zhao.get(f"/console/items/{item.pk}/?tab=design&of=draft").text
        removed = zhao.post(path, {"part": "flow", "act": "remove", "revision": 3}, follow=True)
        assert "已移除流程" in removed.text
        compared = zhao.get(f"/console/items/{item.pk}/compare/?from=1&to=0").text
        assert "删去了流程“画的流程”" in compared

    def test_says_what_is_wrong_and_keeps_what_there_was(self) -> None:
        item = make_item()
        zhao, path = client_of("zhao"), f"/console/items/{item.pk}/design/"
        wrong = ((b"{", "不是正确的 JSON"), (b'{"format": 2}', "格式版本"), (b"a" * 3_000_000, "最多 2 MB"))
        for content, said in wrong:
            sent = {"part": "form", "act": "file", "revision": 0, "form-file": _file(content)}
            answer = zhao.post(path, sent)
            assert answer.status_code == 422
            assert said in answer.text
        assert zhao.post(path, {"part": "form", "act": "file", "revision": 0}).status_code == 422
        assert zhao.post(path, {"part": "magic", "act": "make"}).status_code == 404
        assert not ItemDesign.objects.exists()
        zhao.post(path, {"part": "form", "act": "make", "revision": 0})
        late = zhao.post(path, {"part": "form", "act": "remove", "revision": 0}, follow=True)
        assert "较新的内容" in late.text
        assert drafted_design(item).form

    def test_is_closed_to_who_does_not_write_the_item(self) -> None:
        item = make_item()
        make_published(item)
        for path in ("design/", "design/form.json"):
            assert client_of("sun").get(f"/console/items/{item.pk}/{path}").status_code in {403, 404}
            assert client_of("zhao").get(f"/console/items/{uuid4()}/{path}").status_code == 404


class TestInterface:
    def test_does_what_the_pages_do(self) -> None:
        item = make_item()
        zhao, path = program_of("zhao"), f"/api/province/v1/catalogue/items/{item.pk}/design"
        first = zhao.get(f"{path}/suggestion").json()
        body = {"revision": 0, "form": first["form"], "flow": shared_flow(free_step("leader", _PERSON))}
        key = {"HTTP_IDEMPOTENCY_KEY": uuid4().hex}
        for _ in range(2):
            answer = zhao.put(path, body, content_type="application/json", **key)
            assert answer.status_code == 200, answer.text
            assert answer.json()["revision"] == 1
        assert [one["where"] for one in answer.json()["faults"]] == ["flow.leader.who"]
        late = zhao.put(path, body | {"form": None}, content_type="application/json")
        assert late.status_code == 409
        wrong = zhao.put(path, {"revision": 1, "form": {"format": 1, "title": 3}}, content_type="application/json")
        assert wrong.status_code == 422
        good = body | {"revision": 1, "flow": shared_flow()}
        assert not zhao.put(path, good, content_type="application/json").json()["faults"]
        version = make_published(item)
        shown = zhao.get(f"/api/province/v1/catalogue/versions/{version.pk}/design").json()
        assert shown["digest"] == design_of_version(version.pk).digest
        assert zhao.get(f"{path}/difference?before=1&after=0").json() == []
        # published, every desk may read it; the draft is the department's
        sun = program_of("sun")
        assert sun.get(f"/api/province/v1/catalogue/versions/{version.pk}/design").status_code == 200
        assert sun.get(path).status_code == 403
