"""A workbook as lines of JSON: what is written here, in a process of its own, ``open_workbook`` reads again."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, Any, Final

from foundation.errors import Invalid
from foundation.workbooks.looking import Bounds, look_into

END_OF_ROWS: Final = b"null\n"

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


def read_workbook_file(file: IO[bytes], *, bounds: dict[str, int], is_first_alone: bool) -> Iterator[bytes]:
    """First the number of sheets; then for each its facts, its rows, and null.

    Raises Invalid for what is no workbook, is protected by a password, has macros or is beyond the bounds.
    """
    from io import BytesIO  # noqa: PLC0415 - the process has just begun, and ends with this

    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    content = BytesIO(file.read())
    seen = look_into(content, Bounds(**bounds))
    content.seek(0)
    try:
        with CalamineWorkbook.from_filelike(content) as book:
            sheets = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
            if any(meta.name not in seen for meta in book.sheets_metadata):
                raise Invalid("工作簿的结构不正常，不能导入。请用 Excel 打开，另存为新的 .xlsx 再导入。")
            yield _line(len(sheets))
            for number, meta in enumerate(sheets):
                here = seen[meta.name]
                facts = {
                    "name": meta.name,
                    "is_hidden": meta.visible is not SheetVisibleEnum.Visible,
                    "formulas": here.formulas,
                    "errors": sorted(here.errors),
                    "last": [here.last_row, here.last_column],
                }
                if is_first_alone and number:
                    yield _line({**facts, "merged": []})
                    yield END_OF_ROWS
                else:
                    yield from _sheet(facts, book.get_sheet_by_name(meta.name))
    except CalamineError as error:
        raise Invalid("工作簿无法读取，文件可能已损坏。") from error


def _sheet(facts: dict[str, Any], sheet: "CalamineSheet") -> Iterator[bytes]:
    merged = [
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    yield _line({**facts, "merged": merged})
    before: list[Any] = [""] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        yield _line([*before, *row])
    yield END_OF_ROWS


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=_written).encode(errors="replace") + b"\n"


def _written(value: Any) -> dict[str, Any]:
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    return {"text": str(value)}


def read_line(line: bytes) -> Any:
    return json.loads(line, object_hook=_read)


def _read(value: dict[str, Any]) -> Any:
    match value:
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"seconds": int() | float() as seconds}:
            return timedelta(seconds=seconds)
        case {"text": str(text)}:
            return text
    return value
