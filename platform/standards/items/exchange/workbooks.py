"""Items out of any workbook: with national columns, or one sheet an item."""

from collections.abc import Sequence
from typing import Final

from foundation.errors import Invalid
from foundation.workbooks import MEGABYTE, Bounds, Sheet, open_workbook
from standards.items import Table
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.exchange.form_reading import read_forms
from standards.items.exchange.items import Faults, Reading
from standards.items.exchange.table_heads import table_of
from standards.items.exchange.table_reading import read_tables

# 10,000 items with all that belongs to them unpack to some 100 MB
BOUNDS: Final = Bounds(
    file=40 * MEGABYTE, unpacked=200 * MEGABYTE, rows=100_000, columns=256, seconds=90, answer=400 * MEGABYTE
)
# of one item's form; beyond it is a table
MOST_FORM_ROWS: Final = 3_000
MOST_FORM_CELLS: Final = 2_000_000
_MOST_NAMES: Final = 5


def read_workbook(content: bytes, *, scheme: CodeScheme = NATIONAL_SCHEME) -> Reading:
    """Every item in it, and a fault for every cell that is wrong.

    Raises Invalid where nothing can be read at all: no workbook, a password, macros, too large, other sheets.
    """
    with open_workbook(content, BOUNDS) as sheets:
        if any(table_of(sheet.name) for sheet in sheets):
            return read_tables(sheets, scheme)
        if any(sheet.seen.last_row > MOST_FORM_ROWS for sheet in sheets) or _cells(sheets) > MOST_FORM_CELLS:
            message = (
                f"没有“{Table.DIRECTORY.label}”等工作表；一事一表的，每张表最多 {MOST_FORM_ROWS:,} 行，"
                f"合起来最多 {MOST_FORM_CELLS:,} 格。"
                "请用导出的表格或空白模板填写。"
            )
            raise Invalid(message)
        faults = Faults(scheme)
        items = list(read_forms(sheets, faults))
        if items:
            return faults.reading(items)
        names = "、".join(f"“{sheet.name:.20}”" for sheet in sheets[:_MOST_NAMES] if not sheet.is_hidden)
        message = (
            f"在工作表{names}里没有找到事项：应有“{Table.DIRECTORY.label}”等工作表（按国家栏目），"
            "或者一事一表（左边是要素名称，右边是内容）。请用导出的表格或空白模板填写。"
        )
        raise Invalid(message)


def _cells(sheets: Sequence[Sheet]) -> int:
    return sum(sheet.seen.last_row * sheet.seen.last_column for sheet in sheets)
