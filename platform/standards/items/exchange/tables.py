"""The workbook with national columns: which sheet has which columns, after the definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from standards.items import BUILT_IN, BY_NAME, ELEMENTS, Bound, Element, Filler, Table
from standards.items.exchange.labels import HALL_SUFFIX
from standards.items.kinds import ROW_TABLES
from standards.items.live import LiveMapping

# before the name of what no national table has
OURS: Final = "本平台："
# what a hall has added to a list stands in the same sheet as the province's rows
BY_PROVINCE, BY_HALL = Filler.PROVINCE.label, Filler.HALL.label
HEAD_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """``cell``: of the list ``element``. ``is_hall``: what a hall makes of the province's word. ``is_link``: repeated
    from 基本目录, to say which item the line belongs to."""

    name: str
    label: str
    element: Element
    cell: Element | None = None
    is_hall: bool = False
    is_link: bool = False

    @property
    def said(self) -> Element:
        """Whose kind and codes the column's values have."""
        return self.cell or self.element

    @property
    def path(self) -> str:
        return f"{self.element.name}.{self.cell.name}" if self.cell else self.element.name


@dataclass(frozen=True, slots=True)
class SpecialColumn:
    """No element: a row's place in its list, or who has added it."""

    name: str
    label: str


type AnyColumn = SheetColumn | SpecialColumn

ORDER: Final = SpecialColumn("order_num", "序号")
BY: Final = SpecialColumn(f"{OURS}by", "由谁填写")
LINK: Final = SheetColumn("catalog_code", "基本编码", BY_NAME["basic_code"], is_link=True)
TITLE: Final = SheetColumn(f"{OURS}title", "事项名称", BY_NAME["name"], is_link=True)


def _list_table(element: Element) -> Table | None:
    """The table whose rows are the list's."""
    return next((cell.column.table for cell in element.cells if cell.column and cell.column.table in ROW_TABLES), None)


def _columns() -> dict[Table, list[AnyColumn]]:
    found: dict[Table, list[AnyColumn]] = {table: [] if table is Table.DIRECTORY else [LINK, TITLE] for table in Table}
    ours: dict[Table, list[AnyColumn]] = {table: [] for table in Table}
    # what has no column of its own stands beside what comes before it
    beside = Table.DIRECTORY
    for element in ELEMENTS:
        if table := _list_table(element):
            found[table] += [ORDER] if table is Table.MATERIAL else []
            for cell in element.cells:
                (found if cell.column else ours)[table].append(_of_cell(element, cell))
            ours[table] += [BY] if element.bound is Bound.MAY_ADD else []
            continue
        if element.column:
            beside = element.column.table
            found[beside].append(SheetColumn(element.column.name, element.label, element))
        elif any(cell.column for cell in element.cells):
            beside = next(cell.column.table for cell in element.cells if cell.column)
            for cell in element.cells:
                (found if cell.column else ours)[beside].append(_of_cell(element, cell))
        else:
            ours[beside].append(SheetColumn(f"{OURS}{element.name}", element.label, element))
        if element.by is Filler.BOTH:
            ours[beside].append(
                SheetColumn(f"{OURS}hall.{element.name}", element.label + HALL_SUFFIX, element, is_hall=True)
            )
    return {table: found[table] + ours[table] for table in Table}


def _of_cell(element: Element, cell: Element) -> SheetColumn:
    name = cell.column.name if cell.column else f"{OURS}{element.name}.{cell.name}"
    return SheetColumn(name, cell.label, element, cell)


SHEETS: Final[Mapping[Table, tuple[AnyColumn, ...]]] = LiveMapping(
    lambda: {table: tuple(columns) for table, columns in _columns().items()}
)
# whose rows a sheet's lines are
LIST_OF: Final[Mapping[Table, Element]] = {
    table: element for element in BUILT_IN if (table := _list_table(element)) is not None
}


def elements_side_by_side(table: Table) -> Iterator[tuple[Element, tuple[SheetColumn, ...]]]:
    """Lists whose cells are columns of the item's own line, with those columns."""
    found: dict[str, list[SheetColumn]] = {}
    for column in SHEETS[table]:
        if isinstance(column, SheetColumn) and column.cell and table not in ROW_TABLES:
            found.setdefault(column.element.name, []).append(column)
    for name, columns in found.items():
        yield BY_NAME[name], tuple(columns)


def is_plain(column: AnyColumn, table: Table) -> bool:
    """Whether the column holds one element's whole value."""
    return isinstance(column, SheetColumn) and not column.is_link and column.cell is None and table not in ROW_TABLES
