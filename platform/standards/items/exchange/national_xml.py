"""The national exchange as XML; each item is checked against the schema before it leaves the house."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final
from xml.parsers import expat

from foundation.errors import Invalid
from foundation.workbooks import MEGABYTE
from standards.items import Table
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.exchange.items import MOST_ITEMS, ExchangeItem, Faults, Reading
from standards.items.exchange.national_rows import (
    NAMESPACE,
    XSD,
    Known,
    NationalItem,
    read_rows,
    refused,
    rows_of,
    take_row,
    without_doubles,
)

LARGEST_XML: Final = 64 * MEGABYTE
# of one item, and between two: beyond it is no item of this exchange
_MOST_NODES: Final = 20_000
_ROOT: Final = f"{NAMESPACE}}}exchange"
_ITEM_DEPTH, _ROW_DEPTH, _COLUMN_DEPTH, _DEEPEST = 2, 3, 4, 5
_CHUNK: Final = 256 * 1024
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: Final = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig"} | dict.fromkeys(("gbk", "gb2312", "gb18030"), "gb18030")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_COLUMN: Final = re.compile(r"\{" + re.escape(NAMESPACE) + r"\}(\w+)")
_REPEATED: Final = f'<item xmlns="{NAMESPACE}">'.encode()


def write_national_xml(items: Iterable[ExchangeItem]) -> Iterator[bytes]:
    """The document, piece by piece. Raises Invalid at the first item that the schema refuses."""
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<exchange xmlns="{NAMESPACE}">\n'.encode()
    schema = _xml_schema()
    for item in items:
        try:
            node = _node(item)
        except ValueError as error:
            message = f"“{item.name}”里有 XML 不能表示的控制字符，请删去后再导出。"
            raise Invalid(message) from error
        if not schema.validate(node):
            columns = [name for one in schema.error_log for name in _COLUMN.findall(one.message)]
            raise refused(item, columns)
        yield etree.tostring(node, encoding="utf-8", pretty_print=True).replace(_REPEATED, b"<item>", 1)
    yield b"</exchange>\n"


def _node(item: ExchangeItem) -> Any:
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    node = etree.Element(f"{{{NAMESPACE}}}item", nsmap={None: NAMESPACE})
    for table, rows in rows_of(item).items():
        for row in rows:
            inner = etree.SubElement(node, f"{{{NAMESPACE}}}{table.value}")
            for name, text in row.items():
                etree.SubElement(inner, f"{{{NAMESPACE}}}{name}").text = text
    return node


@cache
def _xml_schema() -> Any:
    from lxml import etree  # noqa: PLC0415 - only those load it who write the exchange

    return etree.XMLSchema(etree.parse(str(XSD), etree.XMLParser(resolve_entities=False, no_network=True)))


def read_national_xml(content: bytes, *, known: Known | None = None, scheme: CodeScheme = NATIONAL_SCHEME) -> Reading:
    """Every item, and a fault for every line that is wrong. What we have and the nation has not is not in it.

    Raises Invalid for what is no such document, is too large, or defines types or entities of its own.
    """
    text = _plain_xml(content)
    faults = Faults(scheme)
    try:
        found = [read_rows(item, faults, known=known) for item in _items(text, faults)]
    except expat.ExpatError as error:
        message = f"第 {error.lineno} 行不是正确的 XML。"
        raise Invalid(message) from error
    return without_doubles(found, faults)


def _plain_xml(content: bytes) -> bytes:
    """As UTF-8 and without a document type: no parser ever sees one."""
    if len(content) > LARGEST_XML:
        message = f"文件超过 {LARGEST_XML // MEGABYTE} MB，请分成几份导入。"
        raise Invalid(message)
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = _ENCODINGS.get(declared[1].decode().lower() if declared else "utf-8")
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("这不是 XML 文件，或者它的编码不是 UTF-8 或 GB18030。") from error
    if encoding is None or not text.lstrip().startswith("<"):
        raise Invalid("这不是 XML 文件，或者它的编码不是 UTF-8 或 GB18030。")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Invalid("XML 里不允许有文档类型（DOCTYPE）和实体定义，不能导入。")
    declaration = _DECLARATION.match(text)
    # as many lines as before
    head = "\n" * text.count("\n", 0, declaration.end()) if declaration else ""
    return (head + text[declaration.end() if declaration else 0 :]).encode()


def _items(text: bytes, faults: Faults) -> Iterator[NationalItem]:
    document = _Document(faults)
    for start in range(0, len(text), _CHUNK):
        document.parser.Parse(text[start : start + _CHUNK], start + _CHUNK >= len(text))
        yield from document.items
        document.items.clear()


class _Document:
    """Takes exchange, item, row and column as they come; nothing deeper. ``items`` are those that have ended."""

    def __init__(self, faults: Faults) -> None:
        self.items: list[NationalItem] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._faults = faults
        self._path: list[str] = []
        self._count = self._nodes = 0
        self._item: NationalItem | None = None
        self._table: Table | None = None
        self._columns: list[tuple[str, str, int]] = []
        self._row_line = 0
        self._text: list[str] = []
        self._text_line = 0

    def _start(self, name: str, _: object) -> None:
        self._path.append(name.removeprefix(f"{NAMESPACE}}}"))
        self._nodes += 1
        depth, line, last = len(self._path), self.parser.CurrentLineNumber, self._path[-1]
        if depth == 1 and name != _ROOT:
            message = f'这不是国家交换格式的文件：最外层应是 <exchange xmlns="{NAMESPACE}">。'
            raise Invalid(message)
        if self._nodes > _MOST_NODES or depth > _DEEPEST:
            raise Invalid("XML 里一个事项的内容太多，不能导入。")
        if depth == _ITEM_DEPTH:
            self._nodes = 0
            self._begin_item(last, line)
        elif depth == _ROW_DEPTH and self._item:
            self._table, self._columns, self._row_line = Table(last) if last in Table else None, [], line
            if self._table is None:
                self._fault(line, f"没有“{last:.40}”这张表。")
        elif depth == _COLUMN_DEPTH:
            self._text, self._text_line = [], line
        elif depth == _DEEPEST:
            self._fault(line, f"“{self._path[_COLUMN_DEPTH - 1]:.40}”里面不应再有元素。")

    def _begin_item(self, name: str, line: int) -> None:
        self._item = None
        if name != "item":
            self._fault(line, f"没有“{name:.40}”这个元素。")
            return
        self._count += 1
        if self._count > MOST_ITEMS:
            message = f"最多 {MOST_ITEMS:,} 个事项，请分成几份导入。"
            raise Invalid(message)
        self._item = NationalItem(self._count, line)

    def _end(self, _: str) -> None:
        depth, name = len(self._path), self._path.pop()
        if depth == _COLUMN_DEPTH and self._table:
            self._columns.append((name, "".join(self._text), self._text_line))
        elif depth == _ROW_DEPTH and self._item and self._table:
            take_row(self._item, self._table, self._columns, self._faults, line=self._row_line)
            self._table = None
        elif depth == _ITEM_DEPTH and self._item:
            self.items.append(self._item)
            self._item, self._nodes = None, 0

    def _characters(self, text: str) -> None:
        if len(self._path) == _COLUMN_DEPTH:
            self._text.append(text)

    def _fault(self, line: int, message: str) -> None:
        self._faults.add(f"line {line}", f"第 {line} 行{message}")
