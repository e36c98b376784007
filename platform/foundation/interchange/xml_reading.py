"""The confined side: an XML document of four levels, whose entries go out one a line."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final
from xml.parsers import expat

from foundation.errors import Invalid

# of one entry, and between two: beyond it is no such document
MOST_NODES: Final = 20_000
# of the texts of one entry: all of it is in memory at once
LARGEST_ENTRY: Final = 4 * 1024 * 1024
_ENTRY_DEPTH, _ROW_DEPTH, _COLUMN_DEPTH, _DEEPEST = 2, 3, 4, 5
_CHUNK: Final = 256 * 1024
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: Final = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig"} | dict.fromkeys(("gbk", "gb2312", "gb18030"), "gb18030")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_NOT_XML: Final = "这不是 XML 文件，或者它的编码不是 UTF-8 或 GB18030。"


def read(
    file: IO[bytes], *, namespace: str, root: str, entry: str, rows: list[str], most: int, noun: str
) -> Iterator[bytes]:
    """A line for each entry (its number, its line, its rows and faults in their order) and for each fault between."""
    text = plain_xml(file.read())
    document = _Document(namespace, root, entry, frozenset(rows), most, noun)
    try:
        for start in range(0, len(text), _CHUNK):
            document.parser.Parse(text[start : start + _CHUNK], start + _CHUNK >= len(text))
            for one in document.found:
                yield json.dumps(one).encode() + b"\n"
            document.found.clear()
    except expat.ExpatError as error:
        message = f"第 {error.lineno} 行不是正确的 XML。"
        raise Invalid(message) from error


def plain_xml(content: bytes) -> bytes:
    """Return an XML document as UTF-8, without its declaration and with as many lines as before. Raises Invalid for
    what is no XML, and for one with a document type: no parser ever sees one."""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = _ENCODINGS.get(declared[1].decode().lower() if declared else "utf-8")
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_NOT_XML) from error
    if encoding is None or not text.lstrip().startswith("<"):
        raise Invalid(_NOT_XML)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Invalid("XML 里不允许有文档类型（DOCTYPE）和实体定义，不能导入。")
    declaration = _DECLARATION.match(text)
    # as many lines as before
    head = "\n" * text.count("\n", 0, declaration.end()) if declaration else ""
    return (head + text[declaration.end() if declaration else 0 :]).encode()


class _Document:
    """Takes root, entry, row and column as they come; nothing deeper. ``found``: entries that have ended, faults."""

    def __init__(self, namespace: str, root: str, entry: str, rows: frozenset[str], most: int, noun: str) -> None:
        self.found: list[list[Any]] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._space, self._root, self._entry_name, self._rows = f"{namespace}}}", root, entry, rows
        self._most, self._noun = most, noun
        self._path: list[str] = []
        self._count = self._nodes = self._size = 0
        # number, line, parts
        self._entry: list[Any] | None = None
        self._row: list[Any] | None = None
        self._text: list[str] = []
        self._text_line = 0

    def _start(self, name: str, _: object) -> None:
        self._path.append(name.removeprefix(self._space))
        self._nodes += 1
        depth, line, last = len(self._path), self.parser.CurrentLineNumber, self._path[-1]
        if depth == 1 and name != self._space + self._root:
            space = self._space.removesuffix("}")
            message = f'这不是要导入的格式：最外层应是 <{self._root} xmlns="{space}">。'
            raise Invalid(message)
        if self._nodes > MOST_NODES or depth > _DEEPEST:
            raise self._too_much()
        if depth == _ENTRY_DEPTH:
            self._nodes = self._size = 0
            self._begin_entry(last, line)
        elif depth == _ROW_DEPTH and self._entry:
            self._row = [last, line, []] if last in self._rows else None
            if self._row is None:
                self._fault(line, f"没有“{last:.40}”这张表。")
        elif depth == _COLUMN_DEPTH:
            self._text, self._text_line = [], line
        elif depth == _DEEPEST:
            self._fault(line, f"“{self._path[_COLUMN_DEPTH - 1]:.40}”里面不应再有元素。")

    def _begin_entry(self, name: str, line: int) -> None:
        self._entry = None
        if name != self._entry_name:
            self._fault(line, f"没有“{name:.40}”这个元素。")
            return
        self._count += 1
        if self._count > self._most:
            message = f"最多 {self._most:,} 个{self._noun}，请分成几份导入。"
            raise Invalid(message)
        self._entry = [self._count, line, []]

    def _end(self, _: str) -> None:
        depth, name = len(self._path), self._path.pop()
        if depth == _COLUMN_DEPTH and self._row:
            self._row[2].append([name, "".join(self._text), self._text_line])
        elif depth == _ROW_DEPTH and self._entry and self._row:
            self._entry[2].append(self._row)
            self._row = None
        elif depth == _ENTRY_DEPTH and self._entry:
            self.found.append(self._entry)
            self._entry, self._nodes = None, 0

    def _characters(self, text: str) -> None:
        if len(self._path) == _COLUMN_DEPTH:
            self._size += len(text)
            if self._size > LARGEST_ENTRY:
                raise self._too_much()
            self._text.append(text)

    def _too_much(self) -> Invalid:
        return Invalid(f"XML 里一个{self._noun}的内容太多，不能导入。")

    def _fault(self, line: int, message: str) -> None:
        (self._entry[2] if self._entry else self.found).append([line, message])
