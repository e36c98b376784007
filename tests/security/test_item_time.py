"""Items, what the province adds to them, the questions below them, packages, standards of fees, rosters, calendars and
notices of holidays are judged in good time, however they are built: all of it is done in the web process itself."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from config.api import MOST_ENTRIES
from foundation.errors import Invalid
from foundation.excel import LARGEST_FILE
from province.catalogue.queries.element_drafts import ElementWords, drafted_element
from province.workdays.operations.day_tables import HEADINGS, _read_day_table
from standards.fees import read_rates, read_yuan, waiver_rules
from standards.items import ELEMENTS, Bound, Element, Filler, Kind, check
from standards.items.codelists import ALL_TYPES, Family, ItemType
from standards.items.elements.handling import MOST_ANSWERS, MOST_HANDLING_ITEMS, MOST_QUESTIONS
from standards.items.packages import MOST_ITEMS, check_package
from standards.workdays.notices import LONGEST_NOTICE, read_notice
from tenants.duty.queries.staff import DutyStaff
from tests.factories.items import whole_hall_guide, whole_item
from tests.security.test_time import MARKS, in_good_time

type Json = dict[str, Any]
LICENCE = ItemType.LICENCE
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def questions(number: int, answers: int, **more: Any) -> list[Json]:
    """Each asked of everybody; ``more``: what each answer says besides."""
    return [
        {
            "code": _LETTERS[at],
            "question": f"问{at}",
            "answers": [{"code": _LETTERS[one + 1], "label": f"答{one}", **more} for one in range(answers)],
        }
        for at in range(number)
    ]


def behind_many() -> list[Json]:
    """A question without answers, behind so many that nobody comes to it."""
    return [*questions(MOST_QUESTIONS - 1, MOST_ANSWERS), {"code": "Z", "question": "问"}]


def materials(number: int = 60) -> list[Json]:
    row = whole_item()["materials"][0]
    return [row | {"name": f"材料{at}"} for at in range(number)]


def with_ways() -> Json:
    """As many handling items as may be, each with as many ways through questions of its own."""
    named = {name: [f"材料{at}" for at in range(60)] for name in ("adds", "removes")}
    rows = [
        {"code": f"{at + 1:02}", "name": f"项{at}", "situations": questions(8, 2, **named), "materials": materials()}
        for at in range(MOST_HANDLING_ITEMS)
    ]
    return whole_item() | {"materials": materials(), "handling_items": rows}


def full(element: Element, rows: int, letters: int) -> Any:
    """As many rows, names or letters as that, right or wrong."""
    if element.kind is Kind.ROWS:
        row = {one.name: full(one, min(rows, 20), letters) for one in element.cells if one.kind is not Kind.ROWS}
        return [row | {"name": f"{at}"} for at in range(rows)]
    if element.codes:
        code = next(iter(element.codes.values))
        return code if element.kind is Kind.CHOICE else [code] * rows
    return {
        Kind.NUMBER: 1,
        Kind.FLAG: True,
        Kind.DAY: "2026-12-01",
        Kind.FILE: str(UUID(int=1)),
        Kind.LINK: "https://b.example/",
        Kind.NAMES: [f"{at}" for at in range(rows)],
    }.get(element.kind, "字" * letters)


def filled(rows: int, letters: int, *, of_hall: bool) -> Json:
    return {
        one.name: full(one, min(rows, one.most) if one.kind is Kind.ROWS and rows < 2_000 else rows, letters)
        for one in ELEMENTS
        if LICENCE in one.applies and (one.by is not (Filler.PROVINCE if of_hall else Filler.HALL))
    }


def added_to() -> tuple[Json, Json]:
    """A list of the province, and one that a hall adds to it; each as long as a body may be."""
    name = next(one.name for one in ELEMENTS if one.bound is Bound.MAY_ADD and LICENCE in one.applies)
    province, own = ([{"name": f"{word}{at}"} for at in range(MOST_ENTRIES)] for word in "省厅")
    return whole_item() | {name: province}, whole_hall_guide() | {name: own}


ITEMS: dict[str, Callable[[], tuple[Json, Json]]] = {
    "a question that nobody can answer": lambda: (whole_item() | {"situations": behind_many()}, whole_hall_guide()),
    "one of a handling item": lambda: (
        whole_item() | {"handling_items": [{"code": "01", "name": "项", "situations": behind_many()}]},
        {},
    ),
    "ways through all handling items": lambda: (with_ways(), whole_hall_guide()),
    "questions that lead to all others": lambda: (
        whole_item()
        | {"situations": questions(MOST_QUESTIONS, MOST_ANSWERS, leads_to=list(_LETTERS[1:MOST_QUESTIONS]))},
        {},
    ),
    "lists that a hall adds to": added_to,
    "all rows that may be": lambda: (filled(1_000, 40, of_hall=False), filled(1_000, 40, of_hall=True)),
    "rows far beyond their bounds": lambda: (filled(2_000, 1, of_hall=False), filled(2_000, 1, of_hall=True)),
}


class TestItem:
    @pytest.mark.parametrize("make", ITEMS.values(), ids=list(ITEMS))
    def test_is_judged_in_good_time(self, make: Callable[[], tuple[Json, Json]]) -> None:
        values, own = make()
        with in_good_time():
            found = check(family=Family.POWER, item_type=LICENCE, values=values, hall_values=own)
        assert not found.is_complete


def package(situations: list[Json]) -> Json:
    items = [{"code": f"{at:012}", "after": [f"{one:012}" for one in range(at)]} for at in range(MOST_ITEMS)]
    return {"summary": "一次办", "items": items, "situations": situations}


PACKAGES: dict[str, Callable[[], Json]] = {
    "a question that nobody can answer": lambda: package(behind_many()),
    "as many ways as may be": lambda: package(questions(8, 2, adds=[f"{at:012}" for at in range(MOST_ITEMS)])),
    "questions that lead to all others": lambda: package(
        questions(MOST_QUESTIONS, MOST_ANSWERS, leads_to=list(_LETTERS[1:MOST_QUESTIONS]))
    ),
    "items that all wait for all": lambda: (
        package([])
        | {"items": [{"code": f"{at}", "after": [f"{one}" for one in range(MOST_ITEMS)]} for at in range(MOST_ITEMS)]}
    ),
    "items without end": lambda: {"items": [{"code": f"{at}"} for at in range(MOST_ENTRIES)]},
}


class TestPackage:
    @pytest.mark.parametrize("make", PACKAGES.values(), ids=list(PACKAGES))
    def test_is_judged_in_good_time(self, make: Callable[[], Json]) -> None:
        values = make()
        with in_good_time():
            check_package(values)


# as long as a standard, or whoever is let off, may be
_STANDARD = 1_000


class TestStandardOfAFee:
    @pytest.mark.parametrize(
        "piece",
        [*("由", "由a", "1 元；", "每本 1 元；", "a1元", "1,", "1,111", "免收"), *("㌀", "\ufdfa", "1至", " ", "。")],
    )
    def test_is_read_in_good_time(self, piece: str) -> None:
        text = piece * (_STANDARD // len(piece))
        with in_good_time(0.5):
            for _ in range(30):  # as many fees as an item may have
                read_rates(text)
                waiver_rules(text)


class TestAmount:
    def test_is_read_in_good_time(self) -> None:
        with in_good_time():
            for text in (MARKS, "1" * 1_000_000, "１" * 1_000_000, "," * 1_000_000):
                assert read_yuan(text) is None


class TestCellOfARoster:
    STAFF = DutyStaff(*({UUID(int=at): f"人{at}" for at in range(2_000)} for _ in range(2)))

    @pytest.mark.parametrize("piece", ["人1、", "人、", "、", "(", "a\u0300\u0327", "人人", "\n"])
    def test_is_read_in_good_time(self, piece: str) -> None:
        with in_good_time(), suppress(Invalid):
            self.STAFF.people_in(piece * (1_000_000 // len(piece)))

    def test_with_everybody_is_read_in_good_time(self) -> None:
        with in_good_time(), pytest.raises(Invalid, match="一格最多"):
            self.STAFF.people_in("、".join([*self.STAFF.labels.values()] * 2))


# a body of the API is a little longer than this
_BODY = 900_000
_EVERY_TYPE = [one.value for one in ItemType if one in ALL_TYPES]


def _of_label(piece: str) -> ElementWords:
    return ElementWords(label=piece * (_BODY // len(piece)), item_types=_EVERY_TYPE, section="basic", starts_on=_DAY)


def _of_options(piece: str) -> ElementWords:
    options = [piece * (30 // len(piece))] * (_BODY // 40)
    return ElementWords(label="专线", item_types=_EVERY_TYPE, section="basic", starts_on=_DAY, options=options)


_DAY = date(2030, 1, 1)
_PIECES = ["专线", "长", "a\u0300\u0327", "\ufdfa", "1."]


@pytest.mark.django_db
class TestExtraElement:
    @pytest.mark.parametrize("make", [_of_label, _of_options])
    @pytest.mark.parametrize("piece", _PIECES)
    def test_is_judged_in_good_time(self, make: Callable[[str], ElementWords], piece: str) -> None:
        words = make(piece)
        with in_good_time(), pytest.raises(Invalid):
            drafted_element(words=words, kind="choice", filler="province")


class TestTableOfACalendar:
    @pytest.mark.parametrize(
        "cells",
        [
            *(("2026-10-01", "放假", "国庆节"), ("", "", ""), ("a", "放假", "国庆节"), ("2026-10-01", "放假", "=1")),
            *(('"2026-10-01"', '"放假"', '"国庆节"'), ("2026-10-01", "放" * 200, "节" * 200)),
        ],
    )
    def test_is_read_in_good_time(self, cells: tuple[str, ...]) -> None:
        heading, line = (f"{','.join(one)}\n".encode() for one in (HEADINGS, cells))
        with in_good_time(), pytest.raises(Invalid):
            _read_day_table(BytesIO(heading + line * (LARGEST_FILE // len(line) - 1)))


class TestNoticeOfHolidays:
    @pytest.mark.parametrize(
        "piece",
        [*("1日（", "\u33e0(", "1月1日至", "1月1日（", "一、", "a、", "（", "放假"), *("\u32c0\u33e0(", "\ufdfa")],
    )
    def test_is_read_in_good_time(self, piece: str) -> None:
        for before in ("", "元旦：放假1月1日", "一、"):
            text = before + piece * ((LONGEST_NOTICE - len(before)) // len(piece))
            with in_good_time(1):
                read_notice(text, year=2026)
