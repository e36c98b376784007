"""权责清单: what authorities do of their own motion, as lists to look through, as a page each and as a table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Collate

from province.catalogue.models import ItemVersion
from province.catalogue.queries.guide import GuideAnswer, GuidePart, guide_of
from standards.items import BY_NAME, Kind, Section, effective
from standards.items.codelists import ACTED, HONOURED, ItemType
from standards.items.elements.grounds import LAW_CELLS
from standards.items.power_codes import Grade
from standards.items.power_rules import range_words
from standards.items.words import as_written, citation, label_of

type Values = Mapping[str, Any]

# of a version what no list shows
_NOT_LISTED: Final = ("values", "search_words", "sounds", "facets", "item__values", "item__sounds", "item__editor_ids")
# the ledger's order, and what citizens call its parts
_ORDER: Final[Mapping[Section, str]] = {
    Section.SCOPE: "针对谁、什么情况",
    Section.GROUNDS: "权力依据",
    Section.DISCRETION: "裁量基准",
    Section.FEES: "征收标准",
    Section.PROCEEDING: "按什么程序",
    Section.DUTIES: "责任事项和追责情形",
    Section.REMEDY: "您的权利，不服怎么办、向谁投诉",
    Section.QUESTIONS: "咨询和常见问题",
    Section.PLACE: "向谁咨询",
    Section.BASICS: "基本信息",
}
# told by tables of their own
_TABLES: Final = frozenset({"penalty_ranges", "discretion"})
_AT_A_GLANCE: Final = (
    *("penalty_kinds", "coercion_kinds", "inspection_manners", "hold_days", "yearly_most", "award_kinds"),
    *("award_cycle", "award_notice_days", "subjects", "body_name", "consult", "complaints"),
)
# the columns of the table that people take along
_COLUMNS: Final = (
    *("laws", "subjects", "trigger", "penalty_kinds", "coercion_kinds", "award_kinds", "penalty_ranges", "discretion"),
    *("award_conditions", "award_cycle", "nomination", "proceeding", "award_notice_days", "award_withdrawal"),
    *("duties", "accountability", "party_rights", "reconsideration", "litigation", "body_name", "consult"),
    "complaints",
)
HEADINGS: Final = ("事项类型", "主管部门", "基本编码", "事项名称", *(BY_NAME[name].label for name in _COLUMNS))


@dataclass(frozen=True, slots=True)
class LedgerGrade:
    """One line of the discretion standard, in words; ``bounds`` is empty where nothing is counted."""

    situation: str
    grade: str
    of: str
    bounds: str
    measure: str
    source: str


@dataclass(frozen=True, slots=True)
class LedgerRange:
    """What the law allows for one offence, in words."""

    name: str
    bounds: str
    basis: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The page of a power of own motion: who may do what to whom, how far, in which steps, what they answer for, and
    what the party can do."""

    name: str
    type_label: str
    department: str
    code: str
    at_a_glance: tuple[GuideAnswer, ...]
    parts: tuple[GuidePart, ...]
    ranges: tuple[LedgerRange, ...]
    grades: tuple[LedgerGrade, ...]
    # given to somebody, and no burden upon them
    is_award: bool = False

    @property
    def sections(self) -> Iterator[tuple[str, str, GuidePart]]:
        """Anchor, heading and content of each part."""
        return ((part.anchor, _ORDER[part.section], part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class LedgerGroup:
    """A group of the ledger, with the number of its items: a type, or a department."""

    value: str
    label: str
    count: int


def ledger_of(item_type: str, values: Values, hall_values: Values | None = None) -> Ledger:
    """The page of an item of this type, which is one of ``ACTED``, as one hall handles it, or as the whole province
    does (without ``hall_values``)."""
    together = effective({"item_type": item_type, **values}, hall_values or {})
    guide = guide_of(item_type, values, hall_values)
    answers = {answer.name: answer for answer in guide.answers}
    found = {part.section: part for part in guide.parts}
    ranges = _rows(together, "penalty_ranges")
    units = {row.get("name"): row.get("unit") for row in ranges}
    return Ledger(
        name=guide.name,
        type_label=label_of(ItemType, item_type),
        department=str(together.get("department") or ""),
        code=str(together.get("basic_code") or ""),
        at_a_glance=tuple(answers[name] for name in _AT_A_GLANCE if name in answers),
        parts=tuple(_parts(found)),
        ranges=tuple(LedgerRange(_text(row, "name"), range_words(row), _text(row, "basis")) for row in ranges),
        grades=tuple(
            LedgerGrade(
                _text(row, "situation"),
                label_of(Grade, row["grade"]) if row.get("grade") else "",
                _text(row, "of"),
                range_words({**row, "unit": units.get(row.get("of"))}),
                _text(row, "measure"),
                _text(row, "source"),
            )
            for row in _rows(together, "discretion")
        ),
        is_award=item_type in HONOURED,
    )


def acted_versions(versions: QuerySet[ItemVersion]) -> QuerySet[ItemVersion]:
    """Of these versions those of what nobody applies for."""
    return versions.filter(item__item_type__in=ACTED)


def ledger_lines(
    versions: QuerySet[ItemVersion], *, words: str = "", item_type: str = "", department: str = ""
) -> QuerySet[ItemVersion]:
    """These versions, by type and then by the sound of their names, as far as name or code hold the words; of this type
    and department (its name), where they are given. An unknown type or department finds nothing."""
    found = versions
    if words:
        found = found.filter(Q(name__icontains=words) | Q(item__basic_code__startswith=words))
    if item_type:
        found = found.filter(item__item_type=item_type)
    if department:
        found = found.filter(department__name=department)
    return (
        found.select_related("item", "department")
        .defer(*_NOT_LISTED)
        .order_by("item__item_type", Collate("sounds", "C"), "pk")
    )


def ledger_groups(versions: QuerySet[ItemVersion]) -> tuple[list[LedgerGroup], list[LedgerGroup]]:
    """The types and the departments of these versions, each with its number of items: two queries."""
    types = versions.order_by("item__item_type").values_list("item__item_type").annotate(number=Count("pk"))
    offices = versions.order_by("department__name").values_list("department__name").annotate(number=Count("pk"))
    return (
        [LedgerGroup(code, label_of(ItemType, code), number) for code, number in types],
        [LedgerGroup(name, name, number) for name, number in offices],
    )


def ledger_rows(items: Iterable[tuple[ItemVersion, Values]]) -> Iterator[list[str]]:
    """The cells of ``HEADINGS`` for each version with its values, the province's and a hall's together."""
    for version, values in items:
        head = [label_of(ItemType, version.item.item_type), version.department.name, version.item.basic_code]
        yield [*head, version.name, *(_cell(name, values) for name in _COLUMNS)]


def _parts(found: Mapping[Section, GuidePart]) -> Iterator[GuidePart]:
    for section in _ORDER:
        part = found.get(section)
        if part is not None:
            kept = tuple(answer for answer in part.answers if answer.name not in _TABLES)
            if kept or section is Section.DISCRETION:
                yield GuidePart(section, kept)


def _rows(values: Values, name: str) -> list[Values]:
    rows = values.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(row: Values, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _cell(name: str, values: Values) -> str:
    element = BY_NAME[name]
    if element.kind is not Kind.ROWS:
        return as_written(element, values.get(name), values)
    rows = _rows(values, name)
    if element.cells is LAW_CELLS:
        return "\n".join(citation(row) for row in rows)
    units = {row.get("name"): row.get("unit") for row in _rows(values, "penalty_ranges")}
    lines = []
    for row in rows:
        bounds = range_words({**row, "unit": row.get("unit") or units.get(row.get("of"))}) if name in _TABLES else ""
        left = ("least", "most", "unit") if name in _TABLES else ("unit",)
        told = [as_written(cell, row.get(cell.name), row) for cell in element.cells if cell.name not in left]
        lines.append("；".join(one for one in (*told, bounds) if one))
    return "\n".join(lines)
