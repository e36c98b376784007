"""Every part of a workbook is looked at before anything opens it."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import normpath
from typing import IO, Final

from foundation.confinement import MEGABYTE
from foundation.errors import Invalid
from foundation.zip_faults import ZIP_FAULTS

MOST_PARTS: Final = 1_000
MOST_FORMULAS: Final = 20_000
# for headings, and empty rows above them
ROWS_BESIDE: Final = 20
_CHUNK: Final = 256 * 1024
# a row that is longer was not written by a spreadsheet
_LONGEST_ROW: Final = 8 * MEGABYTE
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_MACROS: Final = ("xl/vbaproject.bin", "xl/macrosheets/")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_XML: Final = (".xml", ".rels", ".vml")
_DEFINITION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# of no text that is written in a byte a letter; what comes in two bytes a letter would hide from a search
_OTHER_LETTERS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# no "<" inside a tag: a search that fails ends at the next one
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)(?:\s([^<>]*?))?(/?)>(\s*</)?")
_PLACE: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v[^<>]*>([^<]*)<)?"
)
_ERROR: Final = re.compile(rb"""<(?:\w+:)?c\s([^<>]*?\bt\s*=\s*["']e["'][^<>]*)>""")
_TEXT_SAMPLE: Final = 4096


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is taken: bytes as they came and unpacked; rows, columns and cells of any one sheet."""

    file: int
    unpacked: int
    rows: int
    columns: int
    cells: int = 4_000_000
    # of the process that reads it: of a processor's time, bytes of memory, bytes of all rows together
    seconds: int = 20
    memory: int = 1024 * MEGABYTE
    answer: int = 48 * MEGABYTE


@dataclass(slots=True)
class SeenSheet:
    """What values do not tell. ``formulas``: place -> whether a value stands beside it; ``errors``: places of #N/A."""

    formulas: dict[str, bool] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0
    # where the last cell was, for those that do not say where they are
    row: int = 0
    column: int = 0


def column_letters(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def look_into(content: IO[bytes], bounds: Bounds) -> dict[str, SeenSheet]:
    """What was seen of each sheet, by its name.

    Raises Invalid for what is no workbook, is protected by a password, has macros, is beyond the bounds or has a sheet
    that could not be looked at.
    """
    head = content.read(_TEXT_SAMPLE)
    if head.startswith(_OLE):
        if _ENCRYPTED in head + content.read():
            raise Invalid("文件设有打开密码，请先取消密码（文件 → 信息 → 保护工作簿）再导入。")
        raise Invalid("这是旧版 Excel 文件（.xls），请另存为 .xlsx 再导入。")
    if not head.startswith(b"PK"):
        raise Invalid(_what_it_is_instead(head))
    try:
        with zipfile.ZipFile(content) as archive:
            return _look_at_parts(archive, bounds)
    except ZIP_FAULTS as error:
        raise Invalid("这不是 Excel 工作簿（.xlsx），或者文件已损坏。") from error


def _what_it_is_instead(head: bytes) -> str:
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return "这是网页或 XML 文件，不是 Excel 工作簿：请用 Excel 打开，另存为 .xlsx 再导入。"
    if head and b"\0" not in head:
        return "这是文本文件（例如 CSV），不是 Excel 工作簿：改扩展名没有用，请用 Excel 打开，另存为 .xlsx 再导入。"
    return "这不是 Excel 工作簿（.xlsx），或者文件已损坏。"


def _look_at_parts(archive: zipfile.ZipFile, bounds: Bounds) -> dict[str, SeenSheet]:
    names = archive.namelist()
    _refuse_other_books(names)
    room = bounds.unpacked
    kept: dict[str, bytes] = {}
    for name in (_BOOK, _LINKS):
        if name in names:
            kept[name] = b"".join(_unpacked(archive, name, room, bounds.unpacked))
            room -= len(kept[name])
    parts = _parts_of_sheets(kept, frozenset(names))
    seen = {part: SeenSheet() for part in parts.values()}
    for name in names:
        if name in kept:
            continue
        rest = b""
        for chunk in _unpacked(archive, name, room, bounds.unpacked):
            room -= len(chunk)
            if name in seen:
                rest = _look_at_rows(rest + chunk, seen[name], bounds)
    return {title: seen[part] for title, part in parts.items()}


def _refuse_other_books(names: Sequence[str]) -> None:
    if "xl/workbook.bin" in names:
        raise Invalid("这是 .xlsb 文件，不是 Excel 工作簿（.xlsx）：请另存为 .xlsx 再导入。")
    if _BOOK not in names:
        raise Invalid("这不是 Excel 工作簿（.xlsx）。")
    if any(name.lower().startswith(_MACROS) for name in names):
        raise Invalid("文件带有宏，请另存为不带宏的 .xlsx 再导入。")
    # a program that looks for a part may not ask for the letters' case
    if len(names) > MOST_PARTS or len({name.lower() for name in names}) != len(names):
        raise _strange()


def _strange() -> Invalid:
    return Invalid("工作簿的结构不正常，不能导入。请用 Excel 打开，另存为新的 .xlsx 再导入。")


def _unpacked(archive: zipfile.ZipFile, name: str, room: int, most: int) -> Iterator[bytes]:
    """Unpacked for good, since a bomb may lie about its size."""
    is_xml, before = name.lower().endswith(_XML), b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            if (room := room - len(chunk)) < 0:
                message = f"文件解压后超过 {most // MEGABYTE} MB，不能导入。"
                raise Invalid(message)
            if is_xml and ((not before and chunk.startswith(_OTHER_LETTERS)) or _DEFINITION.search(before + chunk)):
                raise Invalid("工作簿里有不允许的定义，不能导入。")
            before = chunk[-16:]
            yield chunk


def _look_at_rows(text: bytes, sheet: SeenSheet, bounds: Bounds) -> bytes:
    """Looks at the whole rows; returns the begun one. Refuses a cell far outside: a program that opens the sheet makes
    room for all that lies between."""
    end = text.rfind(b"row>") + 4
    if end < 4:  # noqa: PLR2004 - nothing found
        end = 0
    if len(text) - end > _LONGEST_ROW:
        raise _strange()
    whole, rest = text[:end], text[end:]
    for found in _ROW_OR_CELL.finditer(whole):
        tag, attributes, is_empty, is_closed = found.groups()
        place = _PLACE.search(attributes) if attributes else None
        if tag == b"row":
            sheet.row, sheet.column = int(place[2]) if place else sheet.row + 1, 0
            continue
        sheet.column = _column_number(place[1]) if place else sheet.column + 1
        if not is_empty and not is_closed:
            sheet.last_row = max(sheet.last_row, int(place[2]) if place else sheet.row)
            sheet.last_column = max(sheet.last_column, sheet.column)
    _refuse_too_many(sheet, bounds)
    if b"f>" in whole or b"<f " in whole or b":f " in whole:
        for found in _FORMULA.finditer(whole):
            sheet.formulas[_place(found[1])] = bool(found[2])
    sheet.errors.update(_place(found[1]) for found in _ERROR.finditer(whole))
    if len(sheet.formulas) + len(sheet.errors) > MOST_FORMULAS:
        raise Invalid("工作簿里的公式太多，请全部选中后粘贴为数值再导入。")
    return rest


def _refuse_too_many(sheet: SeenSheet, bounds: Bounds) -> None:
    if sheet.last_row > bounds.rows + ROWS_BESIDE:
        message = f"表格最多 {bounds.rows:,} 行，请分成几份导入。"
        raise Invalid(message)
    if sheet.last_column > bounds.columns:
        message = f"表格的列超过了 {column_letters(bounds.columns)}，请删除多余的列。"
        raise Invalid(message)
    if sheet.last_row * sheet.last_column > bounds.cells:
        raise Invalid("表格太大，请分成几份导入。")


def _place(attributes: bytes) -> str:
    found = _PLACE.search(attributes)
    return (found[1] + found[2]).decode().upper() if found else ""


def _parts_of_sheets(kept: Mapping[str, bytes], names: frozenset[str]) -> dict[str, str]:
    """Sheets' names -> the parts that they are kept in, wherever those lie. Raises Invalid where one is not there, is
    two sheets', or could be taken for another."""
    from lxml import etree  # noqa: PLC0415 - only those load it who read a workbook

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        book, links = (etree.fromstring(kept.get(name, b"<none/>"), parser) for name in (_BOOK, _LINKS))
    except etree.XMLSyntaxError as error:
        raise Invalid("工作簿无法读取，文件可能已损坏。") from error
    targets: dict[str | None, str] = {}
    for link in links:
        if link.get("Id") in targets:
            raise _strange()
        targets[link.get("Id")] = link.get("Target", "")
    found: dict[str, str] = {}
    for sheet in book.iter("{*}sheet"):
        keys = [value for name, value in sheet.attrib.items() if name.endswith("}id")]
        name = sheet.get("name", "")
        if len(keys) != 1 or name in found:
            raise _strange()
        part = _part_at(targets.get(keys[0], ""))
        if part not in names or part in found.values():
            raise _strange()
        found[name] = part
    return found


def _part_at(target: str) -> str:
    """The part that a link of the workbook leads to; "" where readers differ about which it is."""
    if target.startswith("/"):
        part = target[1:]
        return part if part == normpath(part) and part.startswith("xl/") else ""
    # some programs take this one for "/xl/…"
    if target.startswith("xl/") or "\\" in target or "%" in target:
        return ""
    return normpath(f"xl/{target}")
