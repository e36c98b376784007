"""Templates in Word of the kind that tests issue, and issued documents. All in the schema that is entered."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from docx import Document

from province.halls.models import Hall
from tenants.documents.models import IssuedDocument
from tenants.documents.operations import issue_document
from tests.conftest import person
from tests.document_kinds import NOTICE

CASE = UUID(int=42)
VALUES: dict[str, Any] = {
    "applicant": "张三",
    "item": "食品经营许可",
    "due_on": date(2026, 12, 21),
    "reasons": "第一段。\n第二段。",
    "materials": [{"name": "营业执照", "form": "电子"}, {"name": "平面图", "form": "纸质"}],
}


def make_document(hall: Hall, *, by: str = "sun", **values: Any) -> IssuedDocument:
    return issue_document(
        by=person(by),
        hall=hall,
        kind=NOTICE.code,
        owner_kind="case",
        owner_id=CASE,
        values=VALUES | values,
    )


def word_file(change: Callable[[Any], None] | None = None) -> bytes:
    """A template as somebody writes it in Word, before ``change`` does something to it."""
    document = Document()
    title = document.add_paragraph()
    title.add_run("测试通知书").bold = True
    # as Word cuts it where somebody corrects a letter
    cut = document.add_paragraph("致 ")
    for piece in ("{", "{申请", "人}", "}"):
        cut.add_run(piece)
    document.add_paragraph("您的“{{事项名称}}”已收到，文号 {{文号}}。")
    table = document.add_table(rows=2, cols=2)
    table.style = "Table Grid"
    for cell, text in zip(
        (*table.rows[0].cells, *table.rows[1].cells), ("序号", "材料", "{{材料/序号}}", "{{材料/名称}}"), strict=True
    ):
        cell.text = text
    document.add_paragraph("{{验证二维码}}")
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
