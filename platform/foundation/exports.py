"""Tables that people take away: CSV that Excel opens rightly, and Excel itself."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

_ROWS_AT_ONCE = 500
EXPORT_FORMATS = ("csv", "xlsx")
_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
}
# a spreadsheet would run a text that begins so
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_table(kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a download ``<name>.csv`` or ``<name>.xlsx``; texts that look like formulas stay texts."""
    if kind == "xlsx":
        return export_file(kind, name, _workbook(headings, rows))
    return export_file("csv", name, b"".join(_csv(headings, rows)))


def export_file(kind: str, name: str, content: bytes) -> HttpResponse:
    """A csv, docx, json, pdf, xlsx, xml or xsd that was written elsewhere."""
    response = HttpResponse(content, content_type=_MEDIA_TYPES[kind])
    response["Content-Disposition"] = _disposition(name, kind)
    return response


def export_document(name: str, text: str) -> HttpResponse:
    """A text as a download under this name, whose end says what it is (``items.schema.json``)."""
    stem, _, kind = name.rpartition(".")
    return export_file(kind, stem, text.encode())


def stream_csv(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The table as a download ``<name>.csv`` that goes out while the rows come in. They are read after the view has
    returned: not for a hall's own rows, whose schema the request has left by then."""
    return stream_file("csv", name, _csv(headings, rows))


def stream_file(kind: str, name: str, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    """A csv, json or xml as a download that goes out piece by piece; the pieces are written elsewhere."""
    response = StreamingHttpResponse(pieces, content_type=_MEDIA_TYPES[kind])
    response["Content-Disposition"] = _disposition(name, kind)
    return response


def _disposition(name: str, kind: str) -> str:
    return f"attachment; filename=\"table.{kind}\"; filename*=UTF-8''{quote(name)}.{kind}"


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    out = io.StringIO()
    # the mark by which Excel knows UTF-8
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(headings)
    yield out.getvalue().encode()
    for some in batched(rows, _ROWS_AT_ONCE, strict=False):
        out.seek(0)
        out.truncate()
        writer.writerows([_disarmed(_text(cell)) for cell in row] for row in some)
        yield out.getvalue().encode()


def _workbook(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only those load it who write a workbook

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, _text(cell))
    return out.getvalue()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return str(cell)


def _disarmed(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
