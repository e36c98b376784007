"""The audit as an auditor may see it: all of the province, or of the halls within reach."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import batched
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.lookups import LessThanOrEqual
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from foundation.errors import NotFound
from foundation.rows import Uuid7Step, step_of
from province.audit.models import AuditEntry
from province.audit.queries import EntryFilter, act_label, entries_matching, field_label, object_label, value_label
from province.audit.queries.acts import NamedValues, object_page
from province.audit.queries.entries import is_same_act
from province.audit.queries.names import names_in
from province.console.queries.halls import hall_ids_in_reach, named_halls
from province.console.slots import NamedHall
from province.rights.actors import Actor
from province.rights.queries import may

READ = "audit.read"
PROVINCE_WORD = "省级"
_AT_ONCE = 500
# lines of a page of the table, and how many entries it reads for them at most
LINES = 50
_MOST_READ = 5_000
# equal acts of one person are one line from so many on, where no longer time lies between two of them
LEAST_FOLDED = 3
_FOLDED_WITHIN = timedelta(minutes=10)
# of folded entries, so many are shown in place; the others in a list of their own
_SHOWN_OF_RUN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in Chinese. ``name`` and ``address`` are those of its object and of its page, "" where there is none."""

    entry: AuditEntry
    hall: str
    act: str
    kind: str
    name: str
    address: str
    changes: Sequence[Change]


