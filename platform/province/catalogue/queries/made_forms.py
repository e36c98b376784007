"""Blank forms and filled samples that the platform makes of a guide, where the province has uploaded none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from django.utils import timezone

from foundation.design.inputs import FileLink
from foundation.errors import NotFound, Unavailable
from foundation.paper.forms import PaperForm, write_form
from foundation.paper.word_forms import write_word_form
from province.catalogue.models import ItemVersion
from standards.items.forms import FILES, LISTS, FormKind, file_name_of, form_key, form_of, forms_in
from standards.items.handling import rows_of

type Values = Mapping[str, Any]

PDF: Final = "pdf"
WORD: Final = "docx"
# what people fill in is offered as a file that they can write in; a sample is looked at
_IN_WORD: Final = frozenset({FormKind.BLANK})
# about 50 kB each
_MOST_KEPT: Final = 64
# making one takes a second of a core: who comes meanwhile waits, and is not made to wait for long
_ONE_AT_A_TIME: Final = Lock()
_LONGEST_WAIT: Final = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class MadeForm:
    """``name``: without its ending, which is ``ending``."""

    name: str
    ending: str
    content: bytes


def with_made_forms(values: Values, *, address: str, query: str = "") -> tuple[dict[str, Any], dict[str, FileLink]]:
    """The values, in them the forms that are made of them, and the links to these by their names there. ``address``:
    that of the item's page, below which they lie; ``query``: what was chosen there."""
    made = {row["name"]: form_key(row["name"]) for row in forms_in(values)}
    if not made:
        return dict(values), {}
    files: dict[str, FileLink] = {}
    together = dict(values)
    for name in LISTS:
        rows = []
        for row in rows_of(values, name):
            cells = {}
            if key := made.get(row.get("name", "")):
                for cell, kind in zip(FILES, FormKind, strict=True):
                    cells[cell] = f"{key}-{kind.value}"
                    place = f"{address}forms/{key}/{kind.value}"
                    files[cells[cell]] = _link(place, query, file_name_of(row, kind), kind)
            rows.append({**row, **cells})
        if rows:
            together[name] = rows
    return together, files


def _link(place: str, query: str, name: str, kind: FormKind) -> FileLink:
    chosen = f"?{query}" if query else ""
    pdf, word = (FileLink(f"{name}.{ending}", f"{place}.{ending}{chosen}") for ending in (PDF, WORD))
    return replace(pdf, beside=(word,)) if kind in _IN_WORD else pdf


def made_form(
    version: ItemVersion, values: Values, *, key: str, kind: str, ending: str = PDF, place: str = ""
) -> MadeForm:
    """The form as a PDF or, blank, as a Word file (``ending``); the same bytes for the same version and values.
    ``values``: what counts where it is offered; ``place``: the hall's name, "" at the province's.

    Raises NotFound where the guide asks for no such form, or has an uploaded one; Unavailable where too many are being
    made.
    """
    row = next((one for one in forms_in(values) if form_key(one["name"]) == key), None)
    if row is None or kind not in FormKind.values or version.valid_from is None:
        raise NotFound("没有这份表格，可能已经换成了别的。请从办事指南重新下载。")
    which = FormKind(kind)
    if ending != PDF and (ending != WORD or which not in _IN_WORD):
        raise NotFound("示例样表只有 PDF 一种格式。")
    form = form_of(
        values,
        row,
        kind=which,
        place=place,
        edition=version.called,
        day=timezone.localdate(version.valid_from),
    )
    return MadeForm(file_name_of(row, which), ending, _written(form, ending))


@lru_cache(maxsize=_MOST_KEPT)
def _written(form: PaperForm, ending: str) -> bytes:
    if not _ONE_AT_A_TIME.acquire(timeout=_LONGEST_WAIT):
        raise Unavailable("现在下载表格的人太多，请稍等几秒再试。")
    try:
        return write_word_form(form) if ending == WORD else write_form(form)
    finally:
        _ONE_AT_A_TIME.release()
