"""Values as people write and read them in a cell: labels for codes, 是 and 否, days as dates, lists line by line.

Whatever ``write`` makes, ``read`` gives back but for blanks around it; and it reads much else that people write. What
it cannot read it leaves as it is, for the check to name.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import TextChoices

from foundation.text_encoding import nfkc
from standards.items import Element, Kind
from standards.items.codelists import LimitUnit, StatutoryUnit
from standards.items.codes import plain_code
from standards.items.columns import cite, join, read_citations, split
from standards.items.elements.grounds import LAW_CELLS
from standards.items.exchange.labels import codes_of, flags, normal
from standards.items.values import is_blank
from standards.items.words import label_of

CELL: Final = "|"
# Excel knows 15 digits of a number and makes the others 0
_EXACT: Final = 10**15
_EPOCH: Final = date(1899, 12, 30)
# serial numbers of days from 1954 to 2119; beyond them a number is no day
_SERIALS: Final = range(20_000, 80_500)
_DAY: Final = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[\sT]+0{1,2}:00(?::00)?)?", re.ASCII
)
_CLOSE_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBER: Final = re.compile(r"(-?\d{1,18})(?:\.0+)?\s*(?:个|份|次|项|人|元|页|张|星|星级)?", re.ASCII)
_LIMIT: Final = re.compile(r"(\d{1,9})\s*(?:个)?\s*(工作日|自然日|日历日|天|日)?(?:内|以内|之内)?", re.ASCII)
_TICKED: Final = re.compile(r"[☑√■✔✓☒]\s*([^□☐☑√■✔✓☒]*)")
_BOXES: Final = frozenset("□☐☑■✔☒")
_ARROWS: Final = re.compile(r"\s*(?:→|➜|⇒|->|=>|—>)\s*|\n")
_BEFORE_LAW: Final = re.compile(
    r"^(?:\d{1,2}[.、．)]|[(（]?[一二三四五六七八九十\d]{1,3}[)）、])\s*(?=《)", re.MULTILINE
)
_AFTER_CODE: Final = re.compile(r"[\s.、:：\-—)(）（]+")
_STRONG: Final = "\n；;^"
_WEAK: Final = "、,，/|"
_NAME_BREAKS: Final = frozenset("\\；;^、")
_UNNAMED_LAW: Final = (
    "没有书名号：是哪一部法规？请写成《法规名称》第几条，后面可以加冒号和条文；不是依据的文字请移到别的栏目。"
)
TOO_LONG_A_NUMBER: Final = "是数字而且超过 15 位，Excel 已经把后面几位变成 0：请把单元格格式改为文本后重新填写。"


def write(element: Element, value: Any) -> str | int | date:  # noqa: PLR0911 - one a kind
    """For one cell. Takes what the check found nothing wrong with."""
    if is_blank(value):
        return ""
    match element.kind:
        case Kind.ROWS if element.cells is LAW_CELLS:
            return "\n".join(map(cite, value))
        case Kind.ROWS:
            return "\n".join(_line(element, row) for row in value)
        case Kind.CHOICE:
            return label_of(element.codes, value)
        case Kind.CHOICES:
            return "\n".join(label_of(element.codes, one) for one in value)
        case Kind.NAMES:
            return "\n".join("".join(f"\\{one}" if one in _NAME_BREAKS else one for one in name) for name in value)
        case Kind.FLAG if isinstance(value, bool):
            return "是" if value else "否"
        case Kind.NUMBER if isinstance(value, int):
            return value
        case Kind.DAY:
            return _date(str(value))
        case _:
            return str(value)


def _date(value: str) -> date | str:
    """Excel's days begin with 1900, and one of that year never was."""
    with suppress(ValueError):
        day = date.fromisoformat(value)
        if day.year > _EPOCH.year + 1:
            return day
    return value


def _line(element: Element, row: Mapping[str, Any]) -> str:
    return join([text(write(cell, row.get(cell.name))) for cell in element.cells], CELL)


def text(cell: Any) -> str:
    """Whatever stands in a cell as text, without blanks around it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, ".15g")
    return _time_text(cell) if isinstance(cell, date | time | timedelta) else str(cell)


def _time_text(cell: date | time | timedelta) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell).removesuffix(":00")


def read(element: Element, cell: Any) -> tuple[Any, str]:  # noqa: PLR0911 - one a kind
    """The value (None where nothing is said), and what is wrong with it that the check could not see."""
    if isinstance(cell, float) and abs(cell) >= _EXACT:
        return None, TOO_LONG_A_NUMBER
    if element.kind is Kind.DAY:
        return _day(cell), ""
    words = text(cell)
    if not words:
        return None, ""
    match element.kind:
        case Kind.ROWS:
            return _rows(element, words)
        case Kind.CHOICE:
            return _choice(element, _ticked(words))
        case Kind.CHOICES:
            return list(dict.fromkeys(_choices(element, _ticked(words)))), ""
        case Kind.NAMES:
            return _names(words), ""
        case Kind.FLAG:
            return flags().get(normal(_ticked(words)), words), ""
        case Kind.NUMBER:
            found = _NUMBER.fullmatch(nfkc(words).replace(",", ""))
            return (int(found[1]) if found else words), ""
        case _:
            return plain_code(words) if element.is_code else words, ""


def read_limit(words: str, units: type[TextChoices]) -> tuple[int, str] | None:
    """``10 个工作日`` as days and unit; also 当场办结 and what else means no days at all."""
    plain = nfkc(words).strip()
    found = _LIMIT.fullmatch(plain)
    if found and found[2]:
        code = codes_of(units).get(normal(found[2]))
        return (int(found[1]), code) if code else None
    code = codes_of(units).get(normal(plain)) if not plain.isdigit() else None
    return (0, code) if code in {LimitUnit.AT_ONCE.value, StatutoryUnit.NONE.value} else None


def _day(cell: Any) -> str | None:
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    words = nfkc(text(cell))
    if words.isdigit() and int(words) in _SERIALS:
        return (_EPOCH + timedelta(days=int(words))).isoformat()
    if found := _DAY.fullmatch(words) or _CLOSE_DAY.fullmatch(words):
        with suppress(ValueError):
            return date(*map(int, found.groups())).isoformat()
    return words or None


def _ticked(words: str) -> str:
    """Of a form's boxes (☑自然人 □企业法人) those that are ticked."""
    if not _BOXES.intersection(words):
        return words
    return "\n".join(one.strip() for one in _TICKED.findall(words))


