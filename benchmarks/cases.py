"""Cases in a hall that has many: what one costs in bytes, the page of one officer and of sixteen at once, lists with
filters, an application that becomes a case, progress by number, and what a village takes in for it.

The many are copies of lives that the operations lived (benchmarks/_case_copies.py). What passes is not counted: notices
and short messages go after 90 days, events that were handled after three.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

from django.db import connection

from benchmarks._case_copies import Copies, Life, live_once, sizes
from benchmarks._case_lives import CaseWorld, accept, apply, clerk, found_world, live, make_world, settle
from benchmarks._case_readers import read_page
from benchmarks._case_referrals import referrals
from benchmarks.measuring import at_once, line, median_seconds, median_times, milliseconds, say, timed
from benchmarks.world import Profile, build, start_database_anew
from config.demo.applicants import applicant
from foundation import schemas
from foundation.events.operations import forget_old_events
from province.cases.models import CaseApplicant
from province.cases.states import ApplicantNature
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from provisioning.store_keys import open_store_for
from tenants.casework.models import Case
from tenants.casework.queries.progress import find_progress
from tenants.shell.slots import Desk

# a turn of each life that makes what only the first ones make, then two that count
_WARMING: Final = 10
_LIVES: Final = 20
# by so many copies it is known what one costs, with all its tables
_WEIGHED: Final = 20_000
_MOST_BYTES: Final = 12 * 1024
_WRITERS: Final = 10
# seconds between two applications at one window: nobody types faster
_EVERY: Final = 1.0
# open ones of so many days
_OPEN_DAYS: Final = 15
_MOST: Final = 980_000
# what the figures below read or write of each case, in two parts of some equal weight
_ASKED: Final = (
    ("casework_caseact", "casework_case", "casework_intake", "workflow_filledform", "cases_caseapplicant"),
    ("workdays_clock", "casework_casematerial", "workflow_filledmoment", "cases_casereport"),
)
_PASSES: Final = ("messaging_notice", "citizens_phonenotice", "events_")


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    # what one costs, as it was measured when the hall was filled: the last thing that filling writes
    known = Path(os.environ["YIZHAN_TEST_VAR"]) / f"cases-{profile.name}.json"
    if known.exists():
        world, bytes_each = found_world(), json.loads(known.read_text(encoding="utf-8"))
        # the store is another one
        open_store_for(by=system_actor("评测"))
    else:
        world = make_world()
        with connection.cursor() as cursor:
            # to ask for the sizes of all tables takes minutes where their files are not in memory
            cursor.execute("SET statement_timeout = 0")
            with schemas.enter(world.hall.schema_name):
                bytes_each = _fill(world, profile)
            cursor.execute("VACUUM (ANALYZE)")
        known.write_text(json.dumps(bytes_each, ensure_ascii=False), encoding="utf-8")
        start_database_anew()
    with schemas.enter(world.hall.schema_name):
        found = [
            bytes_each,
            *_inboxes(world, profile),
            _lists(world, profile),
            _creation(world, profile),
            *_progress(world.hall, profile),
        ]
    return [*found, *referrals(world, times=profile.repeats * 2)]


def _fill(world: CaseWorld, profile: Profile) -> dict[str, Any]:
    """The hall's many cases, and what one of them costs."""
    say(f"  {_LIVES} lives from the application to the archive, and some that have only begun …")
    for place in range(_WARMING):
        live(world, place)
    ended = [live_once(lambda place=place: live(world, place)) for place in range(_WARMING, _WARMING + _LIVES)]
    begun = [live_once(lambda place=place: _begin(world, place)) for place in range(9)]
    forget_old_events(kept=timedelta())
    say(f"  {_WEIGHED:,} copies of all that they wrote …")
    before = sizes()
    owners = [(unit_of(one), one.id) for one in world.officers if one.id]
    copies = Copies(world.hall.schema_name, ended, owners)
    with timed() as taken:
        copies.write(_WEIGHED, counted_from=0, since_days=395, until_days=380, only=_stays)
        copies.make_indexes_anew()
    say(f"  {taken.seconds:.0f} s")
    with timed() as taken:
        packs = copies.pack_links()
    say(f"  {packs:,} packs of links, {taken.seconds:.0f} s")
    found = _bytes_each(before, sizes(), copies.rows)
    say(f"  {found['measured']} a case")
    copies.close()
    if profile.is_full:
        _copy_most(world, ended, owners)
    _copy_begun(world, begun, owners, 20_000 if profile.is_full else 2_000)
    return found


def _copy_most(world: CaseWorld, ended: Sequence[Life], owners: Sequence[tuple[UUID, UUID]]) -> None:
    say(f"  {_MOST:,} copies of what lists, applications and progress read or write …")

    def write(tables: tuple[str, ...]) -> None:
        copies = Copies(world.hall.schema_name, ended, owners)
        with copies.without_indexes(tables):
            copies.write(_MOST, counted_from=_WEIGHED, since_days=380, until_days=30, only=tables.__contains__)
        copies.close()

    with timed() as taken, ThreadPoolExecutor(len(_ASKED)) as threads:
        list(threads.map(write, _ASKED))
    say(f"  {taken.seconds:.0f} s")


def _stays(table: str) -> bool:
    return not table.startswith(_PASSES)


def unit_of(officer: Actor) -> UUID:
    unit_id = officer.grants[0].unit_id
    assert unit_id, "an officer belongs to a department"
    return unit_id


def _begin(world: CaseWorld, place: int) -> None:
    """Received, and of two of three accepted as well."""
    setup = (world.promised, world.examined, world.instant)[place % 3]
    case = apply(world, setup, place)
    if place % 3 != 2:
        accept(world, case)
    settle()


