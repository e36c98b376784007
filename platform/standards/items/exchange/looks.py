"""What both kinds of workbooks look like: formats, drop-down lists, notes of what is obligatory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

from django.db.models import TextChoices

from foundation.errors import Invalid
from foundation.workbooks import column_letters
from standards.items import Element, Kind
from standards.items.codelists import (
    ACTED,
    ALL_TYPES,
    APPLIED,
    COERCED,
    DISCLOSED,
    DONE,
    HONOURED,
    INSPECTED,
    LEVIED,
    PENALISED,
    POWERS,
    ItemType,
)
from standards.items.exchange import words
from standards.items.kinds import When
from standards.items.live import offered_labels

CHOICES_SHEET: Final = "选项"
NOTES_SHEET: Final = "填写说明"
# Excel's own; xlsxwriter leaves out what is longer without a word
LONGEST_CELL: Final = 32_767
_LONGEST_PROMPT: Final = 255
_LONGEST_PROMPT_TITLE: Final = 32
_FLAGS: Final = ("是", "否")
_TYPES: Final = {
    ALL_TYPES: "所有事项",
    DONE: "行政职权和便民服务",
    APPLIED: "依申请办理的事项",
    APPLIED & POWERS: "依申请的行政职权",
    DISCLOSED: "政府信息公开事项",
    POWERS: "行政职权",
    ACTED: "依职权行使的行政职权",
    PENALISED: "行政处罚",
    COERCED: "行政强制",
    LEVIED: "行政征收",
    INSPECTED: "行政检查",
    HONOURED: "依职权行政奖励",
    APPLIED | LEVIED: "依申请办理的事项和行政征收",
}


@dataclass(slots=True)
class Book:
    """A workbook that is being written. ``texts`` etc. are its formats; ``lists``: where a code list stands."""

    book: Any
    formats: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)

    def write(self, sheet: Any, row: int, column: int, value: str | int | date, look: str = "text") -> None:
        """Rows and columns count from 0 here, as in xlsxwriter. Raises Invalid for what no cell can hold."""
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, self.formats["day"])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.formats["number"])
        elif len(value) > LONGEST_CELL:
            message = (
                f"“{sheet.name}”第 {row + 1} 行 {column_letters(column + 1)} 列有 {len(value):,} 个字，"
                f"超过 Excel 单元格的上限 {LONGEST_CELL:,} 字，请改用 JSON 导出。"
            )
            raise Invalid(message)
        elif value:
            sheet.write_string(row, column, value, self.formats[look])

    def offer(self, sheet: Any, element: Element, *, rows: tuple[int, int], column: int) -> None:
        """A drop-down list where one of some words is wanted; elsewhere the note that appears at the cell."""
        rule: dict[str, Any] = {"validate": "any"}
        if element.kind is Kind.FLAG:
            rule = {"validate": "list", "source": list(_FLAGS)}
        elif element.kind is Kind.CHOICE and element.codes:
            rule = {"validate": "list", "source": self.lists[element.codes.__name__]}
        rule |= {
            "input_title": element.label[:_LONGEST_PROMPT_TITLE],
            "input_message": "\n".join(notes_of(element))[:_LONGEST_PROMPT],
            "error_title": "请从列表中选择",
            "error_message": f"「{element.label}」只能填列表中的选项。",
        }
        sheet.data_validation(rows[0], column, rows[1], column, rule)


@contextmanager
def new_book(out: BinaryIO, *, elements: Iterable[Element], is_streamed: bool) -> Iterator[Book]:
    """Texts stay texts, whatever they look like. ``is_streamed``: rows leave the memory as the next one comes."""
    import xlsxwriter  # noqa: PLC0415 - only those load it who write a workbook

    options = {
        "constant_memory": is_streamed,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        made = Book(book)
        thin = {"border": 1, "border_color": "#B8C2CC"}
        cell = {"valign": "top", "text_wrap": True, **thin}
        made.formats = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#DCE6F1", "valign": "vcenter", "text_wrap": True, **thin}
            ),
            "ours": book.add_format(
                {"bold": True, "bg_color": "#E4EFDC", "valign": "vcenter", "text_wrap": True, **thin}
            ),
            "name": book.add_format({"font_color": "#6B7785", "font_size": 9, **thin}),
            "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
            "section": book.add_format({"bold": True, "bg_color": "#DCE6F1", **thin}),
            "label": book.add_format({"bg_color": "#F3F6F9", "valign": "top", "text_wrap": True, **thin}),
            # @: Excel leaves long numbers as they are typed
            "text": book.add_format({"num_format": "@", **cell}),
            "number": book.add_format({"num_format": "0", **cell}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", **cell}),
        }
        made.lists = _list_places(elements)
        yield made
        _write_lists(made, elements)


def _code_lists(elements: Iterable[Element]) -> dict[str, type[TextChoices]]:
    return {one.codes.__name__: one.codes for element in elements for one in (element, *element.cells) if one.codes}


def _list_places(elements: Iterable[Element]) -> dict[str, str]:
    places = {}
    for number, (name, codes) in enumerate(_code_lists(elements).items(), start=1):
        letters = column_letters(number)
        places[name] = f"='{CHOICES_SHEET}'!${letters}$2:${letters}${len(codes) + 1}"
    return places


def _write_lists(made: Book, elements: Iterable[Element]) -> None:
    sheet = made.book.add_worksheet(CHOICES_SHEET)
    lists = _code_lists(elements)
    longest = max(len(codes) for codes in lists.values())
    sheet.write_row(0, 0, lists)
    for number in range(longest):
        for column, codes in enumerate(lists.values()):
            if number < len(codes):
                sheet.write_string(number + 1, column, codes.labels[number])
    sheet.hide()


def notes_of(element: Element, *, parent: Element | None = None) -> Iterator[str]:
    """What one has to know to fill it, line by line."""
    needed = _needed(element.needed, element.when)
    yield f"必填：{needed}" if needed else "选填"
    by = parent or element
    yield f"填写：{by.by.label}" + (f"（{by.bound.label}）" if by.bound else "")
    yield (
        {
            Kind.LINE: f"一行文字，最多 {element.most} 字",
            Kind.TEXT: f"最多 {element.most} 字",
            Kind.NUMBER: f"整数，{element.least}–{element.most}",
            Kind.FLAG: "是或否",
            Kind.DAY: "日期，例如 2026-01-05",
            Kind.LINK: "以 http:// 或 https:// 开头的网址",
            Kind.FILE: "已上传文件的编号",
            Kind.CHOICE: "从列表中选一个",
            Kind.CHOICES: "可选多个，一行一个（Alt+Enter 换行）",
            Kind.NAMES: "可填多个，一行一个（Alt+Enter 换行）",
            Kind.ROWS: "一行一项",
        }[element.kind]
        + _shape(element)
        + (f"，单位：{element.unit}" if element.unit else "")
    )
    if element.help:
        yield element.help


def _shape(element: Element) -> str:
    if element.kind is Kind.CHOICES and element.codes:
        return "：" + "、".join(offered_labels(element.codes))
    if element.kind is Kind.ROWS:
        labels = [cell.label for cell in element.cells]
        is_law = labels[:1] == ["法规名称"]
        return (
            "，例如《中华人民共和国行政许可法》第四十二条：条文"
            if is_law
            else f"，各栏用 {words.CELL} 隔开：" + words.CELL.join(labels)
        )
    return ""


def _needed(types: frozenset[Any], when: When | None) -> str:
    if not types:
        return ""
    named = _TYPES.get(types) or "、".join(ItemType(one).label for one in sorted(types))
    return named + (f",{when.words}" if when else "")


def is_always_needed(element: Element) -> bool:
    return bool(element.needed) and element.when is None
