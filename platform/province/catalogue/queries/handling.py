"""业务办理项 of items: which hold at a moment, and every way (情形) through one with the guide that it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from province.catalogue.models import HandlingItem, Item
from province.catalogue.queries.validity import version_at
from standards.items import BY_NAME
from standards.items.contradictions import contradictions_of
from standards.items.handling import handled, handling_row, is_handled_here, rows_of
from standards.items.layers import HandlingWay, ways_of
from standards.items.situations import NONE_OF_THEM, Situated, situations_of
from standards.items.words import as_written

type Values = Mapping[str, Any]

# in addresses: the handling item, and before the code of a question
DO = "do"
ASKED = "q"


@dataclass(frozen=True, slots=True)
class WayLine:
    """One way as the preview lists it. ``query``: the address of its guide, behind the question mark."""

    words: str
    materials: int
    limit: str
    fee: str
    refusals: tuple[str, ...]
    contradictions: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class ChosenGuide:
    """What counts for what somebody has chosen. ``row``: of the handling item, None where none was chosen;
    ``answers``: codes of questions -> codes of answers; ``situated``: with the questions that are still open."""

    values: dict[str, Any]
    row: Values | None
    answers: dict[str, tuple[str, ...]]
    situated: Situated

    @property
    def is_exact(self) -> bool:
        """Whether everything was answered that is asked."""
        return not self.situated.open_questions


def handling_items_at(item: Item, moment: datetime) -> list[HandlingItem]:
    """The handling items that hold at that moment: those of the version in force, in its order; none where there is
    none."""
    version = version_at(item, moment)
    codes = [str(row.get("code")) for row in rows_of(version.values, "handling_items")] if version else []
    known = {one.code: one for one in HandlingItem.objects.filter(item=item, code__in=codes)}
    return [known[code] for code in codes if code in known]


def chosen_guide(values: Values, asked: Mapping[str, Sequence[str]]) -> ChosenGuide:
    """What counts for what stands in an address (``do=02&q1=a&q2=b``). ``values`` are the item's as they count (in a
    hall: ``effective``). What is no handling item, question or answer there is taken as not said."""
    code = next(iter(asked.get(DO, ())), "")
    row = handling_row(values, code)
    if row is None or not is_handled_here(values, code):
        row = None
    together = handled(values, row) if row is not None else dict(values)
    has_choice = row is None and bool(rows_of(values, "handling_items"))
    situations = situations_of({} if has_choice else together)
    sent = {name.removeprefix(ASKED): given for name, given in asked.items() if name.startswith(ASKED)}
    answers = situations.known(sent)
    return ChosenGuide(together, row, answers, situations.apply(together, answers))


def words_of_choice(chosen: ChosenGuide) -> str:
    """What was chosen, in one line; "" where nothing was."""
    name = str(chosen.row.get("name") or "") if chosen.row else ""
    said = situations_of(chosen.values).words(chosen.answers)
    return " · ".join(word for word in (name, said) if word)


def query_of(code: str, answers: Mapping[str, Sequence[str]]) -> str:
    """The address of a guide, behind the question mark."""
    pairs = [(DO, code)] if code else []
    pairs += [(f"{ASKED}{name}", one) for name, chosen in answers.items() for one in (chosen or (NONE_OF_THEM,))]
    return urlencode(pairs)


def way_lines(values: Values) -> list[WayLine]:
    """Every way through the item, in the order of its handling items and questions. ``values``: with ``item_type``."""
    return [_line(way) for way in ways_of(values)]


def _line(way: HandlingWay) -> WayLine:
    values = way.values
    days = BY_NAME["promised_days"]
    has_fee = values.get("has_fee")
    fees = "、".join(str(row.get("name")) for row in rows_of(values, "fees"))
    return WayLine(
        words=way.words or "（没有办理项和情形，只有一种）",
        materials=len(rows_of(values, "materials")),
        limit=as_written(days, values.get("promised_days"), values),
        fee="" if has_fee is None else fees or "收费" if has_fee else "不收费",
        refusals=way.refusals,
        contradictions=(*(one.message for one in contradictions_of(values)), *way.conflicts),
        query=query_of(way.code, way.path.answers),
    )
