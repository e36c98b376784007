"""Elements that the province has added (扩展要素): as they stand in the definition now or stood at a moment, and what a
change of them would do. The definition's code lists that the province keeps (一件事) are read with them, always as they
are now.

Every process keeps their rows under the generation that they were read with: one query a request or task says whether
they are still the newest, however many elements there are.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from celery.signals import task_prerun
from django.core.signals import request_started
from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone

from foundation.errors import NotFound
from foundation.written import rows_once
from province.catalogue.models import ElementGeneration, ExtraElement, HallItem, ItemVersion, LifeEvent
from province.catalogue.states import ExtraKind, VersionState
from standards.items import ELEMENTS, Element, Filler, Kind, NationalColumn, Section, Table, When
from standards.items.codelists import ItemType
from standards.items.live import (
    Additions,
    ListedCode,
    additions,
    forget_additions,
    read_additions_by,
    with_additions,
)
from standards.items.themes import LIFE_EVENTS
from standards.items.values import Report, check_value, is_blank

_KINDS: Final[Mapping[str, tuple[Kind, int]]] = {
    ExtraKind.LINE: (Kind.LINE, 200),
    ExtraKind.TEXT: (Kind.TEXT, 4_000),
    ExtraKind.NUMBER: (Kind.NUMBER, 999_999_999),
    ExtraKind.DAY: (Kind.DAY, 0),
    ExtraKind.FLAG: (Kind.FLAG, 0),
    ExtraKind.CHOICE: (Kind.CHOICE, 0),
    ExtraKind.CHOICES: (Kind.CHOICES, 60),
    ExtraKind.LINK: (Kind.LINK, 500),
}
_CONDITIONS: Final = frozenset({Kind.FLAG, Kind.CHOICE, Kind.CHOICES})
_FLAGS: Final = {"true": "是", "false": "否"}
_MOST_NAMED: Final = 20


@dataclass(slots=True)
class _Kept:
    """What a process has read, and of which generation (None: nobody has changed anything yet); ``days``: what is made
    of it, by the day for which."""

    mark: UUID | None
    rows: tuple[ExtraElement, ...]
    lists: Mapping[str, tuple[ListedCode, ...]]
    days: dict[date, Additions] = field(default_factory=dict)

    def on(self, day: date) -> Additions:
        if day not in self.days:
            self.days[day] = _additions(self.rows, self.lists, day, (self.mark, day) if self.mark else None)
        return self.days[day]


@dataclass(frozen=True, slots=True)
class ElementEffects:
    """What is published and would become incomplete, as soon as the element is needed. ``names``: of the first of these
    items. ``halls``: guides of halls that lack it, where halls fill it in: what they say the province does not see."""

    items: int = 0
    names: tuple[str, ...] = ()
    halls: int = 0

    @property
    def count(self) -> int:
        return self.items + self.halls


_kept: list[_Kept] = []


def follow_additions() -> None:
    """Have the definition read its additions here, anew in every request and task. Called once, at the start."""
    read_additions_by(read_additions)
    for signal in (request_started, task_prerun):
        signal.connect(_begin, weak=False, dispatch_uid="catalogue.additions")


def read_additions() -> Additions:
    """The definition's additions of today: one query, and two others where they were changed since."""
    return _newest().on(timezone.localdate())


def as_defined_at(*moments: datetime) -> AbstractContextManager[None]:
    """Read items by the definition of these moments, at which their parts were submitted: an element that one of the
    moments knew is shown. No query beside the one by which the request knows the definition."""
    now = additions()
    if now.mark is None:
        return nullcontext()
    kept = _newest_of(now)
    parts = [kept.on(timezone.localdate(moment)) for moment in sorted(moments)]
    asked = {one.name: one for part in parts for one in part.asked}
    known = {**now.known, **{name: one for part in parts for name, one in part.known.items()}, **asked}
    return with_additions(Additions(tuple(asked.values()), known, kept.lists, (kept.mark, *moments)))


def extra_elements() -> list[ExtraElement]:
    """The newest revision of each, those in use before those that have ended."""
    newest: dict[str, ExtraElement] = {}
    for row in ExtraElement.objects.order_by("name", "revision"):
        newest[row.name] = row
    return sorted(newest.values(), key=lambda row: (row.ends_on is not None, row.starts_on, row.name))


def revisions_of(name: str) -> list[ExtraElement]:
    """The newest first. Raises NotFound."""
    found = list(ExtraElement.objects.filter(name=name).order_by("-revision"))
    if not found:
        raise NotFound("没有这个扩展要素。")
    return found


