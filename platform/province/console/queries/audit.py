"""The audit as an auditor may see it: all of the province, or of the halls within reach."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from foundation.errors import NotFound
from province.audit.models import AuditEntry
from province.audit.queries import EntryFilter, act_label, entries_matching, field_label, object_label, value_label
from province.audit.queries.acts import object_page
from province.console.queries.halls import hall_ids_in_reach, named_halls
from province.console.slots import NamedHall
from province.rights.actors import Actor
from province.rights.queries import may

READ = "audit.read"
PROVINCE_WORD = "省级"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in Chinese. ``address``: of the object's page, or ""."""

    entry: AuditEntry
    hall: str
    act: str
    kind: str
    address: str
    changes: Sequence[Change]


def entries_in_reach(by: Actor, asked: EntryFilter, *, hall: str = "") -> QuerySet[AuditEntry]:
    """The newest first. ``hall``: a part of a name or the beginning of a code, or 省级 for what belongs to no hall."""
    if hall == PROVINCE_WORD:
        asked = replace(asked, is_province=True)
    elif hall:
        asked = replace(asked, hall_ids=hall_ids_in_reach(by, READ, hall))
    found = entries_matching(asked)
    return found if may(by, READ) else found.filter(hall_id__in=hall_ids_in_reach(by, READ))


def entry_in_reach(by: Actor, entry_id: UUID) -> AuditEntry:
    """Raises NotFound."""
    entry = entries_in_reach(by, EntryFilter()).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("没有这条审计记录。")
    return entry


def entry_lines(entries: Iterable[AuditEntry]) -> Iterator[EntryLine]:
    """One query for the names of halls among some hundreds of entries."""
    for some in batched(entries, _AT_ONCE, strict=False):
        ids = {entry.hall_id for entry in some if entry.hall_id}
        ids |= {entry.object_id for entry in some if entry.object_type == "hall"}
        halls = named_halls(ids)
        for entry in some:
            yield _line(entry, halls)


def _line(entry: AuditEntry, halls: Mapping[UUID, NamedHall]) -> EntryLine:
    hall = halls.get(entry.hall_id) if entry.hall_id else None
    return EntryLine(
        entry,
        hall.name if hall else PROVINCE_WORD,
        act_label(entry.act),
        object_label(entry.object_type),
        _address(entry, halls),
        list(changes_in_words(entry)),
    )


def _address(entry: AuditEntry, halls: Mapping[UUID, NamedHall]) -> str:
    if entry.object_type == "hall" and (found := halls.get(entry.object_id)):
        return found.address
    route = object_page(entry.object_type)
    try:
        return reverse(route, args=[entry.object_id]) if route else ""
    except NoReverseMatch:
        # asked from a hall's host, which has no such pages
        return ""


def changes_in_words(entry: AuditEntry) -> Iterator[Change]:
    """A fact that is no pair of before and after stands as what came of it."""
    for name, value in entry.changes.items():
        before, after = value if isinstance(value, list) and len(value) == 2 else (None, value)  # noqa: PLR2004
        yield Change(
            field_label(name),
            value_label(entry.object_type, name, before),
            value_label(entry.object_type, name, after),
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
            str(entry.object_id),
            entry.reason,
            "；".join(f"{change.label}：{change.before} → {change.after}" for change in line.changes),
            entry.request_id,
            str(entry.pk),
        )


EXPORT_HEADINGS = ("时间", "操作人", "范围", "操作", "对象", "对象编号", "原因", "变更", "请求编号", "记录编号")
