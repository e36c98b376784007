"""Somebody takes the catalogue away as a workbook, changes a cell, and brings it back: on a desktop and on a phone."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from province.catalogue.models import Item, ItemImport
from province.catalogue.operations.imports import carry_on_import
from tests.browsing import PROVINCE, PageAt
from tests.factories.catalogue import make_item
from tests.journeys.looks import WORKED_AT, fits, is_sound
from tests.standards.books import workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEFORE, AFTER = "有与经营的食品相适应的场所。", "有与经营规模相适应的场所。"
pytestmark = pytest.mark.usefixtures("object_store")


def with_changed_cells(content: bytes) -> bytes:
    """The first item's conditions are other words; the second one's name is gone wrong."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    at = next(number for number, cells in enumerate(sheets["基本信息"]) if BEFORE in cells)
    sheets["基本信息"][at] = [AFTER if cell == BEFORE else cell for cell in sheets["基本信息"][at]]
    sheets["基本目录"][-1][0] = "12"
    return workbook(sheets)


@WORKED_AT
class TestWorkbook:
    def test_goes_out_and_comes_back_as_a_changed_draft(self, live_site: str, page_at: PageAt, width: int) -> None:
        first, _ = make_item(1), make_item(2, name="药品零售许可")
        page = fits(page_at(PROVINCE, "/console/items/", width, who="zhao"))
        content = self._download(page)
        self._refused(page)
        self._upload(page, with_changed_cells(content))
        self._preview(page)
        page.get_by_role("button", name="导入这 1 项到草稿").click()
        expect(page.get_by_role("status")).to_contain_text("正在导入")
        is_sound(page)
        self._in_the_background()
        expect(page.get_by_role("status").filter(has_text="1 项已写入草稿")).to_be_visible()
        is_sound(page)
        page.locator(".import-lines summary").first.click()
        page.get_by_role("link", name=f"打开“{first.name}”").click()
        expect(page.get_by_role("heading", name=first.name, level=1).first).to_be_visible()
        assert Item.objects.get(pk=first.pk).values["conditions"] == AFTER

    def _download(self, page: Page) -> bytes:
        with page.expect_download() as download:
            page.get_by_role("link", name="可改后导入").click()
        return Path(download.value.path()).read_bytes()

    def _refused(self, page: Page) -> None:
        page.get_by_role("link", name="导入", exact=True).click()
        expect(page.get_by_role("heading", name="可以上传什么")).to_be_visible()
        is_sound(page)
        page.get_by_role("button", name="上传并预览").click()
        expect(page.get_by_role("alert")).to_contain_text("请选择要导入的文件")
        is_sound(page)

    def _upload(self, page: Page, content: bytes) -> None:
        file = {"name": "事项（按国家栏目）.xlsx", "mimeType": WORKBOOK, "buffer": content}
        page.get_by_label("事项文件").set_input_files([file])  # type: ignore[list-item]
        page.get_by_role("button", name="上传并预览").click()
        expect(page.get_by_role("status")).to_contain_text("正在读取")
        is_sound(page)
        self._in_the_background()

    def _preview(self, page: Page) -> None:
        """It takes the place of the progress by itself."""
        expect(page.get_by_role("heading", name="导入预览")).to_be_visible()
        expect(page.locator(".import-lines > li")).to_have_count(2)
        expect(page.get_by_text("基本编码应为 12 位")).to_be_visible()
        page.locator(".import-lines summary").first.click()
        expect(page.get_by_text(f"由“{BEFORE}”改为“{AFTER}”")).to_be_visible()
        is_sound(page)
        page.get_by_role("link", name="有问题，不导入").click()
        expect(page.locator(".import-lines > li")).to_have_count(1)
        page.get_by_role("link", name="全部").click()

    def _in_the_background(self) -> None:
        carry_on_import(import_id=ItemImport.objects.latest("created_at").pk)