def _copy_begun(world: CaseWorld, begun: Sequence[Life], owners: Sequence[tuple[UUID, UUID]], number: int) -> None:
    say(f"  {number:,} open cases …")
    copies = Copies(world.hall.schema_name, begun, owners)
    copies.write(number, counted_from=2_000_000, since_days=_OPEN_DAYS, until_days=0.5, only=_stays)
    copies.close()
    # names that can be opened, for the page that shows them
    ids = list(Case.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), 2_000):
        some = ids[first : first + 2_000]
        CaseApplicant.objects.filter(pk__in=some).delete()
        CaseApplicant.objects.bulk_create(_named(world.hall, place, pk) for place, pk in enumerate(some))


def _named(hall: Hall, place: int, pk: UUID) -> CaseApplicant:
    facts = applicant(place)
    return CaseApplicant(
        id=pk,
        hall_id=hall.pk,
        kind=ApplicantNature.PERSON,
        name=facts["applicant_name"],
        number=facts["applicant_number"],
        phone=facts["applicant_mobile"],
    )


def _bytes_each(
    before: dict[str, tuple[int, int, int]], after: dict[str, tuple[int, int, int]], rows: dict[str, float]
) -> dict[str, Any]:
    grown = {
        name: [(now - then) / _WEIGHED for now, then in zip(after[name], before.get(name, (0, 0, 0)), strict=True)]
        for name in after
    }
    each = sum(map(sum, grown.values()))
    most = sorted(grown.items(), key=lambda pair: -sum(pair[1]))
    return line(
        "what a case costs from the application to the archive, all told, files apart",
        measured=f"{each:,.0f} bytes",
        bound=f"<= {_MOST_BYTES:,} bytes",
        holds=each <= _MOST_BYTES,
        # table: heap + indexes + TOAST, and how many rows
        tables={
            name.partition(".")[2]: f"{heap:,.0f} + {indexes:,.0f} + {beside:,.0f}"
            f" ({rows.get(name.partition('.')[2], 0):.1f} rows)"
            for name, (heap, indexes, beside) in most
            if heap + indexes + beside >= 1
        },
    )


def _inboxes(world: CaseWorld, profile: Profile) -> list[dict[str, Any]]:
    times = profile.repeats * 3
    desk = Desk(world.officers[0], world.hall)
    shown = read_page(desk, state="open")
    one = median_times(lambda: read_page(desk, state="open"), times=times)
    whole = median_times(lambda: read_page(Desk(world.clerk, world.hall), state="open"), times=times)
    taken, worked = at_once("_case_readers", [world.hall.schema_name, str(times)], world.officers)
    sixteen = median(taken), median(worked)
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
            cpu_ms=milliseconds(own),
        )
        for what, (seconds, own), bound in found
    ]


def _lists(world: CaseWorld, profile: Profile) -> dict[str, Any]:
    """Each way in which a clerk who sees the whole hall narrows the list, with the counts and the first page."""
    desk = Desk(world.clerk, world.hall)
    newest = Case.objects.filter(ended_at__isnull=False).latest("pk")
    ways: dict[str, dict[str, str]] = {
        "all": {"state": ""},
        "late": {"state": "late"},
        "soon": {"state": "soon"},
        "finished": {"state": "finished"},
        "by department": {"state": "", "unit": str(unit_of(world.officers[3]))},
        "by the end of a number": {"state": "", "words": newest.number[-8:]},
        "by words of the item": {"state": "", "words": newest.item_name[:2]},
        "by words that no item has": {"state": "", "words": "没有这个事项"},
        "by a person's number": {"state": "", "words": applicant(7)["applicant_number"]},
    }
    taken = {
        name: median_seconds(lambda way=way: read_page(desk, **way), times=profile.repeats)
        for name, way in ways.items()
    }
    slowest = max(taken, key=lambda name: taken[name])
    return line(
        f"a list with a filter, of {len(ways)} the slowest ({slowest})",
        measured=f"{milliseconds(taken[slowest])} ms",
        bound="<= 150 ms",
        holds=taken[slowest] <= 0.150,
        **{name: milliseconds(seconds) for name, seconds in taken.items()},
    )


def _creation(world: CaseWorld, profile: Profile) -> dict[str, Any]:
    times = 20 if profile.is_full else 5
    by = [clerk(world.hall, f"window{place}") for place in range(_WRITERS)]
    given = [world.hall.schema_name, str(world.promised.pk), str(times), str(_EVERY), "100"]
    taken, worked = at_once("_case_writers", given, by)
    return line(
        f"an application becomes a case, {_WRITERS} windows at once, one every {_EVERY:.0f} s each",
        measured=f"{milliseconds(median(taken))} ms",
        bound="<= 200 ms",
        holds=median(taken) <= 0.200,
        cpu_ms=milliseconds(median(worked)),
        slowest_ms=milliseconds(max(taken)),
    )


def _progress(hall: Hall, profile: Profile) -> list[dict[str, Any]]:
    # one whose applicant can be opened
    case = Case.objects.filter(ended_at=None).latest("pk")
    tail = CaseApplicant.objects.get(pk=case.applicant_id).phone.plain[-4:]
    found = []
    for how, typed in (("its whole number", case.number), ("the last twelve digits", case.short_number)):
        is_found = find_progress(hall, typed, tail) is not None
        taken, own = median_times(lambda typed=typed: find_progress(hall, typed, tail), times=profile.repeats * 5)
        found.append(
            line(
                f"how a case stands, by {how} and the end of a phone",
                measured=f"{milliseconds(taken)} ms",
                bound="<= 20 ms",
                holds=taken <= 0.020 and is_found,
                cpu_ms=milliseconds(own),
            )
        )
    return found
