"""The list of a hall's cases as a file: what a worker takes for it in time and memory, told beside the file of one
department of sixteen.

The cases are copies of lives that the operations lived (benchmarks/_case_copies.py); those who applied have names of
their own, sealed as always.
"""

import subprocess
import sys
from itertools import batched
from tempfile import TemporaryFile
from typing import Any, Final
from zipfile import ZipFile

from django.db import connection, transaction

from benchmarks._case_copies import Copies, live_once
from benchmarks._case_lives import CaseWorld, live, make_world
from benchmarks.measuring import line, say, timed
from benchmarks.world import PROFILES, Profile, build
from config.demo.applicants import applicant
from foundation import schemas
from foundation.bulk_copy import copy_rows
from foundation.crypto.fields import Sealed
from foundation.files.store import read_file
from province.cases.models import CaseApplicant, ListExport
from province.cases.queries.list_exports import ListWish
from province.cases.states import ApplicantNature, ListExportState
from tenants.casework.models import Case
from tenants.casework.operations.list_exports import request_export
from tenants.casework.queries.list_exports import file_key
from tests.servers import ROOT

_MOST_MB: Final = 512
_LIVES: Final = 10
# what a line of the file is made of
_READ: Final = ("casework_case", "workdays_clock")
_AT_ONCE: Final = 20_000
_EMPTY: Final = ("number", "phone", "body_name", "credit_code", "agent_name", "agent_number", "agent_phone")


def run(profile: Profile) -> list[dict[str, Any]]:
    # one hall is enough
    build(PROFILES["small"])
    world = make_world()
    most = 1_000_000 if profile.is_full else 20_000
    unit_id = world.officers[0].grants[0].unit_id
    with schemas.enter(world.hall.schema_name):
        _fill(world, most)
        small = _export(world, ListWish(unit=str(unit_id)))
        large = _export(world, ListWish())
    return [
        line(
            f"{most:,} cases as an Excel workbook: the worker's memory at its most",
            measured=f"{large['mb']:.0f} MB",
            bound=f"<= {_MOST_MB} MB",
            holds=large["mb"] <= _MOST_MB and large["is_whole"] and small["is_whole"] and large["cases"] >= most,
            of_a_sixteenth_mb=round(small["mb"]),
        ),
        line(
            "the same: from the task's beginning until the file is in the store",
            measured=f"{large['seconds']:.0f} s",
            bound="none",
            holds=None,
            cpu_seconds=round(large["cpu"]),
            file_mb=round(large["size"] / 2**20),
            of_a_sixteenth_seconds=round(small["seconds"], 1),
        ),
    ]


def _fill(world: CaseWorld, number: int) -> None:
    say(f"  {number:,} cases …")
    lives = [live_once(lambda place=place: live(world, place)) for place in range(_LIVES)]
    owners = [(one.grants[0].unit_id, one.id) for one in world.officers if one.id and one.grants[0].unit_id]
    with timed() as taken:
        copies = Copies(world.hall.schema_name, lives, owners)
        with copies.without_indexes(_READ):
            copies.write(number, counted_from=0, since_days=395, until_days=30, only=_READ.__contains__)
        copies.close()
        _name(world)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM (ANALYZE) casework_case, workdays_clock, cases_caseapplicant")
            cursor.execute("RESET statement_timeout")
    say(f"  {taken.seconds:.0f} s")


def _name(world: CaseWorld) -> None:
    """Whoever of the copies' applicants has none gets a name that can be opened."""
    known = CaseApplicant.objects.filter(hall_id=world.hall.pk).values_list("pk", flat=True)
    named = set(known)
    ids = [one for one in Case.objects.values_list("pk", flat=True) if one not in named]
    field: Any = CaseApplicant._meta.get_field("name")
    columns = ("id", "hall_id", "kind", "name", *_EMPTY)
    for some in batched(ids, _AT_ONCE, strict=False):
        names = [(applicant(place)["applicant_name"], field.place_of(pk)) for place, pk in enumerate(some)]
        facts = zip(some, Sealed.all_of(names), strict=True)
        beside = ("",) * len(_EMPTY)
        with transaction.atomic():
            rows = ((pk, world.hall.pk, ApplicantNature.PERSON.value, name, *beside) for pk, name in facts)
            copy_rows("cases_caseapplicant", columns, rows)


def _export(world: CaseWorld, wish: ListWish) -> dict[str, Any]:
    export = request_export(by=world.clerk, hall=world.hall, wish=wish)
    say(f"  a worker writes {export.total:,} …")
    command = [sys.executable, "-m", "benchmarks._list_export_worker", str(export.pk)]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, cpu, mb = (float(one) for one in told.split())
    export.refresh_from_db()
    say(f"  {seconds:.0f} s, {mb:.0f} MB")
    is_whole = export.state == ListExportState.DONE and _lines(world, export) == export.written == export.total
    facts = {"seconds": seconds, "cpu": cpu, "mb": mb}
    return facts | {"size": export.size, "cases": export.written, "is_whole": is_whole}


def _lines(world: CaseWorld, export: ListExport) -> int:
    """How many lines all sheets have, their headings apart."""
    found = 0
    with TemporaryFile() as file:
        file.write(read_file(file_key(export, world.hall.folder)))
        with ZipFile(file) as book:
            for name in book.namelist():
                if name.startswith("xl/worksheets/"):
                    found -= 1
                    with book.open(name) as sheet:
                        rest = b""
                        while piece := sheet.read(2**20):
                            found += (rest + piece).count(b"</row>")
                            # an end that is cut in two is counted with the next piece
                            rest = piece[-len(b"</row>") + 1 :]
    return found
