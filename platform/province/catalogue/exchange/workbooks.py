"""Items out of any workbook: with national columns, or one sheet an item."""

from typing import Final

from foundation.workbooks import MEGABYTE, Bounds, open_workbook
from province.catalogue.definition import CodeScheme
from province.catalogue.definition.codes import USUAL_SCHEME
from province.catalogue.exchange.items import Reading
from province.catalogue.exchange.table_heads import table_of
from province.catalogue.exchange.table_reading import read_tables

# 10,000 items with all that belongs to them unpack to some 100 MB
BOUNDS: Final = Bounds(file=40 * MEGABYTE, unpacked=200 * MEGABYTE, rows=100_000, columns=256)


def read_workbook(content: bytes, *, scheme: CodeScheme = USUAL_SCHEME) -> Reading:
    """Every item in it, and a fault for every cell that is wrong.

    Raises Invalid where nothing can be read at all: no workbook, a password, macros, too large, other sheets.
    """
    with open_workbook(content, BOUNDS) as sheets:
        if any(table_of(sheet.name) for sheet in sheets):
            return read_tables(sheets, scheme=scheme)
        raise NotImplementedError