def element_of(row: ExtraElement, day: date | None) -> Element:
    """The row as an element of the definition, needed as it is on that day; None: when it is needed at last."""
    kind, most = _KINDS[row.kind]
    is_over = day is not None and row.ends_on is not None and row.ends_on <= day
    is_needed = row.needed_from is not None and (day is None or row.needed_from <= day) and not is_over
    types = frozenset(ItemType(one) for one in row.item_types)
    return Element(
        name=row.name,
        label=row.label,
        kind=kind,
        by=Filler(row.filler),
        applies=types,
        needed=types if is_needed else frozenset(),
        when=_when(row),
        column=NationalColumn(Table.EXTEND, row.name),
        codes=_codes(row) if row.options else None,
        most=most,
        unit=row.unit,
        section=Section(row.section),
        help=row.help,
        is_hidden=row.is_hidden,
        source="本省扩展",
    )


def effects_of(row: ExtraElement) -> ElementEffects:
    """What would be incomplete if the row held and were needed: one query over what is published and one over halls."""
    if row.needed_from is None and row.revision == 1:
        return ElementEffects()
    element = element_of(row, None)
    if element.by is Filler.HALL:
        shown = HallItem.objects.filter(guide_id__isnull=False, item__item_type__in=row.item_types)
        return ElementEffects(halls=shown.count() if element.needed else 0)
    standing = Q(valid_to=None) | Q(valid_to__gt=timezone.now())
    versions = ItemVersion.objects.filter(standing, state=VersionState.PUBLISHED, item__item_type__in=row.item_types)
    lines = versions.order_by("name").values_list("item_id", "name", "item__item_type", "values")
    found = {item_id: name for item_id, name, item_type, values in lines if _is_unfit(element, item_type, values)}
    return ElementEffects(len(found), tuple(found.values())[:_MOST_NAMED])


def conditions() -> Iterator[tuple[Element, list[tuple[str, str]]]]:
    """The elements on whose value another one's need may hang, each with its values and their labels."""
    for element in ELEMENTS:
        if element.kind in _CONDITIONS and element.by is not Filler.PLATFORM:
            yield element, values_of(element)


def values_of(element: Element) -> list[tuple[str, str]]:
    """The values of a yes or no, or of a code list, each with its label."""
    if element.kind is Kind.FLAG:
        return list(_FLAGS.items())
    return [(str(value), str(label)) for value, label in element.codes.choices] if element.codes else []


def needed_words(row: ExtraElement) -> str:
    """When it must be filled in, as people say it."""
    if row.needed_from is None:
        return "选填"
    when = _when(row)
    words = f"{when.words}必填" if when else "必填"
    return words if row.needed_from == row.starts_on else f"{words}（{row.needed_from:%Y-%m-%d} 起）"


def _begin(**_: object) -> None:
    forget_additions()


def _newest_of(held: Additions) -> _Kept:
    """The rows of which these were made, which this process has read for it."""
    kept = _kept[0] if _kept else None
    if kept is not None and held in kept.days.values():
        return kept
    return _newest()


def _newest() -> _Kept:
    mark = next((mark for (mark,) in rows_once(_marks)), None)
    if not _kept or _kept[0].mark != mark:
        rows = tuple(ExtraElement.objects.order_by("starts_on", "name", "revision"))
        events = tuple(event.listed for event in LifeEvent.objects.order_by("place", "code"))
        _kept[:] = [_Kept(mark, rows, {LIFE_EVENTS.__name__: events})]
    return _kept[0]


def _marks() -> QuerySet[ElementGeneration, tuple[UUID]]:
    return ElementGeneration.objects.order_by("pk").values_list("mark")[:1]


def _additions(
    rows: tuple[ExtraElement, ...],
    lists: Mapping[str, tuple[ListedCode, ...]],
    day: date,
    mark: tuple[UUID, date] | None,
) -> Additions:
    begun = [row for row in rows if row.starts_on <= day and (row.ends_on is None or row.starts_on < row.ends_on)]
    known = {row.name: element_of(row, day) for row in sorted(begun, key=lambda row: row.revision)}
    asked = [known[row.name] for row in begun if row.ends_on is None or row.ends_on > day]
    return Additions(tuple(asked), known, lists, mark)


def _codes(row: ExtraElement) -> type[TextChoices]:
    members = {f"CODE_{code}": (code, label) for code, label in row.options}
    made: type[TextChoices] = TextChoices(f"Extra_{row.name}", members)  # type: ignore[call-overload]  # of data
    return made


def _when(row: ExtraElement) -> When | None:
    return When(row.when_element, row.when_value, row.when_words) if row.when_element else None


def _is_unfit(element: Element, item_type: str, values: Mapping[str, Any]) -> bool:
    value = values.get(element.name)
    if is_blank(value):
        return element.is_needed(item_type, {"item_type": item_type, **values})
    report = Report()
    check_value(element, value, item_type=item_type, where=element.name, words="", report=report)
    return bool(report.faults)
