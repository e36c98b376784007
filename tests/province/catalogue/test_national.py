"""The catalogue in the national exchange: out with true states and dates, and in again through the preview."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from lxml import etree

from province.catalogue.models import Item, ItemImport
from province.catalogue.operations.imports import carry_on_import
from province.catalogue.queries.imports import import_figures, import_lines
from province.catalogue.queries.national import reported_items
from province.catalogue.states import ImportState
from standards.items.exchange import ExchangeItem, national_file, national_report
from standards.items.exchange.national_rows import XSD, given_paths
from tests.conftest import person
from tests.factories.catalogue import abolish, make_item, make_published, suspend
from tests.factories.imports import confirmed, kinds, only_line, sent
from tests.factories.items import whole_item
from tests.factories.people import client_of
from tests.province.catalogue.test_api import client_of as program

pytestmark = pytest.mark.django_db
API = "/api/province/v1/catalogue"
SPACE = "{urn:yizhan:up-task:1}"
KINDS = pytest.mark.parametrize("kind", ["xml", "json"])


def out(kind: str = "xml") -> bytes:
    return b"".join(national_file(reported_items(person("zhao"), {}), kind=kind))


def directories(document: bytes) -> list[dict[str, str]]:
    rows = etree.fromstring(document).iter(f"{SPACE}up_task_directory")
    return [{etree.QName(cell).localname: cell.text or "" for cell in row} for row in rows]


class TestExport:
    def test_tells_state_version_and_dates_as_they_are(self) -> None:
        made = [make_published(make_item(number)) for number in (1, 2, 3)]
        make_item(4)
        suspend(made[1].item)
        abolish(made[2].item)
        document = out()
        etree.XMLSchema(etree.parse(str(XSD))).assertValid(etree.fromstring(document))
        today = timezone.localdate().strftime("%Y%m%d")
        rows = [(one["task_state"], one["task_version"], one["plan_effective_date"]) for one in directories(document)]
        assert rows == [(state, "1", today) for state in "123"]
        assert [one.get("plan_cancel_date") for one in directories(document)] == [None, None, today]

    def test_names_what_the_exchange_does_not_carry(self) -> None:
        make_published(make_item(1, restrictions=["in-person"], case_type="joint", joint_bodies=["财政局"]))
        report = national_report(reported_items(person("zhao"), {}), kind="xml")
        assert (report.items, report.held_back) == (1, [])
        assert {"「主管部门」", "「办理限制」", "「申请材料」的「提交方式」"} <= report.untold.keys()
        assert "「办件类型」是“联办件”，国家只有“9”" in report.untold
        # and nothing else: what is not named comes back
        (item,) = reported_items(person("zhao"), {})
        lost = {name for name in item.together() if name not in given_paths()}
        assert len(lost) == len([one for one in report.untold if one.endswith("」") and "的「" not in one])

    @KINDS
    def test_holds_nothing_back_unasked(self, kind: str) -> None:
        items = [ExchangeItem("01", whole_item()), ExchangeItem("01", whole_item() | {"name": ""})]
        report = national_report(items, kind=kind)
        assert [(one.code, "「事项名称」" in one.message) for one in report.held_back] == [("420131001000", True)]
        assert b"".join(national_file(items, kind=kind, leaves_out=True)).count("食品经营许可".encode()) >= 1


class TestImport:
    @KINDS
    def test_of_what_was_exported_finds_no_change(self, kind: str) -> None:
        make_published(make_item(1, case_type="joint", joint_bodies=["财政局"]))
        make_published(make_item(2))
        upload = sent(out(kind), name=f"事项.{kind}")
        assert (upload.state, upload.faults) == (ImportState.READY, [])
        assert kinds(upload) == ["unchanged", "unchanged"]

    @KINDS
    def test_into_an_emptied_draft_gives_the_same_values(self, kind: str) -> None:
        item = make_published(make_item(1)).item
        content = out(kind)
        before = dict(item.values)
        kept = ("basic_code", "name", "department", "levels")
        Item.objects.filter(pk=item.pk).update(values={name: before[name] for name in kept})
        confirmed(sent(content, name=f"事项.{kind}"))
        after = Item.objects.get(pk=item.pk).values
        carried = {name: value for name, value in before.items() if name in given_paths() and name != "materials"}
        assert {name: after.get(name) for name in carried} == carried
        cells = [name for name in before["materials"][0] if f"materials.{name}" in given_paths()]
        assert [after["materials"][0][name] for name in cells] == [before["materials"][0][name] for name in cells]

    def test_names_the_line_the_element_and_what_is_expected(self) -> None:
        make_published(make_item(1))
        wrong = out().replace(b"<project_type>2<", b"<project_type>7<")
        line = wrong[: wrong.index(b"<project_type>7")].count(b"\n") + 1
        ((_, message),) = only_line(sent(wrong, name="事项.xml")).faults
        assert message.startswith(f"第 {line} 行")
        assert "「办件类型」没有“7”这个选项，可选的有：即办件、承诺件" in message

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><exchange/>', "不允许有文档类型"),
            ('<?xml version="1.0"?><other/>', "最外层应是"),
            ('<?xml version="1.0"?><exchange xmlns="urn:yizhan:up-task:1"><item></exchange>', "不是正确的 XML"),
        ],
        ids=["entities", "other", "broken"],
    )
    def test_of_a_bad_document_is_refused_by_name(self, content: str, words: str) -> None:
        client = client_of("zhao")
        answer = client.post("/console/items/import/", {"file": SimpleUploadedFile("事项.xml", content.encode())})
        said = answer.content.decode() if answer.status_code == 422 else _refusal()
        assert words in said


def _refusal() -> str:
    upload = ItemImport.objects.get()
    carry_on_import(import_id=upload.pk)
    upload.refresh_from_db()
    return upload.refusal


class TestPagesAndApi:
    def test_say_what_goes_out_and_hand_out_file_report_and_schemas(self) -> None:
        make_published(make_item(1))
        make_item(2)
        page, api = client_of("zhao"), program("zhao")
        text = page.get("/console/items/national/").content.decode()
        assert "有 <strong>1</strong> 个事项可以导出" in text
        assert "另有 1 个事项还没有施行的版本" in text
        assert "「主管部门」：1 个事项" in text
        assert page.get("/console/items/national/", {"export": "xlsx"}).content[:2] == b"PK"
        (row,) = directories(b"".join(page.get("/console/items/national/file/", {"format": "xml"})))
        assert row["task_version"] == "1"
        report = api.get(f"{API}/national/report").json()
        assert (report["items"], report["unreported"], report["held_back"]) == (1, 1, [])
        found: Any = json.loads(b"".join(api.get(f"{API}/national/file", {"format": "json"})))
        assert [one["up_task_directory"][0]["task_name"] for one in found["items"]] == ["食品经营许可"]
        for client, root in ((page, "/console/items/national/schema/"), (api, f"{API}/schemas")):
            assert b"up_task_directory" in client.get(root, {"name": "up-task.xsd"}).content
            assert client.get(root, {"name": "../settings.py"}).status_code in {404, 422}
        figures = import_figures(sent(out(), name="事项.xml"))
        assert import_lines(ItemImport.objects.get()).count() == figures.kinds["unchanged"] == 1