@dataclass(slots=True)
class _Run:
    """Equal acts of one person, the newest first; ``entries`` holds the first of them only."""

    entries: list[AuditEntry]
    oldest: AuditEntry
    halls: set[UUID | None]
    count: int = 1

    def takes(self, entry: AuditEntry) -> bool:
        """Whether the entry, older than all that are here, belongs to them."""
        is_near = self.oldest.created_at - entry.created_at <= _FOLDED_WITHIN
        return is_near and is_same_act(self.oldest, entry)

    def add(self, entry: AuditEntry) -> None:
        self.oldest = entry
        self.halls.add(entry.hall_id)
        self.count += 1
        if self.count <= _SHOWN_OF_RUN:
            self.entries.append(entry)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of the table. ``folded``: where it stands for several equal acts, the first of them, ``line`` among
    these; ``count`` and ``halls``: of all of them; ``oldest``: the last of them."""

    line: EntryLine
    count: int = 1
    halls: int = 1
    folded: Sequence[EntryLine] = ()
    oldest: AuditEntry | None = None


@dataclass(frozen=True, slots=True)
class TablePage:
    """``after``: the id of the entry behind which the next page begins; None on the last one."""

    lines: Sequence[TableLine] = field(default_factory=list)
    after: UUID | None = None


def entries_in_reach(by: Actor, asked: EntryFilter, *, hall: str = "") -> QuerySet[AuditEntry]:
    """The newest first. ``hall``: a part of a name or the beginning of a code, or 省级 for what belongs to no hall."""
    if hall == PROVINCE_WORD:
        found = entries_matching(replace(asked, is_province=True))
        return found if may(by, READ) else found.none()
    if not hall and may(by, READ):
        return entries_matching(asked)
    halls = hall_ids_in_reach(by, READ, hall)
    some = list(halls.values_list("pk", flat=True)[:2])
    asked = replace(asked, hall_id=some[0]) if len(some) == 1 else replace(asked, hall_ids=halls)
    return entries_matching(asked)


def entry_in_reach(by: Actor, entry_id: UUID) -> AuditEntry:
    """Raises NotFound."""
    entry = entries_in_reach(by, EntryFilter()).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("没有这条审计记录。")
    return entry


def older_than(entries: QuerySet[AuditEntry], entry_id: UUID | None) -> QuerySet[AuditEntry]:
    """Those of them that are older than this one; all of them where there is none of this id."""
    last = AuditEntry.objects.filter(pk=entry_id).first() if entry_id else None
    if last is None:
        return entries
    return entries.filter(LessThanOrEqual(Uuid7Step("pk"), step_of(last.pk)), pk__lt=last.pk)


def table_page(entries: QuerySet[AuditEntry], *, after: UUID | None = None, is_folded: bool = True) -> TablePage:
    """One page of the table, the newest first; ``after``: as the page before says, nonsense begins anew.

    300 equal acts of one person within one run are one line. Reads 5,000 entries at most, whatever there is.
    """
    entries = older_than(entries, after)
    runs: list[_Run] = []
    read: AuditEntry | None = None
    for number, entry in enumerate(entries[: _MOST_READ + 1].iterator(_AT_ONCE)):
        run = next((one for one in reversed(runs) if one.takes(entry)), None) if is_folded else None
        if number == _MOST_READ or (run is None and len(runs) == LINES):
            return TablePage(_table_lines(runs), read.pk if read else None)
        if run is None:
            runs.append(_Run([entry], entry, {entry.hall_id}))
        else:
            run.add(entry)
        read = entry
    return TablePage(_table_lines(runs))


def _table_lines(runs: Sequence[_Run]) -> list[TableLine]:
    shown = iter(list(entry_lines(entry for run in runs for entry in run.entries)))
    found: list[TableLine] = []
    for run in runs:
        lines = [next(shown) for _ in run.entries]
        if run.count >= LEAST_FOLDED:
            found.append(TableLine(lines[0], run.count, len(run.halls), lines, run.oldest))
        else:
            found += [TableLine(line) for line in lines]
    return sorted(found, key=lambda one: one.line.entry.pk, reverse=True)


def entry_lines(entries: Iterable[AuditEntry]) -> Iterator[EntryLine]:
    """The names among some hundreds of entries take one query for halls, and one for each other kind of thing."""
    for some in batched(entries, _AT_ONCE, strict=False):
        ids = {entry.hall_id for entry in some if entry.hall_id}
        ids |= {entry.object_id for entry in some if entry.object_type == "hall"}
        halls, named = named_halls(ids), names_in(some)
        for entry in some:
            yield _line(entry, halls, named)


def _line(entry: AuditEntry, halls: Mapping[UUID, NamedHall], named: NamedValues) -> EntryLine:
    hall = halls.get(entry.hall_id) if entry.hall_id else None
    return EntryLine(
        entry,
        hall.name if hall else PROVINCE_WORD,
        act_label(entry.act),
        object_label(entry.object_type),
        _name(entry, halls, named),
        _address(entry, halls),
        list(changes_in_words(entry, named)),
    )


def _name(entry: AuditEntry, halls: Mapping[UUID, NamedHall], named: NamedValues) -> str:
    if entry.object_type == "hall" and (found := halls.get(entry.object_id)):
        return found.name
    return named.objects.get((entry.object_type, entry.object_id), "")


def _address(entry: AuditEntry, halls: Mapping[UUID, NamedHall]) -> str:
    if entry.object_type == "hall" and (found := halls.get(entry.object_id)):
        return found.address
    route = object_page(entry.object_type)
    try:
        return reverse(route, args=[entry.object_id]) if route else ""
    except NoReverseMatch:
        # asked from a hall's host, which has no such pages
        return ""


def changes_in_words(entry: AuditEntry, named: NamedValues) -> Iterator[Change]:
    """A fact that is no pair of before and after stands as what came of it."""
    for name, value in entry.changes.items():
        before, after = value if isinstance(value, list) and len(value) == 2 else (None, value)  # noqa: PLR2004
        yield Change(
            field_label(name, entry.act),
            value_label(entry.object_type, name, before, named, act=entry.act),
            value_label(entry.object_type, name, after, named, act=entry.act),
        )


def export_rows(entries: Iterable[AuditEntry]) -> Iterator[tuple[str, ...]]:
    for line in entry_lines(entries):
        entry = line.entry
        yield (
            timezone.localtime(entry.created_at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.shown_actor,
            line.hall,
            line.act,
            line.kind,
            line.name,
            str(entry.object_id),
            entry.reason,
            "；".join(f"{change.label}：{change.before} → {change.after}" for change in line.changes),
            entry.request_id,
            str(entry.pk),
        )


EXPORT_HEADINGS = ("时间", "操作人", "范围", "操作", "对象", "名称", "对象编号", "原因", "变更", "请求编号", "记录编号")
