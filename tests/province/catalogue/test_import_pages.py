"""The console's pages for items in files: each page, each refusal, and what stays closed to whom."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from province.catalogue.models import Item, ItemImport
from province.sign_in.operations.tokens import issue_token
from standards.items.exchange import read_json, read_workbook
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_department, make_item
from tests.factories.imports import book_of, carried_on, confirmed, row, sent
from tests.factories.people import account, client_of
from tests.isolation.asking import PROVINCE
from tests.standards.books import long_table, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

IMPORT = "/console/items/import/"
EXPORT = "/console/items/export/"


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


def page_of(upload: ItemImport, page: str = "") -> str:
    return f"{IMPORT}{upload.pk}/{page}"


def text_of(client: Client, address: str, **data: Any) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, content: bytes, name: str = "事项.xlsx") -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def body(answer: Any) -> bytes:
    content: bytes = answer.getvalue()
    return content


class TestPage:
    def test_sends_strangers_to_sign_in(self) -> None:
        upload = sent(book_of(row(1)))
        for address in (
            IMPORT,
            f"{IMPORT}template/",
            EXPORT,
            *(page_of(upload, one) for one in ("", "card/", "faults/")),
        ):
            assert client_of().get(address)["Location"].startswith("/sign-in/?next=")

    def test_is_closed_to_somebody_without_a_position(self) -> None:
        upload = sent(book_of(row(1)))
        for address in (
            IMPORT,
            f"{IMPORT}template/",
            EXPORT,
            *(page_of(upload, one) for one in ("", "card/", "faults/")),
        ):
            assert client_of("wu").get(address).status_code == 403
        assert post(client_of("wu"), book_of(row(1))).status_code == 403

    def test_of_somebody_elses_import_is_not_found(self) -> None:
        upload = sent(book_of(row(1)))
        for page in ("", "card/", "faults/"):
            assert client_of("qian").get(page_of(upload, page)).status_code == 404
            assert client_of("qian").get(f"{IMPORT}{uuid4()}/{page}").status_code == 404
        assert client_of("qian").post(page_of(upload)).status_code == 404
        assert upload.file_name not in text_of(client_of("qian"), IMPORT)

    def test_of_items_leads_there(self, zhao: Client) -> None:
        assert f'href="{IMPORT}"' in text_of(zhao, "/console/items/")


class TestUpload:
    def test_leads_to_the_preview(self, zhao: Client) -> None:
        make_department()
        answer = post(zhao, book_of(row(1)))
        upload = ItemImport.objects.get()
        assert answer["Location"] == page_of(upload)
        page = text_of(zhao, page_of(upload))
        assert "正在读取" in page
        assert f'hx-get="{page_of(upload, "card/")}"' in page
        assert zhao.get(page_of(upload, "card/")).headers.get("HX-Refresh") is None
        carried_on(upload)
        assert zhao.get(page_of(upload, "card/"))["HX-Refresh"] == "true"
        assert "导入这 1 项到草稿" in text_of(zhao, page_of(upload))
        assert "事项.xlsx" in text_of(zhao, IMPORT)

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("事项.xlsx", b"", "文件是空的"),
            ("事项.xlsx", b"%PDF-1.7\n", "与扩展名“.xlsx”不符"),
            ("事项.csv", b"a,b\n", "只能导入 Excel 工作簿"),
            ("事项.xlsx", b"PK\3\4 broken", "文件已损坏"),
        ],
    )
    def test_of_another_file_is_refused_beside_the_field(
        self, zhao: Client, name: str, content: bytes, words: str
    ) -> None:
        answer = post(zhao, content, name)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not ItemImport.objects.exists()

    def test_without_a_file_asks_for_one(self, zhao: Client) -> None:
        answer = zhao.post(IMPORT)
        assert answer.status_code == 422
        assert "请选择要导入的文件" in answer.content.decode()

    def test_that_is_too_large_is_refused(self, zhao: Client, settings: Any) -> None:
        settings.UPLOAD_LIMIT = 2048
        answer = post(zhao, book_of(*(row(number) for number in range(1, 50))))
        assert answer.status_code == 422
        assert "文件过大" in answer.content.decode()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (lambda: workbook({"人员": [["姓名"], ["张三"]]}), "没有找到事项"),
            (lambda: long_table(20_050), "最多 20,000 个事项"),
        ],
        ids=["other sheet", "too many rows"],
    )
    def test_that_cannot_be_read_says_why(self, zhao: Client, content: Callable[[], bytes], words: str) -> None:
        page = text_of(zhao, page_of(sent(content())))
        assert "无法读取" in page
        assert words in page
        assert "换一份文件" in page


class TestPreview:
    def test_opens_every_item_to_its_differences(self, zhao: Client) -> None:
        make_item(1), make_item(2)
        upload = sent(book_of(row(1, "食品许可"), row(2, conditions=""), row(3, "新事项"), row(4, code="12")))
        page = text_of(zhao, page_of(upload))
        assert "将新增 <strong>1</strong> 项，修改 <strong>2</strong> 项" in page
        assert "「事项名称」由“食品经营许可”改为“食品许可”。" in page
        assert "基本编码应为 12 位" in page
        assert "其中 1 项会删去原有的内容" in page
        assert "1 项有问题，不会导入。" in page

    def test_shows_one_kind_alone(self, zhao: Client) -> None:
        make_item(1)
        upload = sent(book_of(row(1, "食品许可"), row(3, "新事项"), row(4, code="12", name="错的")))
        shown = {
            show: [
                name
                for name in ("食品许可", "新事项", "错的")
                if f'<span class="name">{name}</span>' in text_of(zhao, page_of(upload), show=show)
            ]
            for show in ("", "new", "changed", "faulty", "unchanged", "removals", "没有这种")
        }
        assert shown == {
            "": ["食品许可", "新事项", "错的"],
            "new": ["新事项"],
            "changed": ["食品许可"],
            "faulty": ["错的"],
            "unchanged": [],
            "removals": [],
            "没有这种": ["食品许可", "新事项", "错的"],
        }

    def test_without_changes_offers_none(self, zhao: Client) -> None:
        item = make_item(1)
        upload = sent(book_of([item.basic_code, item.name], headings=("基本编码", "事项名称")))
        page = text_of(zhao, page_of(upload))
        assert "1 项都与目录里的草稿一样，没有要导入的改动" in page
        assert "到草稿</button>" not in page

    def test_shows_what_is_in_the_file_as_text(self, zhao: Client) -> None:
        make_department()
        upload = sent(book_of(row(1, "<script>alert(1)</script>")), name="<b>.xlsx")
        page = text_of(zhao, page_of(upload))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "<b>.xlsx" not in page

    def test_in_pages_of_fifty(self, zhao: Client) -> None:
        make_department()
        upload = sent(book_of(*(row(number, f"事项{number:03}") for number in range(1, 61))))
        assert "事项051" not in text_of(zhao, page_of(upload))
        assert "事项051" in text_of(zhao, page_of(upload), page=2, show="new")


class TestResult:
    def test_follows_the_confirmation(self, zhao: Client) -> None:
        make_item(1), make_item(2)
        upload = sent(book_of(row(1, "食品许可"), row(2, "改名")))
        assert zhao.post(page_of(upload))["Location"] == page_of(upload)
        assert "0 / 2 项" in text_of(zhao, page_of(upload))
        change_draft(Item.objects.get(basic_code=row(2)[0]), by="qian", name="别人改的")
        carried_on(upload)
        page = text_of(zhao, page_of(upload))
        assert "1 项已写入草稿，1 项没有导入" in page
        assert "又改过这一项，没有导入" in page
        assert "又改过这一项" not in text_of(zhao, page_of(upload), show="written")

    def test_twice_is_once(self, zhao: Client) -> None:
        make_item(1)
        upload = confirmed(sent(book_of(row(1, "食品许可"))))
        zhao.post(page_of(upload))
        assert Item.objects.get().revision == 2

    def test_of_nothing_to_do_says_so(self, zhao: Client) -> None:
        upload = sent(book_of(row(4, code="12")))
        answer = zhao.post(page_of(upload), follow=True)
        assert "文件里没有要导入的改动" in answer.content.decode()


class TestFaults:
    def test_can_be_taken_away_as_a_workbook(self, zhao: Client) -> None:
        content = workbook({"基本目录": [["基本编码", "事项名称"], ["12", "错的"], ["", "没有编码"]]})
        answer = zhao.get(page_of(sent(content), "faults/"))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[0] == ["位置", "基本编码", "事项名称", "问题"]
        assert rows[1][0] == "基本目录!A3"
        assert rows[2][:3] == ["“基本目录”第 2 行", "12", "错的"]


class TestTemplate:
    def test_is_the_workbook_with_national_columns(self, zhao: Client) -> None:
        answer = zhao.get(f"{IMPORT}template/")
        assert "%E4%BA%8B%E9%A1%B9%E5%AF%BC%E5%85%A5%E8%A1%A8.xlsx" in answer["Content-Disposition"]
        assert read_workbook(body(answer)).items == ()

    def test_is_one_sheet_of_a_type(self, zhao: Client) -> None:
        answer = zhao.get(f"{IMPORT}template/", {"type": "01"})
        names = CalamineWorkbook.from_filelike(io.BytesIO(body(answer))).sheet_names
        assert names[0] == "行政许可事项表"


class TestExport:
    @pytest.mark.parametrize("shape", ["tables", "forms", "json"])
    def test_gives_drafts_that_come_in_again(self, zhao: Client, shape: str) -> None:
        items = {make_item(1).name: "1", make_item(2, name="药品零售许可").name: "2"}
        content = body(zhao.get(EXPORT, {"format": shape}))
        reading = read_json(content) if shape == "json" else read_workbook(content)
        assert [read.item.name for read in reading.items] == list(items)
        (only,) = read_workbook(body(zhao.get(EXPORT, {"format": "tables", "words": "药品"}))).items
        assert only.item.name == "药品零售许可"

    def test_leaves_out_drafts_that_are_not_for_ones_eyes(self) -> None:
        make_item(1)
        content = body(client_of("sun").get(EXPORT))
        assert read_workbook(content).items == ()

    def test_of_more_than_a_request_can_write_says_so(self, zhao: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("province.catalogue.views.exchange.MOST_IN_WORKBOOK", 1)
        make_item(1), make_item(2)
        answer = zhao.get(EXPORT, {"format": "tables"}, follow=True)
        assert "有 2 项，一次最多下载 1 项" in answer.content.decode()
        assert len(read_json(body(zhao.get(EXPORT, {"format": "json"}))).items) == 2

    def test_of_too_many_sheets_says_so(self, zhao: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("standards.items.exchange.form_writing.MOST_FORMS", 1)
        make_item(1), make_item(2)
        answer = zhao.get(EXPORT, {"format": "forms"}, follow=True)
        assert "一事一表最多导出" in answer.content.decode()


class TestImportApi:
    ROOT = "/api/province/v1/catalogue/imports"

    def program(self, username: str, *scopes: str) -> Client:
        key = issue_token(by=person(username), account=account(username), name="测试", scopes=scopes)
        return Client(headers={"host": PROVINCE, "authorization": f"Bearer {key}"})

    def test_reads_previews_and_writes_as_the_pages_do(self) -> None:
        make_department()
        zhao = self.program("zhao", "catalogue.read", "catalogue.write")
        made = zhao.post(self.ROOT, {"file": SimpleUploadedFile("事项.xlsx", book_of(row(1)))})
        assert (made.status_code, made.json()["state"]) == (201, "reading")
        own = f"{self.ROOT}/{made.json()['id']}"
        assert zhao.post(f"{own}/confirm").status_code == 409
        carried_on(ItemImport.objects.get())
        ready = zhao.get(own).json()
        assert (ready["state"], ready["kinds"], ready["total"]) == ("ready", {"new": 1}, 1)
        assert [one["kind"] for one in zhao.get(f"{own}/lines").json()["items"]] == ["new"]
        once = {"headers": {"Idempotency-Key": "a"}}
        # a form is read before it could be compared with the first one
        assert zhao.post(f"{own}/confirm", **once).status_code == 422
        sent_once = [zhao.post(f"{own}/confirm", content_type="application/json", **once).json() for _ in range(2)]
        assert [one["state"] for one in sent_once] == ["importing", "importing"]
        carried_on(ItemImport.objects.get())
        assert zhao.get(own).json()["settled"] == Item.objects.count() == 1
        assert self.program("lu", "catalogue.write").get(own).status_code in {403, 404}
        assert self.program("zhao", "catalogue.read").post(f"{own}/confirm").status_code == 403
