"""What cases are measured in: one item that a county and a township take, their people, true cases made by the
operations, and as many more as are wanted, each a copy of a true one under ids, numbers and people of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from benchmarks.measuring import say
from config.demo.applicants import applicant
from foundation import schemas
from province.cases.models import CaseApplicant
from province.cases.states import ApplicantNature, CaseChannel, CaseOutcome
from province.halls.models import Hall
from province.people.operations.units import create_unit
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.queries import system_actor
from province.rights.roles import Role
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case, note_materials
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.setups import SetupWish, change_setup, open_setup, set_up_cases
from tenants.casework.states import MaterialState
from tenants.workflow.models import Form
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.forms import open_form, publish_form
from tenants.workflow.queries.filled import FormFiller
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.halls import make_person

COUNTY: Final = "640104000000"
UNITS: Final = 16
# a statement has its time
_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class CaseWorld:
    """``officers``: one for each department of the county; ``clerk``: of its window, who sees the whole hall."""

    hall: Hall
    setup: CaseSetup
    clerk: Actor
    leader: Actor
    officers: list[Actor]


def make_world() -> CaseWorld:
    """The item is one that no law of licences holds for, so that its only document is that of the result."""
    hall = Hall.objects.select_related("division").get(division__code=COUNTY)
    make_person("zhao", "赵", Role.PROVINCE_OPERATOR)
    make_person("qian", "钱", Role.PROVINCE_OPERATOR)
    for name, role in (("sun", Role.HALL_EDITOR), ("li", Role.HALL_EDITOR), ("he", Role.HALL_ADMINISTRATOR)):
        make_person(name, name, role, hall)
    item = make_item(item_type="07", case_type=CaseType.PROMISED)
    adoption = make_shown(hall, make_published(item))
    hall.refresh_from_db()
    with schemas.enter(hall.schema_name):
        setup = _opened(hall, adoption.item_id)
    clerk = actor_of(make_person("cao", "曹", Role.WINDOW_CLERK, hall))
    leader = actor_of(make_person("liu", "刘", Role.APPROVING_LEADER, hall))
    return CaseWorld(hall, setup, clerk, leader, [_officer(hall, place) for place in range(UNITS)])


def _opened(hall: Hall, item_id: UUID) -> CaseSetup:
    by = system_actor("评测")
    setup = set_up_cases(by=by, hall=hall, item_id=item_id)
    form = Form.objects.get(pk=setup.form_id)
    publish_form(by=by, hall=hall, form_id=form.pk, revision=form.revision)
    open_form(by=by, hall=hall, form_id=form.pk, is_open=True)
    wish = SetupWish(is_online=True, review_body="人民政府", court="人民法院")
    setup = change_setup(by=by, hall=hall, setup_id=setup.pk, revision=setup.revision, wish=wish)
    return open_setup(by=by, hall=hall, setup_id=setup.pk, revision=setup.revision)


def _officer(hall: Hall, place: int) -> Actor:
    unit = create_unit(by=system_actor("评测"), hall_id=hall.pk, name=f"第{place}科", prefix=hall.prefixes[-1])
    account = make_person(f"officer{place}", f"办件员{place}", Role.HANDLER, hall)
    account.positions.update(unit_id=unit.pk, reach="unit")
    return actor_of(account)


def apply(world: CaseWorld, place: int, *, by: Actor | None = None) -> Case:
    """Somebody comes to the window."""
    who = FormFiller(by or world.clerk)
    filled = begin_application(
        who=who, hall=world.hall, setup_id=world.setup.pk, channel=CaseChannel.WINDOW, is_another=True
    )
    saved = save_filling(
        who=who, hall=world.hall, filled_id=filled.pk, posted=applicant(place), revision=filled.revision
    )
    send_filling(who=who, hall=world.hall, filled_id=filled.pk, revision=saved.filled.revision)
    return Case.objects.get(filled=filled)


def accept(world: CaseWorld, case: Case) -> None:
    states = {one.pk: MaterialState.GIVEN for one in case.materials.all()}
    note_materials(by=world.clerk, hall=world.hall, case_id=case.pk, states=states)
    accept_case(by=world.clerk, hall=world.hall, case_id=case.pk)


def finish(world: CaseWorld, case: Case) -> None:
    """From receipt to the archive."""
    accept(world, case)
    decide_case(by=world.leader, hall=world.hall, case_id=case.pk, outcome=CaseOutcome.GRANTED, reasons="")
    serve_decision(by=world.clerk, hall=world.hall, case_id=case.pk, way="window", proof="本人签收")
    archive_case(by=world.clerk, hall=world.hall, case_id=case.pk)


def copy_cases(world: CaseWorld, pattern: Case, number: int, *, since: int, until: int) -> None:
    """So many cases more that are as this one, spread from so many days ago until so many; departments and officers by
    turns. Names of their applicants cannot be opened: an encrypted column is bound to its row. In the hall's schema."""
    say(f"  {number:,} cases that are {pattern.get_state_display()} …")
    with connection.cursor() as cursor:
        for first in range(0, number, _AT_ONCE):
            last = min(number, first + _AT_ONCE) - 1
            facts = {"first": first, "last": last, "all": number, "until": until, "days": since - until}
            cursor.execute(_IDS, facts)
            for table, condition, changed in _TABLES:
                _copy(cursor, table, condition, changed | _people(table, world), pattern)
            cursor.execute("DROP TABLE copied")