def _choice(element: Element, words: str) -> tuple[Any, str]:
    if not words:
        return None, ""
    if (code := _code(element, normal(words))) is not None:
        return code, ""
    ours = [code for code, theirs in (element.national or {}).items() if theirs == words]
    if len(ours) > 1:
        labels = "、".join(label_of(element.codes, code) for code in ours)
        return None, f"“{words}”可以是{labels}，请写明是哪一个。"
    return (ours[0] if ours else words), ""


def _code(element: Element, plain: str) -> str | None:
    """``承诺件``, ``2``, ``2 承诺件``; ``1`` for ``001``, which Excel makes a number of."""
    if element.codes is None:
        return None
    known = codes_of(element.codes)
    if plain in known:
        return known[plain]
    if plain.isdigit():
        widths = {len(code) for code in element.codes.values}
        return next((known[full] for width in widths if (full := plain.zfill(width)) in known), None)
    label = _AFTER_CODE.sub("", plain.lstrip("0123456789"), count=1)
    return known.get(label) if plain[:1].isdigit() and not label.isdigit() else None


def _choices(element: Element, words: str) -> Iterable[Any]:
    """Labels may hold what stands between labels: so the longest that fits, then the next."""
    for piece in re.split(f"[{re.escape(_STRONG)}]", words):
        rest = normal(piece)
        while rest := rest.strip(_WEAK):
            code = _code(element, rest)
            if code is not None:
                yield code
                break
            known = codes_of(element.codes) if element.codes else {}
            label = next((one for one in known if rest.startswith(one) and rest[len(one)] in _WEAK), "")
            if not label:
                label = re.split(f"[{re.escape(_WEAK)}]", rest, maxsplit=1)[0]
            yield _code(element, label) or label
            rest = rest[len(label) :]


def _names(words: str) -> list[str]:
    """A name a line; in one line, names between which somebody wrote 、 or ；."""
    breaks = "\n" if "\n" in words else "；;^、"
    names = [""]
    characters = iter(words)
    for character in characters:
        if character == "\\":
            names[-1] += next(characters, "\\")
        elif character in breaks:
            names.append("")
        else:
            names[-1] += character
    return [name.strip() for name in names if name.strip()]


def _rows(element: Element, words: str) -> tuple[list[dict[str, Any]], str]:
    if element.cells is LAW_CELLS:
        laws = read_citations(_BEFORE_LAW.sub("", words))
        unnamed = next((law["text"] for law in laws if not law.get("law") and law.get("text")), "")
        return laws, f"“{unnamed:.40}”{_UNNAMED_LAW}" if unnamed else ""
    rows = []
    for line in words.split("\n") if CELL in words else _ARROWS.split(words):
        if not line.strip():
            continue
        row, message = read_row(
            element, dict(zip((cell.name for cell in element.cells), split(line, CELL), strict=False))
        )
        if message:
            return [], message
        rows.append(row)
    return rows, ""


def read_row(element: Element, cells: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """One row of a list out of its cells by name; days may bring their unit along."""
    row: dict[str, Any] = {}
    for cell in element.cells:
        value, message = read(cell, cells.get(cell.name))
        if message:
            return row, f"「{cell.label}」{message}"
        if not is_blank(value):
            row[cell.name] = value
    if "days" in row:
        take_units(units_of(element.cells), row)
    return row, ""


def units_of(elements: Iterable[Element]) -> dict[str, Element]:
    """Elements that count days -> those that say which days."""
    named = {one.name: one for one in elements}
    return {
        name: unit
        for name in named
        if name.endswith("days") and (unit := named.get(f"{name.removesuffix('days')}unit")) is not None
    }


def take_units(units: Mapping[str, Element], values: dict[str, Any]) -> None:
    """Where days were written with their unit (10 个工作日), both become what they are."""
    for name, unit in units.items():
        written = values.get(name)
        if not isinstance(written, str) or unit.codes is None:
            continue
        if (limit := read_limit(written, unit.codes)) and values.get(unit.name, limit[1]) == limit[1]:
            values[name], values[unit.name] = limit
