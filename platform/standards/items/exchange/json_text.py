"""A JSON document with a list of entries, read one entry at a time: no more of it is in memory than its text."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from foundation.errors import Invalid
from foundation.workbooks import MEGABYTE
from standards.items.exchange.items import MOST_ITEMS

LARGEST_TEXT: Final = 64 * MEGABYTE
# commas and opening brackets: each is an object in memory
MOST_VALUES: Final = 6_000_000
_LIST: Final = "items"
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NOT_JSON: Final = "这不是 JSON 文件，或者不是 UTF-8 编码。"


@dataclass(frozen=True, slots=True)
class JsonEntry:
    """One entry of a document's list. ``number`` counts from 1; ``line`` is the line of the file on which it begins."""

    number: int
    line: int
    data: Any

    @property
    def where(self) -> str:
        """The place for programs, as faults have it: ``items/3``."""
        return f"items/{self.number}"

    @property
    def words(self) -> str:
        """The place for people, with which a message begins: 第 12 行（第 3 项）."""
        return f"第 {self.line} 行（第 {self.number} 项）"


def written_document(head: Mapping[str, Any], entries: Iterable[Any]) -> Iterator[bytes]:
    """Write a document piece by piece: the members of ``head``, then the list of entries, one a line, so that a line's
    number tells the entry."""
    begin = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{begin}, "{_LIST}": ['.encode()
    between = "\n"
    for entry in entries:
        yield (between + json.dumps(entry, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]}\n"


def read_document(content: bytes, *, name: str, version: int) -> Iterator[JsonEntry]:
    """Yield the entries of a document. Raises Invalid for what is no JSON in UTF-8, too large, or of another format
    (``name``) or ``version``."""
    if len(content) > LARGEST_TEXT:
        message = f"文件超过 {LARGEST_TEXT // MEGABYTE} MB，请分成几份导入。"
        raise Invalid(message)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_NOT_JSON) from error
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise Invalid("文件里的内容太多，请分成几份导入。")
    try:
        yield from _Document(text).entries(name, version)
    except RecursionError as error:
        raise Invalid("JSON 的括号嵌套太深。") from error
    except json.JSONDecodeError as error:
        message = f"第 {error.lineno} 行第 {error.colno} 个字符处不是正确的 JSON。"
        raise Invalid(message) from error
    except ValueError as error:
        raise Invalid(str(error) if isinstance(error, _Unusable) else _NOT_JSON) from error


class _Unusable(ValueError):
    """What Python would take though JSON has none of it, or twice the same."""


def _no_constant(word: str) -> NoReturn:
    message = f"JSON 里不能有 {word}。"
    raise _Unusable(message)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"JSON 里同一个对象有两个“{twice:.40}”。"
        raise _Unusable(message)
    return found


class _Document:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)

    def entries(self, name: str, version: int) -> Iterator[JsonEntry]:
        head: dict[str, Any] = {}
        self._expect("{")
        while self._peek() != "}":
            key = self._value()
            self._expect(":")
            if key == _LIST:
                _check_head(head, name, version)
                yield from self._list()
                head[_LIST] = True
            else:
                head[str(key)] = self._value()
            if self._peek() != "}":
                self._expect(",")
        self._expect("}")
        if self._peek():
            raise json.JSONDecodeError("more", self._text, self._at)
        if _LIST not in head:
            _check_head(head, name, version)
            message = f"JSON 里缺少“{_LIST}”。"
            raise _Unusable(message)

    def _list(self) -> Iterator[JsonEntry]:
        self._expect("[")
        number, line, counted = 0, 1, 0
        while self._peek() != "]":
            number += 1
            if number > MOST_ITEMS:
                message = f"最多 {MOST_ITEMS:,} 个事项，请分成几份导入。"
                raise Invalid(message)
            line += self._text.count("\n", counted, self._at)
            counted = self._at
            yield JsonEntry(number, line, self._value())
            if self._peek() != "]":
                self._expect(",")
        self._expect("]")

    def _peek(self) -> str:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise json.JSONDecodeError(mark, self._text, self._at)
        self._at += 1

    def _value(self) -> Any:
        self._peek()
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value


def _check_head(head: Mapping[str, Any], name: str, version: int) -> None:
    if head.get("format") != name:
        message = f'这不是要导入的格式：应写明 "format": "{name}"。'
        raise _Unusable(message)
    if head.get("version") != version:
        message = f"只认得第 {version} 版格式，文件写的是“{head.get('version')!s:.20}”。"
        raise _Unusable(message)
