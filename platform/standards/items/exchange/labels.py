"""Which element somebody means who writes its label in another way, and which code by which word (labels.yaml)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import TextChoices

from foundation.text_encoding import without_spaces
from standards.items import BY_NAME, ELEMENTS, Element, Filler, Kind
from standards.items.elements.grounds import LAW_CELLS
from standards.items.live import per_definition, retired_codes

_FILE: Final = Path(__file__).with_name("labels.yaml")
_NUMBERED: Final = re.compile(r"[((]?\d{1,2}(?:\.\d{1,2})*[))、.:,]*(?=\D)|[((]?[一二三四五六七八九十]{1,3}[))、.:,]+")
_REMARK: Final = re.compile(r"\((?:必填|选填|可选|非必填|单选|多选|可多选)\)$")
_BRACKETS: Final = re.compile(r"\([^()]*\)$")
LONGEST_LABEL: Final = 40
# behind the label of what a hall makes of the province's word
HALL_SUFFIX: Final = "（本厅）"


def normal(text: str) -> str:
    """Return the text without what differs from one writer to another: full and half width (NFKC), case, blanks."""
    return without_spaces(text).lower()


@lru_cache(maxsize=8192)
def normal_label(text: str) -> str:
    """Return a label in its normal form, without the number, colon, star and remark around it; "" for what is too long
    to be one (over LONGEST_LABEL characters)."""
    if len(text) > LONGEST_LABEL:
        return ""
    label = normal(text).strip("*:")
    while numbered := _NUMBERED.match(label):
        label = label[numbered.end() :]
    return _REMARK.sub("", label.strip("*:")).strip("*:")


def element_of(text: str) -> str | None:
    """Return the name of the element that a label means, None for none; ``hall.`` stands before it where the label is
    of what a hall makes of the province's word."""
    return _find(_elements(), text)


def cells_of(text: str) -> Mapping[str, str]:
    """Return which cell a label means in each list that has such a cell: name of the list -> name of the cell."""
    label = normal_label(text)
    known = _cells()
    return known.get(label) or known.get(_BRACKETS.sub("", label), {})


def cell_of(element: Element, text: str) -> str | None:
    """Return the name of the cell of this list that a label means; None for none."""
    return cells_of(text).get(element.name)


def codes_of(codes: type[TextChoices]) -> Mapping[str, str]:
    """Return every word that stands for a code of the list (in its normal form) with that code; longer words first, so
    that the first found is the fullest."""
    return _codes()[codes.__name__]


@cache
def flags() -> Mapping[str, bool]:
    """Return every word that means yes or no (in its normal form) with its meaning."""
    words = _data()["flags"]
    return {normal(str(word).lower()): key == "yes" for key, known in words.items() for word in known}


def _find(known: Mapping[str, str], text: str) -> str | None:
    label = normal_label(text)
    return known.get(label) or known.get(_BRACKETS.sub("", label)) if label else None


@cache
def _data() -> Any:
    return yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)


@per_definition
def _elements() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, words in element_words():
        for word in words:
            found[normal_label(word)] = name
            if BY_NAME[name].by is Filler.BOTH and BY_NAME[name].kind is not Kind.ROWS:
                found[normal_label(word + HALL_SUFFIX)] = f"hall.{name}"
    return found


@per_definition
def _cells() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for element in ELEMENTS:
        for cell, words in cell_words(element):
            for word in words:
                found.setdefault(normal_label(word), {})[element.name] = cell.name
    return found


@per_definition
def _codes() -> Mapping[str, Mapping[str, str]]:
    lists = {one.codes.__name__: one.codes for element in ELEMENTS for one in (element, *element.cells) if one.codes}
    return {name: dict(sorted(code_words(codes), key=lambda pair: -len(pair[0]))) for name, codes in lists.items()}


def element_words() -> Iterator[tuple[str, list[str]]]:
    """Yield every element's name with all labels by which files call it, its own first."""
    for element in ELEMENTS:
        yield element.name, [element.label, *_data()["elements"].get(element.name, ())]


def cell_words(element: Element) -> Iterator[tuple[Element, list[str]]]:
    """Yield every cell of a list with all labels by which files call it, its own first."""
    # legal bases are the same everywhere
    known = _data()["cells"].get("laws" if element.cells is LAW_CELLS else element.name, {})
    for cell in element.cells:
        yield cell, [cell.label, *known.get(cell.name, ())]


def code_words(codes: type[TextChoices]) -> Iterator[tuple[str, str]]:
    """Yield every word that stands for a code of the list, in its normal form, with that code: the code itself, its
    label, and what else people write."""
    known, retired = _data()["codes"].get(codes.__name__, {}), retired_codes(codes)
    for code, label in codes.choices:
        for word in (code, label, retired.get(code, label), *known.get(code, ())):
            yield normal(str(word)), code
