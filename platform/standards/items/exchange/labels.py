"""Which element somebody means who writes its label in another way, and which code by which word (labels.yaml)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import TextChoices

from standards.items import BY_NAME, ELEMENTS, Element, Filler, Kind
from standards.items.elements.grounds import LAW_CELLS

_FILE: Final = Path(__file__).with_name("labels.yaml")
_NUMBERED: Final = re.compile(r"[((]?\d{1,2}(?:\.\d{1,2})*[))、.:,]*(?=\D)|[((]?[一二三四五六七八九十]{1,3}[))、.:,]+")
_REMARK: Final = re.compile(r"\((?:必填|选填|可选|非必填|单选|多选|可多选)\)$")
_BRACKETS: Final = re.compile(r"\([^()]*\)$")
LONGEST_LABEL: Final = 40
# behind the label of what a hall makes of the province's word
HALL_SUFFIX: Final = "（本厅）"


def normal(text: str) -> str:
    """The text without what differs between people: width, case, blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


@lru_cache(maxsize=8192)
def normal_label(text: str) -> str:
    """The label in its normal form, without number, colon, star and remark around it; empty for what is too long to
    be a label."""
    if len(text) > LONGEST_LABEL:
        return ""
    label = normal(text).strip("*:")
    while numbered := _NUMBERED.match(label):
        label = label[numbered.end() :]
    return _REMARK.sub("", label.strip("*:")).strip("*:")


def element_of(text: str) -> str | None:
    """The element's name; for what a hall makes of the province's word ``hall.`` before it."""
    return _find(_elements(), text)


def cells_of(text: str) -> Mapping[str, str]:
    """Which cell of which lists is called so: list -> cell."""
    label = normal_label(text)
    known = _cells()
    return known.get(label) or known.get(_BRACKETS.sub("", label), {})


def cell_of(element: Element, text: str) -> str | None:
    return cells_of(text).get(element.name)


def codes_of(codes: type[TextChoices]) -> Mapping[str, str]:
    """Every word for a code (normal) -> the code; longer words first."""
    return _codes()[codes.__name__]


@cache
def flags() -> Mapping[str, bool]:
    words = _data()["flags"]
    return {normal(str(word).lower()): key == "yes" for key, known in words.items() for word in known}


def _find(known: Mapping[str, str], text: str) -> str | None:
    label = normal_label(text)
    return known.get(label) or known.get(_BRACKETS.sub("", label)) if label else None


@cache
def _data() -> Any:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


@cache
def _elements() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, words in element_words():
        for word in words:
            found[normal_label(word)] = name
            if BY_NAME[name].by is Filler.BOTH and BY_NAME[name].kind is not Kind.ROWS:
                found[normal_label(word + HALL_SUFFIX)] = f"hall.{name}"
    return found


@cache
def _cells() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for element in ELEMENTS:
        for cell, words in cell_words(element):
            for word in words:
                found.setdefault(normal_label(word), {})[element.name] = cell.name
    return found


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    lists = {one.codes.__name__: one.codes for element in ELEMENTS for one in (element, *element.cells) if one.codes}
    return {name: dict(sorted(code_words(codes), key=lambda pair: -len(pair[0]))) for name, codes in lists.items()}


def element_words() -> Iterator[tuple[str, list[str]]]:
    """Every element's name with what it is called."""
    for element in ELEMENTS:
        yield element.name, [element.label, *_data()["elements"].get(element.name, ())]


def cell_words(element: Element) -> Iterator[tuple[Element, list[str]]]:
    """Every cell of a list with what it is called."""
    # legal bases are the same everywhere
    known = _data()["cells"].get("laws" if element.cells is LAW_CELLS else element.name, {})
    for cell in element.cells:
        yield cell, [cell.label, *known.get(cell.name, ())]


def code_words(codes: type[TextChoices]) -> Iterator[tuple[str, str]]:
    """Every word for a code, in its normal form, with the code."""
    known = _data()["codes"].get(codes.__name__, {})
    for code, label in codes.choices:
        for word in (code, label, *known.get(code, ())):
            yield normal(str(word)), code
