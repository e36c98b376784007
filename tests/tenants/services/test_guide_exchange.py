"""A hall's guides as files: the workbook out and in, and the national exchange; each import previewed first."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from config.cli import app
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from foundation.workbooks import column_letters, open_workbook
from province.catalogue.models import ItemVersion
from province.halls.models import Hall
from standards.items import BY_NAME, ELEMENTS, Bound, Filler, effective
from standards.items.exchange import (
    ExchangeItem,
    GuideLine,
    hall_part,
    national_file,
    national_report,
    read_guides,
    read_national_json,
    write_guides,
)
from standards.items.exchange.guide_reading import BOUNDS
from standards.items.exchange.guide_tables import GUIDES_SHEET
from standards.items.exchange.national_rows import given_paths
from tenants.services.models import Adoption, GuideImport
from tenants.services.operations import guide_imports as module
from tenants.services.operations.guide_imports import import_guides, upload_guides
from tenants.services.operations.hall_guides import save_hall_guide
from tenants.services.queries.exchange import guide_lines, reported_guides
from tenants.services.queries.guide_imports import guide_import_lines, guide_import_of
from tests.conftest import person
from tests.factories.adoptions import adopt, make_shown, save, submit
from tests.factories.catalogue import make_item, make_published
from tests.factories.items import exchange_items
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.soak import SOAK
from tests.standards.books import workbook

pytestmark = pytest.mark.django_db
NORTH_HOST = "north.yizhan.localhost"
WINDOWS, WINDOW = BY_NAME["windows"].label, BY_NAME["windows"].cells[0].label


type Book = dict[str, list[list[Any]]]


def written(hall: Hall) -> bytes:
    out = BytesIO()
    with inside(hall):
        write_guides(guide_lines(), out)
    return out.getvalue()


def opened(content: bytes) -> Book:
    with open_workbook(content, BOUNDS) as sheets:
        return {sheet.name: list(sheet.rows()) for sheet in sheets}


def packed(book: Book) -> bytes:
    return workbook(book)


def fill(book: Book, sheet: str, row: int, **cells: Any) -> None:
    """``row`` counts from 1 as in Excel; the cells by the labels of their columns."""
    rows = book[sheet]
    while len(rows) < row:
        rows.append([""] * len(rows[0]))
    for label, value in cells.items():
        rows[row - 1][rows[0].index(label)] = value


def sent(hall: Hall, content: bytes, name: str = "实施清单.xlsx", *, by: str = "sun") -> GuideImport:
    with inside(hall):
        return upload_guides(by=person(by), hall=hall, name=name, file=BytesIO(content))


def lines(hall: Hall, upload: GuideImport) -> list[Any]:
    with inside(hall):
        return list(guide_import_lines(upload))


def confirmed(hall: Hall, upload: GuideImport, *, by: str = "sun") -> list[Any]:
    with inside(hall):
        import_guides(by=person(by), hall=hall, import_id=upload.pk)
    return lines(hall, upload)


def drafts(hall: Hall) -> dict[str, dict[str, Any]]:
    with inside(hall):
        return {str(one.item_id): one.values for one in Adoption.objects.all()}


class TestWorkbook:
    def test_goes_out_is_filled_in_and_comes_back(self, north: Hall) -> None:
        first, second = (save(north, adopt(north, make_published(make_item(number)))) for number in (1, 2))
        before = drafts(north)
        content = written(north)
        assert [one.kind for one in lines(north, sent(north, content))] == ["unchanged", "unchanged"]
        with ZipFile(BytesIO(content)) as archive:
            main = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<sheetProtection" in main
        assert "选项" in main.partition("<dataValidations")[2]
        book = opened(content)
        assert "填写说明" in book
        code = book[GUIDES_SHEET][1][0]
        fill(book, GUIDES_SHEET, 2, 咨询方式="0717-7654321")
        added = {WINDOW: "9 号窗口", "办理地点": "长江路 9 号", "办理时间": "周一至周五"}
        fill(book, WINDOWS, len(book[WINDOWS]) + 1, 基本编码=code, **added)
        fill(book, GUIDES_SHEET, 3, **{"承诺办结时限（本厅）": "99 个工作日"})
        upload = sent(north, packed(book))
        changed, faulty = lines(north, upload)
        assert changed.kind == "changed"
        assert "「咨询方式」" in "".join(changed.changes)
        assert "9 号窗口" in "".join(changed.changes)
        ((where, message),) = faulty.faults
        assert where.startswith(f"{GUIDES_SHEET}!")
        assert "不得超过省里规定的" in message
        assert drafts(north) == before
        assert [one.state for one in confirmed(north, upload)] == ["written", "waiting"]
        after = drafts(north)
        assert after[str(first.item_id)]["consult"] == "0717-7654321"
        assert after[str(first.item_id)]["windows"][-1]["window"] == "9 号窗口"
        assert after[str(second.item_id)] == before[str(second.item_id)]

    def test_names_the_cell_of_what_it_cannot_read(self, north: Hall) -> None:
        save(north, adopt(north))
        book = opened(written(north))
        fill(book, GUIDES_SHEET, 2, 网上办理深度="全都行")
        fill(book, GUIDES_SHEET, 4, 咨询方式="没有编码的一行")
        fill(book, "常见问题（本厅）", 2, 基本编码="999999999999", 问题="问？")
        upload = sent(north, packed(book))
        (line,) = lines(north, upload)
        ((where, message),) = line.faults
        letter = column_letters(book[GUIDES_SHEET][0].index("网上办理深度") + 1)
        assert where == f"{GUIDES_SHEET}!{letter}2"
        assert f"第 2 行 {letter} 列" in message
        assert "没有“全都行”这个选项" in message
        said = " ".join(message for _, message in upload.faults)
        assert "第 4 行" in said
        assert "“999999999999”在“实施清单”里没有" in said
        with inside(north), pytest.raises(Conflict, match="没有要导入的改动"):
            import_guides(by=person("sun"), hall=north, import_id=upload.pk)

    def test_refuses_what_somebody_changed_since_and_what_is_under_review(self, north: Hall) -> None:
        one, two = (save(north, adopt(north, make_published(make_item(number)))) for number in (1, 2))
        book = opened(written(north))
        for row in (2, 3):
            fill(book, GUIDES_SHEET, row, 咨询方式="1")
        early = sent(north, packed(book))
        save(north, one, part=one.values | {"consult": "2"})
        submit(north, two)
        refused = [line.refusal for line in lines(north, sent(north, packed(book)))]
        assert ["又改过这一项" in text or "正在审核" in text for text in refused] == [True, True]
        # and so is what was previewed before
        assert [line.state for line in confirmed(north, early)] == ["refused", "refused"]
        assert drafts(north)[str(one.item_id)]["consult"] == "2"

    def test_killed_goes_on_and_twice_changes_nothing(self, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in (1, 2, 3):
            save(north, adopt(north, make_published(make_item(number))))
        book = opened(written(north))
        for row in (2, 3, 4):
            fill(book, GUIDES_SHEET, row, 咨询方式="12345")
        upload, calls = sent(north, packed(book)), []

        def die_at_the_second(**given: Any) -> Any:
            calls.append(given)
            if len(calls) == 2:
                raise Unavailable("数据库连接不上。")
            return save_hall_guide(**given)

        monkeypatch.setattr(module, "save_hall_guide", die_at_the_second)
        with pytest.raises(Unavailable):
            confirmed(north, upload)
        monkeypatch.undo()
        assert [one.state for one in lines(north, upload)] == ["written", "waiting", "waiting"]
        assert [one.state for one in confirmed(north, upload)] == ["written"] * 3
        revisions = [one.revision for one in _adoptions(north)]
        assert [one.state for one in confirmed(north, upload)] == ["written"] * 3
        assert [one.revision for one in _adoptions(north)] == revisions
        assert [one.kind for one in lines(north, sent(north, written(north)))] == ["unchanged"] * 3

    def test_is_of_one_hall_and_one_person_alone(self, north: Hall, south: Hall) -> None:
        save(north, adopt(north))
        upload = sent(north, written(north))
        with inside(north), pytest.raises(NotFound):
            guide_import_of(person("li"), north, upload.pk)
        with inside(south):
            with pytest.raises(NotFound):
                guide_import_of(person("zhou"), south, upload.pk)
            with pytest.raises(NotAllowed):
                upload_guides(by=person("sun"), hall=south, name="a.xlsx", file=BytesIO(b""))
        (line,) = lines(south, sent(south, written(north), by="zhou"))
        assert "没有认领" in line.refusal

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("实施清单.xlsx", b"nothing", "不是"),
            ("实施清单.csv", b"a,b", "只能导入下载的表格"),
            ("实施清单.xml", b"<!DOCTYPE a><a/>", "不允许有文档类型"),
            ("实施清单.json", b'{"items": [', "应写明|不是正确"),
        ],
    )
    def test_that_is_none_is_refused_by_name(self, north: Hall, name: str, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            sent(north, content, name)
        with inside(north):
            assert not GuideImport.objects.exists()

    def test_is_forgotten_after_a_month(self, north: Hall) -> None:
        save(north, adopt(north))
        upload = sent(north, written(north))
        DueTime.objects.filter(subject_id=upload.pk).update(due_at="2020-01-01T00:00:00Z")
        drain_events()
        with inside(north):
            assert not GuideImport.objects.exists()

    @pytest.mark.soak
    @given(typed=exchange_items())
    @settings(max_examples=8 if SOAK else 4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_gives_back_whatever_can_be_typed(self, typed: ExchangeItem) -> None:
        out = BytesIO()
        code = "420131001000"
        write_guides([GuideLine(code, "甲", "乙", typed.item_type, 7, typed.hall_values)], out)
        (guide,) = read_guides(out.getvalue()).guides
        wanted = {name: value for name, value in typed.hall_values.items() if BY_NAME[name].by is not Filler.PLATFORM}
        applied = {name: value for name, value in wanted.items() if typed.item_type in BY_NAME[name].applies}
        assert (guide.read.item.code, guide.revision) == (code, 7)
        assert guide.read.item.hall_values == applied


def _adoptions(hall: Hall) -> list[Adoption]:
    with inside(hall):
        return list(Adoption.objects.order_by("pk"))


class TestNationalExchange:
    def test_tells_the_hall_s_state_and_version_and_comes_back(self, north: Hall) -> None:
        adoption = make_shown(north, promised_days=5, promised_unit="1")
        with inside(north):
            content = b"".join(national_file(reported_guides(), kind="xml"))
            assert b"<task_state>1</task_state>" in content
            assert b"<task_version>1</task_version>" in content
        before = drafts(north)[str(adoption.item_id)]
        assert [one.kind for one in lines(north, sent(north, content, "清单.xml"))] == ["unchanged"]
        kept = {name: value for name, value in before.items() if name not in given_paths()}
        save(north, adoption, part=kept)
        upload = sent(north, content, "清单.xml")
        assert [one.state for one in confirmed(north, upload)] == ["written"]
        # the exchange has no column for the window's number, and the report says so
        with inside(north):
            assert "「办理窗口和时间」的「办理窗口」" in national_report(reported_guides(), kind="xml").untold
        windows = [{name: text for name, text in one.items() if name != "window"} for one in before["windows"]]
        assert drafts(north)[str(adoption.item_id)] == before | {"windows": windows}

    @pytest.mark.soak
    @given(typed=exchange_items())
    @settings(max_examples=20 if SOAK else 8, deadline=None)
    def test_gives_back_the_hall_s_part(self, typed: ExchangeItem) -> None:
        """Into an empty draft: what counts in the hall is the same, and what is not carried is known by name."""
        province = {"levels": ["4"], **typed.values}
        hall = {
            name: value
            for name, value in typed.hall_values.items()
            if BY_NAME[name].by is not Filler.PLATFORM and typed.item_type in BY_NAME[name].applies
        }
        made = ExchangeItem(typed.item_type, province, hall)
        content = b"".join(national_file([made], kind="json"))
        (read,) = read_national_json(content, known=lambda _: made.together()).items
        own = hall_part(read, province).read.item.hall_values
        carried = {name for name in given_paths() if name in BY_NAME}
        told = {element.name for element in ELEMENTS if element.by in {Filler.HALL, Filler.BOTH}} & carried
        now, was = effective(province, own), effective(province, hall)
        for name in told:
            if BY_NAME[name].bound is Bound.MAY_ADD or not BY_NAME[name].cells:
                assert now.get(name) == was.get(name), name


class TestPagesApiAndCommand:
    def test_lead_from_the_desk_through_the_preview(self, north: Hall) -> None:
        adoption = make_shown(north)
        sun = client_of("sun", host=NORTH_HOST)
        assert "批量填写和交换" in sun.get("/desk/items/").content.decode()
        text = sun.get("/desk/items/exchange/").content.decode()
        assert "下载表格" in text
        book = opened(sun.get("/desk/items/exchange/workbook/").content)
        fill(book, GUIDES_SHEET, 2, 咨询方式="96-1")
        answer = sun.post("/desk/items/exchange/", {"file": SimpleUploadedFile("清单.xlsx", packed(book))}, follow=True)
        assert "将修改 <strong>1</strong> 项的草稿" in answer.content.decode()
        page = answer.redirect_chain[-1][0]
        assert "1 项已写入草稿" in sun.post(page, follow=True).content.decode()
        assert drafts(north)[str(adoption.item_id)]["consult"] == "96-1"
        assert sun.get(f"{page}faults/").content[:2] == b"PK"
        assert client_of("zhou", host="south.yizhan.localhost").get(page).status_code == 404
        assert "1</strong> 个事项的实施清单可以导出" in sun.get("/desk/items/exchange/national/").content.decode()
        assert b"up_task_directory" in sun.get("/desk/items/exchange/schema/", {"name": "up-task.xsd"}).content
        wrong = sun.post("/desk/items/exchange/", {"file": SimpleUploadedFile("清单.csv", b"a")})
        assert wrong.status_code == 422
        assert "只能导入下载的表格" in wrong.content.decode()

    def test_serve_programs_alike(self, north: Hall) -> None:
        adoption, root = make_shown(north), "/api/hall/v1/services/items"
        sun = client_of("sun", host=NORTH_HOST)
        book = opened(sun.get(f"{root}/workbook").content)
        fill(book, GUIDES_SHEET, 2, 咨询方式="96-2")
        made = sun.post(f"{root}/imports", {"file": SimpleUploadedFile("清单.xlsx", packed(book))})
        assert (made.status_code, made.json()["kinds"]) == (201, {"changed": 1})
        own = f"{root}/imports/{made.json()['id']}"
        (line,) = sun.get(f"{own}/lines").json()["items"]
        assert "「咨询方式」" in "".join(line["changes"])
        assert drafts(north)[str(adoption.item_id)]["consult"] != "96-2"
        assert sun.post(f"{own}/confirm", content_type="application/json").json()["settled"] == 1
        assert drafts(north)[str(adoption.item_id)]["consult"] == "96-2"
        report = sun.get(f"{root}/national/report").json()
        assert (report["items"], report["held_back"], report["unreported"]) == (1, [], 0)
        for kind in ("xml", "json"):
            content = b"".join(sun.get(f"{root}/national/file", {"format": kind}))
            sent_back = {"file": SimpleUploadedFile(f"清单.{kind}", content)}
            assert sun.post(f"{root}/imports", sent_back).json()["total"] == 1
        assert b"up_task_directory" in sun.get(f"{root}/schemas", {"name": "up-task.schema.json"}).content
        south = client_of("zhou", host="south.yizhan.localhost")
        assert south.get(own).status_code == south.post(f"{own}/confirm").status_code == 404

    def test_are_said_by_the_command_too(self, north: Hall, tmp_path: Path) -> None:
        make_shown(north)
        code, file = north.division.code, tmp_path / "清单.xml"
        run = CliRunner().invoke
        done = run(app, ["catalogue", "export", str(file), "--hall", code])
        assert done.exit_code == 0, done.output
        assert "没有写入" in run(app, ["catalogue", "import", str(file), "--hall", code, "--as", "sun"]).output
        items = tmp_path / "事项.json"
        assert run(app, ["catalogue", "export", str(items), "--format", "national-json"]).exit_code == 0
        assert "1 项，0 处有问题；没有写入。" in run(app, ["catalogue", "import", str(items), "--as", "zhao"]).output
        items.write_bytes(items.read_bytes().replace(b'"project_type": "2"', b'"project_type": "7"'))
        wrong = run(app, ["catalogue", "import", str(items), "--as", "zhao", "--confirm", "--json"])
        assert wrong.exit_code == 1
        assert "没有“7”这个选项" in wrong.output
        assert "up_task_directory" in run(app, ["catalogue", "schema", "up-task.xsd"]).output
        assert ItemVersion.objects.count() == 1
