"""JSON and XML documents with a list of entries that somebody sent: read in a process of its own, and handed over entry
by entry, so that neither side ever holds more of one than its text and one entry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import Invalid
from foundation.interchange.xml_reading import plain_xml

__all__ = [
    "LARGEST_TEXT",
    "JsonEntry",
    "XmlEntry",
    "XmlFault",
    "XmlRow",
    "open_json",
    "open_xml",
    "plain_xml",
]

LARGEST_TEXT: Final = 64 * MEGABYTE
# a document of that size with the dearest contents takes some 15 s and 400 MB on a slow machine
_LIMITS: Final = Limits(seconds=60, memory=1024 * MEGABYTE, answer=400 * MEGABYTE)
_TOO_HARD: Final = "这份文件太大或太复杂，读取它要的时间或内存超过了限度，请分成几份导入。"


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


@dataclass(frozen=True, slots=True)
class XmlFault:
    """What is not as it should be at a line, which nevertheless could be read on."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class XmlRow:
    """One row of an entry: its name, the line on which it begins, and its columns (name, text, line)."""

    name: str
    line: int
    columns: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class XmlEntry:
    """One entry of a document, with its rows and what was wrong between them, in their order."""

    number: int
    line: int
    parts: Sequence[XmlRow | XmlFault]


@contextmanager
def open_json(
    content: bytes, *, list_name: str, head: Mapping[str, Any], most: int, noun: str
) -> Iterator[Iterator[JsonEntry]]:
    """The entries of the document's list (``list_name``), at most ``most``; ``noun`` is what people call one (Chinese).

    ``head``: what the members before the list must say. Raises Invalid for what is no JSON in UTF-8, another document,
    too large, nested too deep, or too dear to read.
    """
    _refuse_large(content)
    with confined(
        "foundation.interchange.json_reading:read",
        content,
        limits=_LIMITS,
        too_much=_TOO_HARD,
        list_name=list_name,
        head=dict(head),
        most=most,
        noun=noun,
    ) as answer:
        yield (JsonEntry(*json.loads(line)) for line in answer)


@contextmanager
def open_xml(
    content: bytes, *, namespace: str, root: str, entry: str, rows: Sequence[str], most: int, noun: str
) -> Iterator[Iterator[XmlEntry | XmlFault]]:
    """The entries of an XML document of four levels: ``root``, entries (``entry``), rows (one of ``rows``) and columns
    of text. ``most`` and ``noun`` as with JSON.

    Raises Invalid for what is no such document, defines a document type or entities, is too large, nested too deep, or
    too dear to read.
    """
    _refuse_large(content)
    with confined(
        "foundation.interchange.xml_reading:read",
        content,
        limits=_LIMITS,
        too_much=_TOO_HARD,
        namespace=namespace,
        root=root,
        entry=entry,
        rows=list(rows),
        most=most,
        noun=noun,
    ) as answer:
        yield (_xml_part(json.loads(line)) for line in answer)


def _refuse_large(content: bytes) -> None:
    if len(content) > LARGEST_TEXT:
        message = f"文件超过 {LARGEST_TEXT // MEGABYTE} MB，请分成几份导入。"
        raise Invalid(message)


def _xml_part(data: list[Any]) -> XmlEntry | XmlFault:
    if isinstance(data[1], str):
        return XmlFault(*data)
    number, line, parts = data
    return XmlEntry(
        number,
        line,
        [XmlFault(*one) if isinstance(one[0], int) else XmlRow(one[0], one[1], one[2]) for one in parts],
    )
