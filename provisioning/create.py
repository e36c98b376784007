"""Make halls: everything below a division that has none yet, in batches, each in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from foundation.advisory_lock import hold_name
from foundation.errors import DomainError, NotFound
from foundation.events.operations import emit_event
from foundation.files.credentials import open_folders
from province.catalogue.operations.assignments import assign_to_new_halls
from province.halls.models import Division, Hall, HallDomain, HallKind
from province.halls.operations.registration import NewHall, register_halls
from province.halls.queries.naming import draw_slugs, hall_kind, hall_name
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.events import ROLLOUT_STARTED
from provisioning.models import HallSchema, HallTemplate, Rollout, RolloutStep
from provisioning.rollouts import (
    Report,
    Subject,
    add_steps,
    carries_out,
    join_rollout,
    run_rollout,
    starter_of,
)
from provisioning.states import StepState
from provisioning.templates import build_template, hall_script, hall_template
from standards.numbers.divisions import PREFIX_LENGTH
from tenants.portal.operations.columns import STARTING_COLUMNS, starting_script

# halls in one transaction. Each locks some 45 relations of a village: a server with the usual 64 locks a connection
# has room for two such batches at once
BATCH = 25


@dataclass(frozen=True, slots=True)
class PlannedHall:
    """A hall that would be made, and what it would be called."""

    division: Division
    kind: HallKind
    number: int
    slug: str

    @property
    def name(self) -> str:
        return hall_name(self.division, self.kind)

    @property
    def domain(self) -> str:
        return f"{self.slug}.{settings.BASE_DOMAIN}"


def planned_halls(*, under: str, kinds: Collection[HallKind] = ()) -> list[PlannedHall]:
    """What ``provision_halls`` would make now. Raises NotFound for an unknown code."""
    divisions = _divisions_without_hall(_division_at(under), kinds)
    waiting = RolloutStep.objects.filter(state=StepState.WAITING, hall=None)
    numbers = [*Hall.objects.aggregate(Max("number")).values(), *waiting.aggregate(Max("number")).values()]
    first = max(number or 0 for number in numbers) + 1
    ending = f".{settings.BASE_DOMAIN}"
    taken = {*Hall.objects.values_list("slug", flat=True), *waiting.values_list("slug", flat=True)}
    domains = HallDomain.objects.filter(domain__endswith=ending).values_list("domain", flat=True)
    taken |= {domain.removesuffix(ending) for domain in domains}
    slugs = draw_slugs([division for division, _ in divisions], taken)
    return [
        PlannedHall(division, kind, number, slug)
        for number, ((division, kind), slug) in enumerate(zip(divisions, slugs, strict=True), start=first)
    ]


def provision_halls(
    *, by: Actor, under: str, kinds: Collection[HallKind] = (), workers: int = 2, report: Report | None = None
) -> Rollout:
    """Make everything below ``under`` that has no hall yet; returns when it is done.

    A repeat carries on what was killed; two calls at once share the work.
    """
    _build_templates(kinds)
    return run_rollout(_plan(by=by, under=under, kinds=kinds), workers=workers, report=report)


@transaction.atomic
def start_rollout(*, by: Actor, under: str, kinds: Collection[HallKind] = ()) -> Rollout:
    """Make everything below ``under`` that has no hall yet, by a background task.
    ``provisioning.queries.rollout_progress`` tells how far it is."""
    rollout = _plan(by=by, under=under, kinds=kinds)
    emit_event(kind=ROLLOUT_STARTED, subject_id=rollout.id)
    return rollout


def carry_out(rollout_id: UUID, *, workers: int = 2) -> None:
    """Work on a rollout that somebody started, until it is done."""
    rollout = Rollout.objects.get(pk=rollout_id)
    _build_templates([HallKind(kind) for kind in rollout.kinds])
    run_rollout(rollout, workers=workers)


@transaction.atomic
def create_hall_schema(hall: Hall) -> None:
    """The empty schema of one hall whose row is there, and its line in the ledger."""
    _create_schemas([hall], {hall.kind: hall_template(hall.kind)}, with_columns=False)


@transaction.atomic
def _plan(*, by: Actor, under: str, kinds: Collection[HallKind]) -> Rollout:
    """The rollout with a step for every hall to be. Numbers and names are drawn by one process at a time."""
    require(by, "halls.manage")
    hold_name("plan halls")
    top = _division_at(under)
    rollout = join_rollout(by=by, act=Rollout.Act.PROVISION, under=top.code, kinds=kinds)
    has_step = set(rollout.steps.values_list("division_id", flat=True))
    add_steps(
        rollout,
        (
            Subject(one.division.pk, one.kind, one.number, one.slug)
            for one in planned_halls(under=under, kinds=kinds)
            if one.division.pk not in has_step
        ),
    )
    return rollout


def _division_at(code: str) -> Division:
    """By its 12 digits, or by those that are its own (420582)."""
    found = Division.objects.filter(code=code.ljust(12, "0"), valid_to=None).first()
    if found is None:
        message = f"没有代码为“{code}”的有效区划，请先载入区划或核对代码。"
        raise NotFound(message)
    return found


def _divisions_without_hall(top: Division, kinds: Collection[HallKind]) -> list[tuple[Division, HallKind]]:
    """Upper levels first: they get the plain names, and others inherit from them."""
    found = Division.objects.filter(
        code__startswith=top.prefix, valid_to=None, is_government=True, hall=None
    ).select_related("parent__parent")
    paired = [(division, kind) for division in found if (kind := hall_kind(division))]
    wanted = [one for one in paired if not kinds or one[1] in kinds]
    return sorted(wanted, key=lambda one: (PREFIX_LENGTH[one[0].level], one[0].code))


def _build_templates(kinds: Collection[HallKind]) -> None:
    for kind in kinds or HallKind:
        build_template(kind)


@carries_out(Rollout.Act.PROVISION, at_once=BATCH)
def _make_halls(rollout: Rollout, steps: Sequence[RolloutStep]) -> None:
    """Rows, schemas and keys of new halls, and their steps settled."""
    # two rollouts over one division wait for each other here, and the second finds the hall
    divisions = {
        division.pk: division
        for division in Division.objects.select_for_update(no_key=True)
        .filter(pk__in=[step.division_id for step in steps])
        .order_by("pk")
    }
    present = dict(Hall.objects.filter(division__in=divisions).values_list("division_id", "pk"))
    new = [
        NewHall(_valid(divisions[step.division_id]), HallKind(step.kind), step.number, step.slug)
        for step in steps
        if step.division_id not in present
    ]
    if new:
        halls = register_halls(by=starter_of(rollout), new=new, columns=_STARTING_NAMES)
        templates = {
            template.kind: template for template in HallTemplate.objects.filter(kind__in={one.kind for one in new})
        }
        _create_schemas(halls, templates, with_columns=True)
        open_folders(hall.folder for hall in halls)
        assign_to_new_halls(halls)
        present |= {hall.division_id: hall.pk for hall in halls}
    _settle(steps, present)


def _settle(steps: Sequence[RolloutStep], halls: Mapping[UUID, UUID]) -> None:
    """``halls``: of each division. Django's own way says a line of CASE for each step and field, which takes it as long
    as all that a batch enters into the registry."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE provisioning_rolloutstep AS step
            SET hall_id = made.hall_id, state = %s, finished_at = %s
            FROM unnest(%s::uuid[], %s::uuid[]) AS made(id, hall_id) WHERE step.id = made.id
            """,
            [StepState.DONE, timezone.now(), [one.pk for one in steps], [halls[one.division_id] for one in steps]],
        )


def _valid(division: Division) -> Division:
    if division.valid_to is not None:
        message = f"区划“{division.name}”已经撤销。"
        raise DomainError(message)
    return division


def _create_schemas(halls: Sequence[Hall], templates: dict[str, HallTemplate], *, with_columns: bool) -> None:
    # of an empty table no index is made by several processes, which PostgreSQL would work out for each anew
    scripts = ["SET LOCAL statement_timeout = 0;\nSET LOCAL max_parallel_maintenance_workers = 0;\n"]
    for hall in halls:
        scripts.append(hall_script(templates[hall.kind], hall.schema_name))
        if with_columns:
            scripts.append(starting_script(hall.kind, hall.schema_name))
    with connection.cursor() as cursor:
        cursor.execute("".join(scripts))
    HallSchema.objects.bulk_create(
        HallSchema(
            hall=hall,
            kind=hall.kind,
            digest=templates[hall.kind].digest,
            migrations=templates[hall.kind].migrations,
        )
        for hall in halls
    )


_STARTING_NAMES = {str(kind): {one.code: one.name for one in columns} for kind, columns in STARTING_COLUMNS.items()}
