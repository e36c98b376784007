"""From elements and their values to the inputs of a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.design.inputs import PROTOTYPE, FileLink, Input, InputRow, Option, Rows, Widget
from province.catalogue.forms.limits import allowed_codes, beside_of, steps_beside
from standards.items import Element, Filler, Kind
from standards.items.hall_steps import acts_of
from standards.items.handling import rows_of
from standards.items.live import retired_codes
from standards.items.words import as_written

_WIDGETS: Final[Mapping[Kind, Widget]] = {
    Kind.LINE: "line",
    Kind.TEXT: "text",
    Kind.NUMBER: "number",
    Kind.FLAG: "flag",
    Kind.DAY: "day",
    Kind.LINK: "link",
    Kind.FILE: "file",
    Kind.CHOICE: "choice",
    Kind.CHOICES: "choices",
    Kind.NAMES: "names",
}
# rows with more cells than a line or two can show are folded to their names
_MOST_UNFOLDED: Final = 6
# characters that a line of usual length does not hold
_LONG: Final = 200


@dataclass(frozen=True, slots=True)
class FormDrawing:
    """What all inputs of one form share. ``province`` is there for a hall's part only."""

    item_type: str
    files: Mapping[str, FileLink]
    province: Mapping[str, Any] | None = None

    def part_of(self, element: Element, values: Mapping[str, Any], around: Mapping[str, Any]) -> Input | Rows:
        """The input of an element; ``around`` decides whether it is needed."""
        return self._part(element, values, around, element.name)

    def _part(self, element: Element, values: Mapping[str, Any], around: Mapping[str, Any], name: str) -> Input | Rows:
        is_top = name == element.name
        is_shared = is_top and self.province is not None and element.by is Filler.BOTH
        is_needed = not is_shared and element.is_needed(self.item_type, around)
        part = self._rows(element, values, name) if element.kind is Kind.ROWS else self._input(element, values, name)
        part.is_needed = is_needed
        if is_shared and self.province is not None:
            part.beside = beside_of(element, self.province)
            part.optional_words = ""
        elif element.when and self.item_type in element.needed:
            part.optional_words = f"{element.when.words}必填"
        if is_top and element.name == "hall_steps" and self.province is not None:
            part.beside = steps_beside(self.province)
        if is_top:
            part.help = _help(element)
        elif element.kind is Kind.NAMES:
            part.help = "每行一个。"
        return part

    def _input(self, element: Element, values: Mapping[str, Any], name: str) -> Input:
        value = values.get(element.name)
        text = "\n".join(map(_text, value)) if isinstance(value, list) else _text(value)
        one = Input(
            name=name,
            label=element.label,
            widget=_WIDGETS[element.kind],
            value=text,
            is_long=element.kind is Kind.FILE or (element.kind is Kind.LINE and element.most >= _LONG),
            begins_line=bool(element.unit_in),
        )
        if name.startswith(("hall_handling.", "hall_steps.")) and self.province is not None:
            if element.name == "code":
                one.widget, one.options = "choice", _handling_options(self.province, text)
            elif element.name == "act":
                one.widget, one.options = "choice", _act_options(self.province, text)
        match element.kind:
            case Kind.FLAG:
                one.options = _either(value)
            case Kind.CHOICE:
                one.options = self._choices(element, [value] if isinstance(value, str) else [])
            case Kind.CHOICES:
                chosen = value if isinstance(value, list) else []
                one.options = self._choices(element, [code for code in chosen if isinstance(code, str)])
            case Kind.FILE:
                one.file = self.files.get(text)
        return one

    def _choices(self, element: Element, chosen: list[str]) -> tuple[Option, ...]:
        allowed = allowed_codes(element, self.province) if self.province is not None else None
        codes = element.codes.choices if element.codes else []
        retired = retired_codes(element.codes) if element.codes else {}
        known = [
            Option(code, label, code in chosen)
            for code, label in codes
            if code in chosen or (code not in retired and (allowed is None or code in allowed))
        ]
        names = {option.value for option in known}
        unknown = [
            Option(code, f"“{code:.20}”（没有这个选项）", is_chosen=True) for code in chosen if code not in names
        ]
        if element.kind is Kind.CHOICES:
            return (*known, *unknown)
        is_shared = self.province is not None and element.by is Filler.BOTH
        return (Option("", "照省里的" if is_shared else "请选择"), *known, *unknown)

    def _rows(self, element: Element, values: Mapping[str, Any], name: str) -> Rows:
        value = values.get(element.name)
        given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        return Rows(
            name=name,
            label=element.label,
            rows=[self._row(element, row, name, number) for number, row in enumerate(given, start=1)],
            prototype=self._row(element, {}, name, PROTOTYPE),
            most=element.most,
            is_folding=len(element.cells) > _MOST_UNFOLDED or any(cell.cells for cell in element.cells),
        )

    def _row(self, element: Element, row: Mapping[str, Any], name: str, number: int) -> InputRow:
        place = f"{name}.{number}"
        return InputRow(
            name=place,
            number=number,
            title=as_written(element.cells[0], row.get(element.cells[0].name), row),
            cells=[self._part(cell, row, row, f"{place}.{cell.name}") for cell in element.cells],
        )


def _handling_options(province: Mapping[str, Any], chosen: str) -> tuple[Option, ...]:
    """The province's handling items by their names."""
    rows = rows_of(province, "handling_items")
    known = [Option(str(row.get("code")), str(row.get("name")), row.get("code") == chosen) for row in rows]
    lost = chosen and not any(one.is_chosen for one in known)
    unknown = (Option(chosen, f"“{chosen:.20}”（省里没有这一项）", is_chosen=True),) if lost else ()
    return (Option("", "请选择"), *known, *unknown)


def _act_options(province: Mapping[str, Any], chosen: str) -> tuple[Option, ...]:
    """The steps of the province's flow by their names."""
    known = [Option(act, act, act == chosen) for act in acts_of(province)]
    lost = chosen and not any(one.is_chosen for one in known)
    unknown = (Option(chosen, f"“{chosen:.20}”（省里没有这个环节）", is_chosen=True),) if lost else ()
    return (Option("", "请选择"), *known, *unknown)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _either(value: Any) -> tuple[Option, ...]:
    unknown = (
        ()
        if value is None or isinstance(value, bool) or value == ""
        else (Option(_text(value), "其他", is_chosen=True),)
    )
    return (
        Option("true", "是", value is True),
        Option("false", "否", value is False),
        Option("", "未填", not unknown and not isinstance(value, bool)),
        *unknown,
    )


def _help(element: Element) -> str:
    words = [
        f"办事指南上问：{element.plain}。" if element.plain else "",
        f"单位：{element.unit}。" if element.unit else "",
        element.help,
        "每行一个。" if element.kind is Kind.NAMES else "",
        "以 http:// 或 https:// 开头。" if element.kind is Kind.LINK else "",
    ]
    return "".join(words).replace("？。", "？")
