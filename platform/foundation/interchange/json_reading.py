"""The confined side: a JSON document is looked over, and its entries go out one a line."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final, NoReturn

from foundation.errors import Invalid

# commas and opening brackets: each is an object in memory
MOST_VALUES: Final = 6_000_000
# of one entry: all of it is in memory at once
LARGEST_ENTRY: Final = 4 * 1024 * 1024
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NOT_JSON: Final = "这不是 JSON 文件，或者不是 UTF-8 编码。"


def read(file: IO[bytes], *, list_name: str, head: dict[str, Any], most: int, noun: str) -> Iterator[bytes]:
    """A line for each entry of the list: its number, the line on which it begins, and itself."""
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_NOT_JSON) from error
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise Invalid("文件里的内容太多，请分成几份导入。")
    try:
        yield from _Document(text, list_name, head, most, noun).entries()
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
        names = set[str]()
        # a set's add answers None
        twice = next(name for name, _ in pairs if name in names or names.add(name))  # type: ignore[func-returns-value]
        message = f"JSON 里同一个对象有两个“{twice:.40}”。"
        raise _Unusable(message)
    return found


class _Document:
    def __init__(self, text: str, list_name: str, head: dict[str, Any], most: int, noun: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
        self._list_name, self._head, self._most, self._noun = list_name, head, most, noun

    def entries(self) -> Iterator[bytes]:
        head: dict[str, Any] = {}
        self._expect("{")
        while self._peek() != "}":
            key = self._value()
            self._expect(":")
            if key == self._list_name:
                self._check_head(head)
                yield from self._list()
                head[self._list_name] = True
            else:
                head[str(key)] = self._value()
            if self._peek() != "}":
                self._expect(",")
        self._expect("}")
        if self._peek():
            raise json.JSONDecodeError("more", self._text, self._at)
        if self._list_name not in head:
            self._check_head(head)
            message = f"JSON 里缺少“{self._list_name}”。"
            raise _Unusable(message)

    def _list(self) -> Iterator[bytes]:
        self._expect("[")
        number, line, counted = 0, 1, 0
        while self._peek() != "]":
            number += 1
            if number > self._most:
                message = f"最多 {self._most:,} 个{self._noun}，请分成几份导入。"
                raise Invalid(message)
            line += self._text.count("\n", counted, self._at)
            counted = self._at
            value = self._value()
            if self._at - counted > LARGEST_ENTRY:
                message = f"第 {line} 行：一个{self._noun}的内容太多，不能导入。"
                raise Invalid(message)
            yield json.dumps([number, line, value]).encode() + b"\n"
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

    def _check_head(self, head: dict[str, Any]) -> None:
        for name, wanted in self._head.items():
            found = head.get(name)
            if found == wanted:
                continue
            if isinstance(wanted, str):
                message = f'这不是要导入的格式：应写明 "{name}": "{wanted}"。'
            else:
                message = f"只认得第 {wanted} 版格式，文件写的是“{found!s:.20}”。"
            raise _Unusable(message)
