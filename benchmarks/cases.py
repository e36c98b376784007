"""Cases in a hall that has many: the page of one officer and of sixteen at once, lists with filters, an application
that becomes a case, progress by number, a case on its way from a township to the county, and what one costs in bytes.

The many are copies of true ones (benchmarks/_case_world.py); what is measured in bytes was lived through the
operations, with all that the relay makes of it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

from django.db import connection

from benchmarks._case_readers import read_page
from benchmarks._case_world import COUNTY, CaseWorld, accept, apply, copy_cases, finish, make_world, name_applicants
from benchmarks.measuring import line, median_seconds, milliseconds, say
from benchmarks.world import Profile, build
from config.demo.applicants import applicant, resident_number
from foundation import schemas
from foundation.events.operations import drain_events
from province.audit.operations import link_entries
from province.cases.models import CaseApplicant, CaseOffer
from province.halls.models import Hall, HallKind
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.rights.roles import Role
from tenants.casework.models import Case
from tenants.casework.operations.collecting import begin_collecting
from tenants.casework.queries.progress import find_progress
from tenants.casework.states import Consent
from tenants.shell.slots import Desk
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.filled import FormFiller
from tests.factories.halls import make_person
from tests.servers import ROOT

_WRITERS: Final = 10
# seconds between two applications at one window: nobody types faster
_EVERY: Final = 1.0
_ENDED_LIVES: Final = 400
# what a year of eleven million cases a month costs follows from it
_MOST_BYTES: Final = 12 * 1024


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    world = make_world()
    number, open_number = (1_000_000, 20_000) if profile.is_full else (20_000, 2_000)
    with schemas.enter(world.hall.schema_name):
        size = _size(world, _ENDED_LIVES if profile.is_full else 60)
        _fill(world, number, open_number)
        lines = [
            size,
            *_inboxes(world, profile),
            *_lists(world, profile),
            _creation(world, profile),
            *_progress(world, profile),
        ]
    return [*lines, _referral(world, profile)]


def _size(world: CaseWorld, lives: int) -> dict[str, Any]:
    """Bytes of all tables that grow by lives from receipt to the archive: files apart."""
    say(f"  {lives} cases from receipt to the archive …")
    _live(world, 10)
    before = _sizes()
    _live(world, lives)
    after = _sizes()
    grown = {table: after[table] - before.get(table, 0) for table in after if after[table] > before.get(table, 0)}
    each = sum(grown.values()) / lives
    most = dict(sorted(grown.items(), key=lambda pair: -pair[1])[:12])
    return line(
        "what a case of one document costs from receipt to the archive, all told: case, form, clocks, audit, events",
        measured=f"{each:,.0f} bytes",
        bound=f"<= {_MOST_BYTES:,} bytes",
        # of a few, the pages that have just begun count
        holds=each <= _MOST_BYTES if lives >= _ENDED_LIVES else None,
        bytes_each={table: round(size / lives) for table, size in most.items()},
    )


def _live(world: CaseWorld, lives: int) -> None:
    for place in range(lives):
        finish(world, apply(world, place))
    drain_events()
    while link_entries():
        pass


def _sizes() -> dict[str, int]:
    """Bytes by table, with its indexes and what lies beside it, of all schemas."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute(
            "SELECT relnamespace::regnamespace || '.' || relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%' AND relpersistence = 'p'"
        )
        return dict(cursor.fetchall())


def _fill(world: CaseWorld, ended: int, running: int) -> None:
    pattern = Case.objects.filter(ended_at__isnull=False).latest("pk")
    copy_cases(world, pattern, ended, since=395, until=30)
    opened = apply(world, 0)
    accept(world, opened)
    opened.refresh_from_db()
    copy_cases(world, opened, running, since=28, until=1)
    drain_events()
    still_open = Case.objects.filter(ended_at=None).order_by("pk")
    name_applicants(list(still_open.values_list("pk", "applicant_id")), world.hall)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _inboxes(world: CaseWorld, profile: Profile) -> list[dict[str, Any]]:
    times = profile.repeats * 3
    desk = Desk(world.officers[0], world.hall)
    shown = read_page(desk, state="open")
    one = median_seconds(lambda: read_page(desk, state="open"), times=times)
    whole = median_seconds(lambda: read_page(Desk(world.clerk, world.hall), state="open"), times=times)
    sixteen = median(_at_once("_case_readers", [world.hall.schema_name, str(times)], world.officers)[0])
    found = [
        ("the inbox of one officer of sixteen departments", one, 0.100),
        ("the inbox of each of sixteen officers at once", sixteen, 0.250),
        ("the inbox of a clerk who sees all open cases of the hall", whole, 0.100),
    ]
    return [
        line(
            what,
            measured=f"{milliseconds(seconds)} ms",
            bound=f"<= {bound * 1000:.0f} ms",
            holds=seconds <= bound and shown > 0,
        )
        for what, seconds, bound in found
    ]


