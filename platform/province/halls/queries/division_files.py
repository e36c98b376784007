"""A file of divisions (``code,name`` a line), read and judged line by line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from foundation.errors import Fault
from foundation.text_encoding import Line, is_plain, read_lines
from province.halls.models import Division
from standards.numbers.divisions import PSEUDO_NAMES, fault_of_code, level_of, parent_of

LONGEST_NAME = 80
# of a file: the largest province has some 60,000 lines of 40 bytes
LARGEST_FILE = 16 * 1024 * 1024
MOST_LINES = 300_000
# a longer list helps nobody
MOST_FAULTS = 1_000


type Content = bytes | Sequence[str]


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One line of the file. ``parent`` is the code one level up that is not its own; "" for a province."""

    code: str
    name: str
    level: str
    parent: str

    @property
    def is_government(self) -> bool:
        return self.name not in PSEUDO_NAMES


def read_divisions(files: Mapping[str, Content]) -> tuple[list[DivisionRow], list[Fault]]:
    """Every row of all files in the order of codes, and every fault with its line. Parents may stand in any of the
    files, or be in force already."""
    reader = _Reader(has_many=len(files) > 1)
    for source, content in files.items():
        reader.read(source, content)
    reader.check_parents()
    if not reader.rows and not reader.faults:
        reader.faults.append(Fault("文件", "文件里没有区划，应为每行“12 位代码,名称”。"))
    return [reader.rows[code][0] for code in sorted(reader.rows)], reader.shown_faults()


class _Reader:
    def __init__(self, *, has_many: bool) -> None:
        self.has_many = has_many
        self.rows: dict[str, tuple[DivisionRow, str]] = {}
        self.faults: list[Fault] = []

    def read(self, source: str, content: Content) -> None:
        if isinstance(content, bytes) and content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            self.faults.append(Fault(source, "这是 Excel 文件，请另存为 CSV 再载入。"))
            return
        if isinstance(content, bytes) and _is_too_large(content):
            message = f"一份区划文件最多 {LARGEST_FILE // 1024 // 1024} MB、{MOST_LINES:,} 行，请分成几份载入。"
            self.faults.append(Fault(source, message))
            return
        for line in _lines_of(content):
            where = f"{source} 第 {line.number} 行" if self.has_many else f"第 {line.number} 行"
            if message := line.fault or self._take(line, where):
                self.faults.append(Fault(where, message))

    def _take(self, line: Line, where: str) -> str:
        """Keep the row, or say what is wrong with it."""
        if not line.text.strip() or (line.number == 1 and _is_heading(line.text)):
            return ""
        fields = _fields_of(line.text)
        if len(fields) != 2:  # noqa: PLR2004 - code and name
            return "应为两列：区划代码和名称，用英文逗号分隔。"
        code, name = fields
        if message := fault_of_code(code) or _fault_of_name(name):
            return message
        if known := self.rows.get(code):
            return f"代码 {code} 与{known[1]}重复。"
        self.rows[code] = DivisionRow(code, name, level_of(code), parent_of(code)), where
        return ""

    def check_parents(self) -> None:
        wanted = {row.parent for row, _ in self.rows.values() if row.parent} - self.rows.keys()
        known = set(Division.objects.filter(code__in=wanted, valid_to=None).values_list("code", flat=True))
        unknown = wanted - known
        self.faults.extend(
            Fault(where, f"代码 {row.code} 的上级 {row.parent} 既不在文件里，也没有载入过。")
            for row, where in self.rows.values()
            if row.parent in unknown
        )

    def shown_faults(self) -> list[Fault]:
        if len(self.faults) <= MOST_FAULTS:
            return self.faults
        rest = len(self.faults) - MOST_FAULTS
        return [*self.faults[:MOST_FAULTS], Fault("其余", f"另有 {rest:,} 处错误没有列出。")]


def _is_too_large(content: bytes) -> bool:
    # a break may be two bytes
    breaks = max(content.count(b"\n"), content.count(b"\r"))
    return len(content) > LARGEST_FILE or breaks > MOST_LINES


def _lines_of(content: Content) -> Iterator[Line]:
    if isinstance(content, bytes):
        return read_lines(content)
    return (Line(number, text.rstrip("\r\n")) for number, text in enumerate(content, start=1))


def _is_heading(text: str) -> bool:
    return [field.lower() for field in _fields_of(text)][:2] in (["code", "name"], ["区划代码", "名称"])


def _fields_of(text: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([text]), [])]
    except csv.Error:
        return []


def _fault_of_name(name: str) -> str:
    if not name:
        return "没有名称。"
    if len(name) > LONGEST_NAME:
        return f"名称不能超过 {LONGEST_NAME} 个字。"
    return "" if is_plain(name) else "名称里有控制字符。"
