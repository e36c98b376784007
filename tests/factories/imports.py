"""Files of items as people send them in, with what the background does done at once."""

from io import BytesIO
from typing import Any

import xlsxwriter

from province.catalogue.models import ItemImport
from province.catalogue.operations import import_items, upload_items
from province.catalogue.operations.imports import carry_on_import
from province.catalogue.queries.imports import import_lines
from tests.conftest import person
from tests.factories.catalogue import DEPARTMENT

CODE = "420131{:03}000"
HEADINGS = ("基本编码", "事项名称", "事项类型", "主管部门", "受理条件")

_DIRECTORY = {"基本编码", "事项名称", "事项类型", "主管部门", "计划生效日期"}


def row(number: int, name: str = "食品经营许可", conditions: str = "有固定的经营场所", **cells: str) -> list[str]:
    """A licence's line in 基本目录; ``cells``: code, type, department."""
    code = cells.get("code", CODE.format(number))
    return [code, name, cells.get("type", "行政许可"), cells.get("department", DEPARTMENT), conditions]


def book_of(*rows: list[str], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """With national columns: what 基本目录 has no column for stands in 基本信息."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, columns in (("基本目录", _DIRECTORY), ("基本信息", {*headings} - _DIRECTORY | {headings[0]})):
            sheet = book.add_worksheet(name)
            for number, cells in enumerate([list(headings), *rows]):
                sheet.write_row(
                    number, 0, [cell for cell, heading in zip(cells, headings, strict=True) if heading in columns]
                )
    return out.getvalue()


def sent(content: bytes, *, by: str = "zhao", name: str = "事项.xlsx") -> ItemImport:
    """Uploaded and read."""
    upload = upload_items(by=person(by), name=name, file=BytesIO(content))
    return carried_on(upload)


def confirmed(upload: ItemImport, *, by: str = "zhao") -> ItemImport:
    """Imported, to the end."""
    return carried_on(import_items(by=person(by), upload=upload))


def carried_on(upload: ItemImport) -> ItemImport:
    carry_on_import(import_id=upload.pk)
    upload.refresh_from_db()
    return upload


def kinds(upload: ItemImport) -> list[str]:
    return list(import_lines(upload).values_list("kind", flat=True))


def states(upload: ItemImport) -> list[str]:
    return list(import_lines(upload).values_list("state", flat=True))


def only_line(upload: ItemImport) -> Any:
    return import_lines(upload).get()
