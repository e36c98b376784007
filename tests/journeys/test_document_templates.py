"""文书模板 in the browser: loaded and put in force at the province, seen and left by a hall with its own."""

import io
from typing import Any

from docx import Document
from playwright.sync_api import expect

from foundation import schemas
from province.document_templates.queries.samples import template_file
from province.halls.models import Hall
from standards.documents.samples import default_layout
from standards.documents.stated import stated_kind
from tenants.documents.operations import load_template, publish_template
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.journeys.looks import PHONE_AND_DESK, is_sound, is_sound_on_phone_and_desk

NORTH = "north.yizhan.localhost"
KIND = stated_kind("acceptance")


def _word(text: str) -> bytes:
    """The platform's own template with one more paragraph."""
    document = Document(io.BytesIO(template_file(KIND, default_layout(KIND))))
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _file(text: str) -> Any:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return {"name": "模板.docx", "mimeType": kind, "buffer": _word(text)}


class TestProvinceTemplate:
    def test_goes_from_the_console_to_halls_and_one_with_its_own_is_told(
        self, page_at: PageAt, live_site: str, object_store: None, north: Hall
    ) -> None:
        own = {"by": person("sun"), "hall": north, "kind": KIND.code}
        with schemas.enter(north.schema_name):
            loaded = load_template(**own, name="模板.docx", content=_word("本厅格式"))
            publish_template(**own, version_id=loaded.pk)
        page = page_at(PROVINCE, "/console/document-templates/", who="zhao")
        is_sound(page, *PHONE_AND_DESK)
        page.get_by_role("link", name="受理通知书", exact=True).click()
        page.get_by_label("Word 模板（.docx）").set_input_files(_file("{{申请入}}"))
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_text("是不是“申请人”")).to_be_visible()
        page.get_by_label("Word 模板（.docx）").set_input_files(_file("全省统一格式"))
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_text("还没有施行")).to_be_visible()
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="启用第 1 版").click()
        expect(page.get_by_text("已启用。没有自己模板的服务厅")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        desk = page_at(NORTH, f"/desk/document-templates/{KIND.code}/", who="sun")
        expect(desk.get_by_text("省里有更新的统一模板")).to_be_visible()
        is_sound_on_phone_and_desk(desk)
        desk.on("dialog", lambda dialog: dialog.accept())
        desk.get_by_role("button", name="改用省级的模板").click()
        expect(desk.get_by_text("全省统一，")).to_be_visible()
