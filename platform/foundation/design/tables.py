"""Large tables of console and desk: which columns there are, which are shown, and by which one the rows stand.

What is chosen stands in the address (``?column=kind&column=state&order=-published``), so that a link shows the same to
everybody who may see it; templates ask ``table.shown`` for each cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Model, QuerySet
from django.http import QueryDict

# parameters of the address
COLUMN: Final = "column"
ORDER: Final = "order"
_LONGEST_QUERY: Final = 1000


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``sort``: the field by which rows can be put in its order ("": none); ``is_fixed``: always shown, by which people
    know the row; ``is_number``: stands at the right."""

    key: str
    label: str
    sort: str = ""
    is_fixed: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TableKind:
    """A table as its app declares it. ``name``: console.halls; ``filters``: the parameters of the address that narrow
    it."""

    name: str
    columns: tuple[TableColumn, ...]
    filters: tuple[str, ...]

    def asked(self, query: QueryDict) -> "TableShown":
        """What the address asks for; nonsense asks for nothing."""
        keys = [column.key for column in self.columns]
        chosen = set(query.getlist(COLUMN)) if COLUMN in query else set(keys)
        shown = {column.key: column.is_fixed or column.key in chosen for column in self.columns}
        order = query.get(ORDER, "")
        is_known = any(column.sort and column.key == order.removeprefix("-") for column in self.columns)
        return TableShown(self, shown, order if is_known else "", self.kept(query))

    def kept(self, query: QueryDict) -> str:
        """What of an address makes a view: filters, columns and order, always in the same order; "" for none of it."""
        kept = QueryDict(mutable=True)
        for name in (*self.filters, ORDER):
            if value := query.get(name, ""):
                kept[name] = value
        if COLUMN in query:
            wanted = set(query.getlist(COLUMN))
            kept.setlist(COLUMN, [one.key for one in self.columns if one.is_fixed or one.key in wanted])
        text = kept.urlencode()
        return text if len(text) <= _LONGEST_QUERY else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """``order``: what the address says for the order that a click on it brings ("": it has none); ``direction``: how
    the rows stand by it now, as ARIA says it."""

    column: TableColumn
    order: str
    direction: str


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table as somebody looks at it. ``shown``: column's key -> whether it is; ``query``: what would be kept of the
    address in a view."""

    kind: TableKind
    shown: Mapping[str, bool]
    order: str
    query: str

    @property
    def is_narrow(self) -> bool:
        """Whether columns are left out."""
        return not all(self.shown.values())

    @property
    def choices(self) -> Sequence[tuple[TableColumn, bool]]:
        return [(column, self.shown[column.key]) for column in self.kind.columns if not column.is_fixed]

    @property
    def fixed(self) -> Sequence[TableColumn]:
        return [column for column in self.kind.columns if column.is_fixed]

    @property
    def headings(self) -> Iterator[Heading]:
        present = self.order.removeprefix("-")
        for column in self.kind.columns:
            if not self.shown[column.key]:
                continue
            is_here = bool(self.order) and column.key == present
            is_down = is_here and self.order.startswith("-")
            order = "" if not column.sort else f"-{column.key}" if is_here and not is_down else column.key
            yield Heading(column, order, ("descending" if is_down else "ascending") if is_here else "")

    def in_order[Row: Model](self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows as the heading asks, those without a value last; else as they are."""
        asked = self.order.removeprefix("-")
        column = next((one for one in self.kind.columns if asked and one.key == asked), None)
        if column is None:
            return rows
        field = F(column.sort)
        is_down = self.order.startswith("-")
        return rows.order_by(field.desc(nulls_last=True) if is_down else field.asc(nulls_last=True), "pk")
