"""The layers below an item: what one comes for (业务办理项), and the questions whose answers choose (情形)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from standards.items.codelists import APPLIED, DONE, HandlingKind, LimitUnit
from standards.items.elements.fees import FEES
from standards.items.elements.grounds import GROUNDS
from standards.items.elements.guidance import GUIDANCE
from standards.items.elements.limits import LIMITS, LONGEST_LIMIT
from standards.items.elements.materials import MATERIALS
from standards.items.elements.places import WINDOW_CELLS
from standards.items.elements.results import RESULTS
from standards.items.elements.services import SERVICES
from standards.items.kinds import Element, Filler, Kind, When

_S: Final = "本平台"
MOST_HANDLING_ITEMS: Final = 30
MOST_QUESTIONS: Final = 20
MOST_ANSWERS: Final = 20
CODE_LENGTH: Final = 2
# what a handling item says in place of the item; what it does not say is the item's
OVERRIDES: Final = (
    *("conditions", "case_type", "statutory_days", "statutory_unit", "promised_days", "promised_unit"),
    *("visits", "has_fee", "fee_basis", "fees", "materials", "flow", "results"),
)
# lists whose rows may be named alone: the item's row of that name is meant; with the cell that is the name
NAMED_ROWS: Final[Mapping[str, str]] = {"materials": "name", "fees": "name", "flow": "act", "results": "name"}
_ITEMS_OWN: Final = {one.name: one for one in (*GROUNDS, *LIMITS, *MATERIALS, *FEES, *SERVICES, *GUIDANCE, *RESULTS)}


def _ours(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Return these elements as ones that may be left out, and for which no national table has a place."""
    return tuple(
        replace(
            one,
            by=Filler.PROVINCE,
            bound=None,
            needed=frozenset(),
            when=None,
            column=None,
            cells=_row_cells(one),
            section=None,
            source=_S,
        )
        for one in elements
    )


def _row_cells(element: Element) -> tuple[Element, ...]:
    """Laws stay what they are everywhere; of other rows only the name is needed."""
    if element.name not in NAMED_ROWS:
        return element.cells
    return tuple(
        replace(cell, column=None, source=_S, needed=DONE if cell.name == NAMED_ROWS[element.name] else frozenset())
        for cell in element.cells
    )


def _names(name: str, label: str, plain: str = "") -> Element:
    return Element(name=name, label=label, kind=Kind.NAMES, most=60, plain=plain, source=_S)


def _limit(word: str, label: str) -> tuple[Element, Element]:
    days = Element(
        name=f"{word}_days",
        label=label,
        kind=Kind.NUMBER,
        most=LONGEST_LIMIT,
        unit_in=f"{word}_unit",
        source=_S,
    )
    unit = Element(name=f"{word}_unit", label=f"{label}单位", kind=Kind.CHOICE, codes=LimitUnit, source=_S)
    return days, unit


ANSWER_CELLS = (
    Element(name="label", label="回答", needed=DONE, most=100, source=_S),
    Element(name="code", label="回答编号", most=CODE_LENGTH, source=_S),
    _names("leads_to", "接着问哪些问题（问题编号）"),
    _names("adds", "才要的材料"),
    _names("removes", "不用的材料"),
    _names("steps_added", "才有的环节"),
    _names("steps_removed", "没有的环节"),
    _names("fees_added", "才收的费用"),
    _names("fees_removed", "不收的费用"),
    Element(name="has_fee", label="这样办是否收费", kind=Kind.FLAG, source=_S),
    *_limit("promised", "这样办的承诺时限"),
    _names("form_parts", "要填的申请表部分"),
    Element(name="note", label="提醒的话", kind=Kind.TEXT, most=1000, source=_S),
    Element(name="refusal", label="不能办的，说明怎么办", kind=Kind.TEXT, most=1000, source=_S),
)


def question_cells(answer_cells: tuple[Element, ...], *, source: str) -> tuple[Element, ...]:
    """A question of 情形引导, whose answers have these cells."""
    return (
        Element(name="question", label="问题", needed=DONE, most=100, source=source),
        Element(name="code", label="问题编号", most=CODE_LENGTH, source=source),
        Element(name="help", label="怎样看是哪一种", most=400, source=source),
        Element(name="is_multiple", label="能不能选几个", kind=Kind.FLAG, source=source),
        Element(
            name="answers",
            label="回答",
            kind=Kind.ROWS,
            cells=answer_cells,
            needed=DONE,
            least=1,
            most=MOST_ANSWERS,
            source=source,
        ),
    )


SITUATIONS = Element(
    name="situations",
    label="情形",
    kind=Kind.ROWS,
    cells=question_cells(ANSWER_CELLS, source=_S),
    applies=APPLIED,
    most=MOST_QUESTIONS,
    source=_S,
)
HANDLING_CELLS = (
    Element(name="name", label="业务办理项名称", needed=DONE, most=100, source=_S),
    Element(name="kind", label="办理项类型", kind=Kind.CHOICE, codes=HandlingKind, needed=DONE, source=_S),
    Element(name="code", label="办理项序号", most=CODE_LENGTH, source="GB/T 39046 5.2"),
    Element(name="chosen_when", label="什么时候选这一项", most=200, source=_S),
    Element(name="form", label="申请表", most=100, source=_S),
    *_ours(_ITEMS_OWN[name] for name in OVERRIDES),
    SITUATIONS,
)
HALL_HANDLING_CELLS = (
    Element(name="code", label="业务办理项", needed=DONE, most=CODE_LENGTH, source=_S),
    Element(name="is_handled", label="本厅是否办理", kind=Kind.FLAG, needed=DONE, source=_S),
    Element(
        name="elsewhere",
        label="到哪里办",
        needed=DONE,
        when=When("is_handled", value=False, words="本厅不办时"),
        most=200,
        source=_S,
    ),
    *_limit("promised", "本厅的承诺时限"),
    Element(
        name="windows",
        label="这一项的办理窗口",
        kind=Kind.ROWS,
        cells=tuple(replace(cell, column=None, source=_S) for cell in WINDOW_CELLS),
        most=40,
        source=_S,
    ),
)
HANDLING = (
    Element(
        name="parent_code",
        label="所属主项的基本编码",
        most=12,
        source="GB/T 39046",
        applies=DONE,
    ),
    Element(
        name="handling_items",
        label="业务办理项",
        kind=Kind.ROWS,
        cells=HANDLING_CELLS,
        applies=APPLIED,
        most=MOST_HANDLING_ITEMS,
        source="GB/T 39046 5.2",
    ),
    SITUATIONS,
    Element(
        name="hall_handling",
        label="本厅的业务办理项",
        kind=Kind.ROWS,
        cells=HALL_HANDLING_CELLS,
        by=Filler.HALL,
        applies=APPLIED,
        most=MOST_HANDLING_ITEMS,
        source=_S,
    ),
)
# written on pages of their own; what a guide is made with, not what stands in it
LAYERS: Final = ("handling_items", "situations")