_IDS: Final = """
    CREATE TEMPORARY TABLE copied ON COMMIT PRESERVE ROWS AS
    SELECT one, uuidv7(moved.by) AS case_id, uuidv7(moved.by) AS filled_id, uuidv7(moved.by) AS applicant_id,
        moved.by AS by, now() + moved.by AS at
    FROM generate_series(%(first)s::int, %(last)s::int) AS one,
        LATERAL (SELECT -interval '1 day' * (%(until)s + %(days)s * (1 - one::float / %(all)s)) AS by) AS moved
"""
_DAY: Final = "copied.at::date"
# table → the rows of the true case (``copied`` gives the ids of the others), and what is its own in each copy
_TABLES: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    (
        "workflow_filledform",
        "id = %(filled)s",
        {"id": "copied.filled_id", "saved_at": "copied.at", "sent_at": "copied.at"},
    ),
    ("workflow_filledmoment", "filled_id = %(filled)s", {"id": "uuidv7(copied.by)", "filled_id": "copied.filled_id"}),
    (
        "cases_caseapplicant",
        "id = %(applicant)s",
        # another index each, as other people have
        {
            "id": "copied.applicant_id",
            "number_index": "encode(sha256(convert_to(copied.case_id::text, 'UTF8')), 'hex')",
        },
    ),
    (
        "casework_case",
        "id = %(case)s",
        {
            "id": "copied.case_id",
            "filled_id": "copied.filled_id",
            "applicant_id": "copied.applicant_id",
            # a day has fewer than 10,000 of them
            "number": f"left(t.number, -12) || to_char({_DAY}, 'YYYYMMDD')"
            " || lpad((copied.one %% 10000)::text, 4, '0')",
            "received_at": "copied.at",
            "state_at": "copied.at",
            "accepted_at": "CASE WHEN t.accepted_at IS NOT NULL THEN copied.at END",
            "decided_at": "CASE WHEN t.decided_at IS NOT NULL THEN copied.at END",
            "ended_at": "CASE WHEN t.ended_at IS NOT NULL THEN copied.at END",
        },
    ),
    ("casework_casematerial", "case_id = %(case)s", {"id": "uuidv7(copied.by)", "case_id": "copied.case_id"}),
    ("casework_caseact", "case_id = %(case)s", {"id": "uuidv7(copied.by)", "case_id": "copied.case_id"}),
    ("casework_casedecision", "case_id = %(case)s", {"id": "uuidv7(copied.by)", "case_id": "copied.case_id"}),
    ("casework_archivesheet", "case_id = %(case)s", {"id": "uuidv7(copied.by)", "case_id": "copied.case_id"}),
    (
        "cases_casereport",
        "id = %(case)s",
        {
            "id": "copied.case_id",
            "number": "lpad(copied.one::text, 8, '0') || copied.case_id::text",
            "received_on": _DAY,
            "position": "copied.one + 1",
            "is_waiting": "false",
        },
    ),
    (
        "workdays_clock",
        "owner_id = %(case)s",
        {"id": "uuidv7(copied.by)", "owner_id": "copied.case_id", "began_on": _DAY},
    ),
)


def _people(table: str, world: CaseWorld) -> dict[str, str]:
    if table != "casework_case":
        return {}
    units = ", ".join(f"'{one.grants[0].unit_id}'" for one in world.officers)
    owners = ", ".join(f"'{one.id}'" for one in world.officers)
    turn = f"[1 + copied.one %% {UNITS}]"
    return {"unit_id": f"(ARRAY[{units}]::uuid[]){turn}", "owner_id": f"(ARRAY[{owners}]::uuid[]){turn}"}


def _copy(cursor: Any, table: str, condition: str, changed: Mapping[str, str], pattern: Case) -> None:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t CROSS JOIN copied WHERE t.{condition}",  # noqa: S608 - names and conditions are those above
        {"filled": pattern.filled_id, "case": pattern.pk, "applicant": pattern.applicant_id},
    )


def name_applicants(cases: Sequence[tuple[UUID, UUID]], hall: Hall) -> None:
    """Give these cases' copied applicants (case, applicant) names that can be opened."""
    for first in range(0, len(cases), 2_000):
        some = cases[first : first + 2_000]
        CaseApplicant.objects.filter(pk__in=[applicant_id for _, applicant_id in some]).delete()
        CaseApplicant.objects.bulk_create(_named(hall, first + place, pk) for place, (_, pk) in enumerate(some))


def _named(hall: Hall, place: int, pk: UUID) -> CaseApplicant:
    facts = applicant(place % 2_000)
    return CaseApplicant(
        id=pk,
        hall_id=hall.pk,
        kind=ApplicantNature.PERSON,
        name=facts["applicant_name"],
        number=facts["applicant_number"],
        phone=facts["applicant_mobile"],
    )
