"""Workbooks as people send them, for tests."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

from standards.items.exchange import ExchangeItem, Reading, read_workbook, write_forms, write_tables

type Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows], *, draw: Callable[[Any, Any], None] | None = None) -> bytes:
    """``draw(book, first sheet)`` adds what a table of values cannot say."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        made = []
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            made.append(sheet)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        if draw:
            draw(book, made[0])
    return out.getvalue()


def long_table(count: int, *, name: str = "基本目录") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["基本编码", "事项名称", "事项类型"])
        for number in range(1, count):
            sheet.write_row(number, 0, [f"42013{number:07d}", "甲", "行政许可"])
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return out.getvalue()


def changed_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, change(source.read(part)) if part == name else source.read(part))
    return out.getvalue()


def tables_of(*items: ExchangeItem) -> bytes:
    out = io.BytesIO()
    write_tables(items, out)
    return out.getvalue()


def forms_of(*items: ExchangeItem) -> bytes:
    out = io.BytesIO()
    write_forms(items, out)
    return out.getvalue()


def items_of(reading: Reading) -> list[ExchangeItem]:
    return [read.item for read in reading.items]


def messages_of(content: bytes) -> list[str]:
    return [fault.message for fault in read_workbook(content).faults]
