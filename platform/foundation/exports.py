"""Tables that people take away: CSV that Excel opens rightly, and Excel itself."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import IO, Any, Final
from urllib.parse import quote

from django.db.models import Model, QuerySet
from django.http import HttpResponse, StreamingHttpResponse

from foundation.errors import Invalid
from foundation.formulas import disarmed
from foundation.long_workbooks import cell_text, write_workbook

_ROWS_AT_ONCE = 500
MOST_EXPORTED: Final = 20_000
EXPORT_FORMATS = ("csv", "xlsx")
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
}
_NO_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")


def export_table(kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a download ``<name>.csv`` or ``<name>.xlsx``; texts that look like formulas stay texts."""
    return export_file(kind if kind == "xlsx" else "csv", name, table_bytes(kind, headings, rows))


def table_bytes(kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The table as CSV or Excel (``xlsx``)."""
    return workbook_of([("", headings, rows)]) if kind == "xlsx" else b"".join(_csv(headings, rows))


def export_list[Row: Model](
    kind: str,
    name: str,
    headings: Sequence[str],
    rows: QuerySet[Row],
    cells: Callable[[list[Row]], Iterable[Sequence[Any]]],
) -> HttpResponse:
    """Download all rows of a list, in its order. ``cells`` and what it raises: as of ``list_lines``."""
    return export_table(kind, name, headings, list_lines(rows, cells))


def list_lines[Row: Model, Line](rows: QuerySet[Row], cells: Callable[[list[Row]], Iterable[Line]]) -> Iterator[Line]:
    """A line of each row of a list, in its order. ``cells``: makes a line of each of at most 500 rows, looking up what
    belongs to them at once. Raises Invalid for more than ``MOST_EXPORTED`` rows."""
    if rows[MOST_EXPORTED:].exists():
        raise Invalid(f"符合条件的超过 {MOST_EXPORTED:,} 行，请缩小范围后分次导出。")
    return in_batches(rows, cells)


def in_batches[Row: Model, Line](rows: QuerySet[Row], lines: Callable[[list[Row]], Iterable[Line]]) -> Iterator[Line]:
    """A line of each row, where ``lines`` looks up what belongs to at most 500 rows at once."""
    for batch in batched(rows.iterator(chunk_size=_ROWS_AT_ONCE), _ROWS_AT_ONCE, strict=False):
        yield from lines(list(batch))


def export_file(kind: str, name: str, content: bytes) -> HttpResponse:
    """A csv, docx, json, pdf, xlsx, xml or xsd that was written elsewhere."""
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
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
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[kind])
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
        writer.writerows([disarmed(cell_text(cell)) for cell in row] for row in some)
        yield out.getvalue().encode()


def write_table(file: IO[bytes], kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the table into a file that can be sought, while the rows come in: of any length, and in little memory."""
    if kind == "xlsx":
        write_workbook(file, headings, rows)
        return
    for piece in _csv(headings, rows):
        file.write(piece)


def export_sheets(name: str, sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> HttpResponse:
    """Several tables (title, headings, rows) as the sheets of one Excel workbook."""
    return export_file("xlsx", name, workbook_of(sheets))


def workbook_of(sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """An .xlsx of tables (title, headings, rows). Numbers stay numbers and days days; a text is never a formula."""
    import xlsxwriter  # noqa: PLC0415 - only those load it who write a workbook

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for place, (title, headings, rows) in enumerate(sheets):
            sheet = book.add_worksheet(_sheet_name(title, place) if title else None)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(headings) - 1, 0), 18)
            sheet.write_row(0, 0, headings, bold)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int | float | Decimal):
                        sheet.write_number(number, column, cell)
                    elif isinstance(cell, date) and not isinstance(cell, datetime):
                        sheet.write_datetime(number, column, cell, day)
                    else:
                        sheet.write_string(number, column, cell_text(cell))
    return out.getvalue()


def _sheet_name(title: str, place: int) -> str:
    """As Excel takes it: 31 characters, some of them not, each name once."""
    number = f"{place + 1} " if place else ""
    return f"{number}{_NO_SHEET_SIGNS.sub(' ', title).strip()}"[:31].strip("' ") or f"表 {place + 1}"
