"""Bring a hall's rows of the registry back out of an archive. Its schema and its files are provisioning's."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Model

from foundation.errors import Conflict
from foundation.events.operations import emit_event
from province.halls.events import HALL_RESTORED
from province.halls.models import Division, DivisionCode, Hall, HallDomain, HallFigures, HallGeneration
from province.halls.queries.prefixes import prefixes_of

# of a hall's row: what the province decides of it, and no archive
_DECIDED_ABOVE = (
    *("number", "schema_name", "division_id", "prefixes"),
    *("state", "resumes_as", "suspended_at", "suspended_until", "state_reason", "successor_id"),
)


@transaction.atomic
def restore_hall_rows(rows: Sequence[Model]) -> Hall:
    """Write the one hall among these rows as it was archived, with its divisions, domains, figures and generation.

    A division that is here already stays as it is, with its codes. A hall that is here keeps what the province has
    decided of it since: its number, its schema's name, its division with the prefixes by which pushes find it, its
    state and its successor. Who keeps what halls report hears of it.

    Raises Conflict where another hall has this one's division, prefix or domain. The caller has asked for the right,
    holds the lock of those who plan halls, replaces the schema in the same transaction and records the act.
    """
    [archived] = [row for row in rows if isinstance(row, Hall)]
    return _restore_registry(rows, archived, _restore_divisions(rows))


def _restore_divisions(rows: Iterable[Model]) -> dict[UUID, UUID]:
    """What is there stays; what lacks is added with its codes. Returns archived id -> id here."""
    ids: dict[UUID, UUID] = {}
    added = set()
    for row in rows:
        if isinstance(row, Division):
            here = Division.objects.filter(pk=row.pk) | Division.objects.filter(code=row.code, valid_to=None)
            found = here.first()
            ids[row.pk] = found.pk if found else row.pk
            if found is None:
                row.parent_id = ids[row.parent_id] if row.parent_id else None
                row.save(force_insert=True)
                added.add(row.pk)
        # a code that lacks in a division that is here was taken from it
        elif isinstance(row, DivisionCode) and row.division_id in added:
            DivisionCode.objects.bulk_create([row], ignore_conflicts=True)
    return ids


def _restore_registry(rows: Iterable[Model], archived: Hall, divisions: dict[UUID, UUID]) -> Hall:
    present = Hall.objects.select_for_update().filter(pk=archived.pk).first()
    archived.division_id = divisions[archived.division_id]
    if archived.successor_id and not Hall.objects.filter(pk=archived.successor_id).exists():
        archived.successor_id = None
    if present:
        for name in _DECIDED_ABOVE:
            setattr(archived, name, getattr(present, name))
    else:
        archived.prefixes = prefixes_of(Division.objects.get(pk=archived.division_id))
    if present is None and Hall.objects.filter(number=archived.number).exists():
        archived.number = (Hall.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        archived.schema_name = f"hall_{archived.number:06d}"
    domains = [row for row in rows if isinstance(row, HallDomain)]
    _refuse_taken(archived, domains)
    # Django's own: TenantMixin's save would look for a schema to make
    archived.save_base(force_insert=present is None, force_update=present is not None)
    HallDomain.objects.filter(tenant=archived).delete()
    HallDomain.objects.bulk_create(domains)
    for row in rows:
        if isinstance(row, HallFigures):
            row.save()
        elif isinstance(row, HallGeneration):
            _restore_generation(row)
    emit_event(kind=HALL_RESTORED, subject_id=archived.pk, hall_id=archived.pk)
    return Hall.objects.select_related("division").get(pk=archived.pk)


def _restore_generation(row: HallGeneration) -> None:
    """Later than any that a cached page may bear, here or in the archive."""
    present = HallGeneration.objects.filter(hall_id=row.hall_id).first()
    row.generation = max(row.generation, present.generation if present else 0) + 1
    row.save()


def _refuse_taken(archived: Hall, domains: Iterable[HallDomain]) -> None:
    others = Hall.objects.exclude(pk=archived.pk)
    if other := others.filter(division_id=archived.division_id).first():
        message = f"这个区划已有另一个服务厅“{other.name}”。"
        raise Conflict(message)
    if other := others.filter(slug=archived.slug).first():
        message = f"域名前缀“{archived.slug}”已由“{other.name}”使用。"
        raise Conflict(message)
    for domain in domains:
        taken = HallDomain.objects.exclude(tenant_id=archived.pk).filter(domain=domain.domain).first()
        if taken:
            message = f"域名“{domain.domain}”已由“{taken.tenant.name}”使用。"
            raise Conflict(message)