def _lists(world: CaseWorld, profile: Profile) -> list[dict[str, Any]]:
    """Each way in which a clerk who sees the whole hall narrows the list, with the counts and the first page."""
    desk = Desk(world.clerk, world.hall)
    true = Case.objects.filter(ended_at__isnull=False).latest("pk")
    unit = str(world.officers[3].grants[0].unit_id)
    ways: dict[str, dict[str, str]] = {
        "late": {"state": "late"},
        "finished": {"state": "finished"},
        "by department": {"state": "open", "unit": unit},
        "by the end of a number": {"state": "", "words": true.number[-8:]},
        "by words of the item": {"state": "open", "words": true.item_name[:2]},
        "by words that no item has": {"state": "", "words": "没有这个事项"},
        "by a person's number": {"state": "", "words": resident_number(7)},
    }
    taken = {
        name: median_seconds(lambda way=way: read_page(desk, **way), times=profile.repeats)
        for name, way in ways.items()
    }
    slowest = max(taken, key=lambda name: taken[name])
    return [
        line(
            f"a list with a filter, of {len(ways)} the slowest ({slowest})",
            measured=f"{milliseconds(taken[slowest])} ms",
            bound="<= 150 ms",
            holds=taken[slowest] <= 0.150,
            **{name: milliseconds(seconds) for name, seconds in taken.items()},
        )
    ]


def _creation(world: CaseWorld, profile: Profile) -> dict[str, Any]:
    times = 20 if profile.is_full else 5
    by = [_clerk(world.hall, place) for place in range(_WRITERS)]
    given = [world.hall.schema_name, str(world.setup.pk), str(times), str(_EVERY), "100"]
    taken, worked = _at_once("_case_writers", given, by)
    return line(
        f"an application becomes a case, {_WRITERS} windows at once, one every {_EVERY:.0f} s each",
        measured=f"{milliseconds(median(taken))} ms",
        bound="<= 200 ms",
        holds=median(taken) <= 0.200,
        cpu_ms=milliseconds(median(worked)),
        slowest_ms=milliseconds(max(taken)),
    )


def _clerk(hall: Hall, place: int) -> Actor:
    return actor_of(make_person(f"window{place}", f"窗口{place}", Role.WINDOW_CLERK, hall))


def _progress(world: CaseWorld, profile: Profile) -> list[dict[str, Any]]:
    case = Case.objects.filter(ended_at__isnull=False).latest("pk")
    tail = CaseApplicant.objects.get(pk=case.applicant_id).phone.plain[-4:]
    found = []
    for how, typed in (("its whole number", case.number), ("the last twelve digits", case.short_number)):
        assert find_progress(world.hall, typed, tail)
        taken = median_seconds(lambda typed=typed: find_progress(world.hall, typed, tail), times=profile.repeats * 5)
        found.append(
            line(
                f"how a case stands, by {how} and the end of a phone",
                measured=f"{milliseconds(taken)} ms",
                bound="<= 20 ms",
                holds=taken <= 0.020,
            )
        )
    return found


def _referral(world: CaseWorld, profile: Profile) -> dict[str, Any]:
    """From the moment at which a township's clerk sends what was taken in until the county's clerk sees it, through
    the relay."""
    below = Hall.objects.select_related("division").filter(
        kind=HallKind.TOWNSHIP, division__code__startswith=COUNTY[:6]
    )[0]
    clerk = actor_of(make_person("below", "镇窗口", Role.WINDOW_CLERK, below))
    offer = CaseOffer.objects.get(hall=world.hall)
    with _relay():
        taken = [_send_up(world, below, clerk, offer, 200 + place) for place in range(profile.repeats + 1)]
    # the first one warms the relay
    seconds = median(taken[1:])
    return line(
        "an application taken in at a township's desk stands in the county's inbox",
        measured=f"{seconds:.2f} s",
        bound="<= 2 s",
        holds=seconds <= 2,
        slowest=round(max(taken), 2),
    )


def _send_up(world: CaseWorld, below: Hall, clerk: Actor, offer: CaseOffer, place: int) -> float:
    who = FormFiller(clerk)
    with schemas.enter(below.schema_name):
        filled = begin_collecting(by=clerk, hall=below, offer_id=offer.pk, consent=Consent.SIGNED).filled
        saved = save_filling(
            who=who, hall=below, filled_id=filled.pk, posted=applicant(place), revision=filled.revision
        )
        began_at = time.perf_counter()
        send_filling(who=who, hall=below, filled_id=filled.pk, revision=saved.filled.revision)
    known = CaseApplicant.objects.filter(hall_id=world.hall.pk, number_index__of=resident_number(place))
    while not known.exists():
        if time.perf_counter() > began_at + 30:
            message = "the county never got it"
            raise RuntimeError(message)
        time.sleep(0.02)
    return time.perf_counter() - began_at


@contextmanager
def _relay() -> Iterator[None]:
    """The relay of a machine, as a program of its own."""
    code = "import django; django.setup(); import config.celery; from config.machine.relay import Relay; Relay().run()"
    running = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


def _at_once(module: str, given: list[str], people: list[Actor]) -> tuple[list[float], list[float]]:
    """What the module prints in a process for each of the people; all begin at the same moment. Returns the seconds,
    and those of the processor where it prints them."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *given]
    pipe: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    began: list[Any] = [subprocess.Popen([*command, str(one.id)], cwd=ROOT, **pipe) for one in people]
    for process in began:
        process.stdout.readline()
    for process in began:
        process.stdin.write("\n")
        process.stdin.flush()
    rows = [row.split() for process in began for row in process.communicate()[0].splitlines()]
    return [float(row[0]) for row in rows], [float(row[1]) for row in rows if len(row) > 1]
