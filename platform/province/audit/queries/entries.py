"""Which entries there are. Who may see them, the apps above decide."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone

from foundation.rows import Uuid7Step, first_id_at, step_of
from province.audit.models import AuditEntry

# by it, and by the hall, entries are found; their ids say the rest
_STEP: Final = Uuid7Step("id")
_SAME = ("actor_id", "actor_name", "acting_for_id", "act", "object_type")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What an auditor asks for; what is empty asks for nothing.

    ``person``: a part of the name of the person who acted, or in whose place. ``hall_ids``: None is every hall and the
    province; a query of ids will do. ``run``: ids of the newest and the oldest of equal acts of one person; all between
    the two. ``hall_id``: the only hall; found sooner than one of ``hall_ids``. ``since_on`` and ``until_on`` are both
    included.
    """

    person: str = ""
    acts: Collection[str] = field(default=())
    object_types: Collection[str] = field(default=())
    object_id: UUID | None = None
    run: tuple[UUID, UUID] | None = None
    hall_id: UUID | None = None
    hall_ids: Collection[UUID] | QuerySet[Any, Any] | None = None
    is_province: bool = False
    since_on: date | None = None
    until_on: date | None = None


def entries_about(object_id: UUID) -> QuerySet[AuditEntry]:
    """Everything that was done to one object, oldest first."""
    return AuditEntry.objects.filter(object_id=object_id).order_by("id")


def entries_about_person(person_id: UUID) -> QuerySet[AuditEntry]:
    """Who saw or changed what is kept about this person, and what was done in their place; the newest first."""
    about = Q(person_id=person_id) | Q(object_id=person_id) | Q(acting_for_id=person_id)
    return AuditEntry.objects.filter(about).order_by("-id")


def entries_matching(asked: EntryFilter) -> QuerySet[AuditEntry]:
    """The newest first."""
    entries = AuditEntry.objects.order_by("-id")
    if asked.person:
        entries = entries.filter(Q(actor_name__icontains=asked.person) | Q(acting_for_name__icontains=asked.person))
    if asked.acts:
        entries = entries.filter(act__in=asked.acts)
    if asked.object_types:
        entries = entries.filter(object_type__in=asked.object_types)
    if asked.object_id:
        entries = entries.filter(object_id=asked.object_id)
    if asked.run:
        entries = _of_run(entries, *asked.run)
    entries = _of_halls(entries, asked)
    if asked.since_on:
        begins_at = timezone.make_aware(datetime.combine(asked.since_on, time.min))
        begun = first_id_at(begins_at.timestamp())
        entries = entries.filter(GreaterThanOrEqual(_STEP, step_of(begun)), id__gte=begun)
    if asked.until_on:
        # the last moment of the day: behind the calendar's last day there is no midnight
        ends_at = timezone.make_aware(datetime.combine(asked.until_on, time.max))
        last = first_id_at(ends_at.timestamp() + 0.001)
        entries = entries.filter(LessThanOrEqual(_STEP, step_of(last)), id__lt=last)
    return entries


def _of_halls(entries: QuerySet[AuditEntry], asked: EntryFilter) -> QuerySet[AuditEntry]:
    if asked.is_province:
        return entries.filter(hall_id=None)
    if asked.hall_id:
        # the same order, as the index of a hall has it
        return entries.filter(hall_id=asked.hall_id).order_by(_STEP.desc(), "-id")
    return entries if asked.hall_ids is None else entries.filter(hall_id__in=asked.hall_ids)


def is_same_act(one: AuditEntry, other: AuditEntry) -> bool:
    """Whether the same person did the same to the same kind of thing."""
    return all(getattr(one, name) == getattr(other, name) for name in _SAME)


def _of_run(entries: QuerySet[AuditEntry], newest_id: UUID, oldest_id: UUID) -> QuerySet[AuditEntry]:
    ends = AuditEntry.objects.in_bulk([newest_id, oldest_id])
    if len(ends) != len({newest_id, oldest_id}):
        return entries.none()
    newest, oldest = ends[newest_id], ends[oldest_id]
    same = {name: getattr(newest, name) for name in _SAME}
    return entries.filter(id__range=(oldest.id, newest.id), **same)
