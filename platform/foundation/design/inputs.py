"""Forms whose fields follow from data: inputs, and lists of rows of inputs, each with a name by its place.

``materials.2.name`` is the input "name" in the second row of "materials"; ``materials.0`` is the row that scripts copy.
Templates: design/input.html, design/rows.html; the page that shows the components has one of each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

type Widget = Literal["line", "number", "link", "day", "text", "names", "choice", "choices", "flag", "file"]

# the name that buttons of rows post, with what is to be done: "add materials", "up materials.2"
ROWS_ACT: Final = "rows"
PROTOTYPE: Final = 0
# longer lists of choices open to be read
_MOST_UNFOLDED: Final = 14
_GROUPS: Final = frozenset({"choices", "flag"})


@dataclass(frozen=True, slots=True)
class FileLink:
    """A stored file as pages name it; ``beside``: the same in other formats."""

    name: str
    address: str
    beside: "tuple[FileLink, ...]" = ()


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What somebody else said of the same, shown beside the input, and how far one may go from it."""

    heading: str
    lines: tuple[str, ...]
    rule: str = ""


@dataclass(slots=True, kw_only=True)
class Input:
    name: str
    label: str
    widget: Widget
    value: str = ""
    options: tuple[Option, ...] = ()
    file: FileLink | None = None
    help: str = ""
    # 必填; else the words behind the label: 选填, 收费时必填
    is_needed: bool = False
    is_missing: bool = False
    optional_words: str = "选填"
    beside: Beside | None = None
    errors: list[str] = field(default_factory=list)
    has_focus: bool = False
    # as long as two others; the first of two that belong together: a number and its unit
    is_long: bool = False
    begins_line: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def is_group(self) -> bool:
        return self.widget in _GROUPS

    @property
    def is_wide(self) -> bool:
        return self.widget in {"text", "names", "choices", "link"}

    @property
    def is_folding(self) -> bool:
        return len(self.options) > _MOST_UNFOLDED and self.widget == "choices"

    @property
    def chosen(self) -> list[str]:
        return [option.label for option in self.options if option.is_chosen]

    @property
    def described_by(self) -> str:
        parts = (("help", self.help), ("beside", self.beside), ("error", self.errors))
        return " ".join(f"{self.id}_{part}" for part, is_there in parts if is_there)


@dataclass(slots=True, kw_only=True)
class InputRow:
    name: str
    number: int
    title: str
    cells: list["Input | Rows"]
    errors: list[str] = field(default_factory=list)
    is_open: bool = False
    # the act whose button keeps the focus after it was pressed
    focused_act: str = ""
    lacking: int = 0

    @property
    def id(self) -> str:
        return f"id_{self.name}"


@dataclass(slots=True, kw_only=True)
class Rows:
    name: str
    label: str
    rows: list[InputRow]
    # the empty row that a script copies
    prototype: InputRow
    most: int
    # rows of many inputs open and close
    is_folding: bool = False
    help: str = ""
    is_needed: bool = False
    is_missing: bool = False
    optional_words: str = "选填"
    beside: Beside | None = None
    errors: list[str] = field(default_factory=list)
    has_focus: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.most

    @property
    def is_wide(self) -> bool:
        return True


def places_of(parts: "list[Input | Rows]") -> Iterator["Input | Rows | InputRow"]:
    """Everything that can be named, depth first; prototypes left out."""
    for part in parts:
        yield part
        if isinstance(part, Rows):
            for row in part.rows:
                yield row
                yield from places_of(row.cells)
