"""Making halls: one by one against django-tenants and psql, and all of 宁夏."""

import os
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from benchmarks import _beside as beside
from benchmarks.measuring import line, median_seconds, milliseconds, timed
from benchmarks.world import Built, Profile, build
from foundation.embedded_services import postgres
from province.halls.models import Division, Hall, HallKind
from provisioning.create import BATCH, create_hall_schema
from provisioning.templates import build_template, hall_script
from standards.numbers.divisions import DivisionLevel

_PSQL_HALLS = 10
# one turn in three meets a flush of the disk
_TURNS = 7


def run(profile: Profile) -> list[dict[str, Any]]:
    built = build(profile)
    lines = [_whole_province(profile, built), _last_hundred(profile, built)]
    for kind, least in ((HallKind.COUNTY, 8), (HallKind.VILLAGE, 30)):
        lines += _one_hall(profile, kind, least)
    return lines


def _whole_province(profile: Profile, built: Built) -> dict[str, Any]:
    return line(
        "all halls below one division, 2 workers",
        measured=round(built.halls_seconds, 1),
        bound="<= 120 s for the 3,190 of 宁夏",
        holds=built.halls_seconds <= 120,
        halls=built.halls,
        division=profile.under,
        milliseconds_a_hall=milliseconds(built.halls_seconds / built.halls),
        load_divisions_seconds=round(built.divisions_seconds, 2),
        build_templates_seconds=round(built.templates_seconds, 2),
    )


def _last_hundred(profile: Profile, built: Built) -> dict[str, Any]:
    """The hundreds after all that are there, and the first ones of an empty province, made in turns.

    Two hundreds half a minute apart say more of the disk than of us: what a first batch has written is flushed while
    the last one is made. Their times are given too (``province_…``).
    """
    last, first = [], []
    with beside.empty_province() as make_first:
        for number in range(_TURNS if profile.is_full else 1):
            first.append(make_first(number))
            last.append(beside.make_hundred(number))
    ratio = median(last) / median(first)
    earliest, latest = _hundreds_of_the_province(built)
    return line(
        "the last hundred villages against the first hundred",
        measured=round(ratio, 2),
        bound="<= 1.3",
        # in the small profile there are no hundreds before the last
        holds=ratio <= 1.3 if profile.is_full else None,
        first_seconds=[round(one, 2) for one in first],
        last_seconds=[round(one, 2) for one in last],
        halls_present=Hall.objects.count(),
        province_first_seconds=round(earliest, 2),
        province_last_seconds=round(latest, 2),
    )


def _hundreds_of_the_province(built: Built) -> tuple[float, float]:
    """Seconds of the first and of the last hundred villages, of the whole province being made.

    Villages alone: counties, which come first, have six times their tables and would flatter the last.
    """
    ended = beside.ends_of_batches(built.rollout_id)
    batches = min(100 // BATCH, len(ended) - 1)
    first, last = ended[batches] - ended[0], ended[-1] - ended[-1 - batches]
    return first.total_seconds(), last.total_seconds()


def _one_hall(profile: Profile, kind: HallKind, least: int) -> list[dict[str, Any]]:
    numbers = count((Hall.objects.aggregate(last=Max("number"))["last"] or 0) + 1)
    template = build_template(kind)
    # two or three seconds each
    rivals = 3 if profile.is_full else 1

    planned = iter([_new_hall(kind, next(numbers)) for _ in range(profile.repeats + rivals + 1)])

    def make_ours() -> None:
        with transaction.atomic():
            create_hall_schema(*Hall.objects.bulk_create([next(planned)]))

    def make_rivals() -> None:
        hall = next(planned)
        hall.auto_create_schema = True
        hall.save(verbosity=0)

    make_ours()
    ours = median_seconds(make_ours, times=profile.repeats)
    rival = median_seconds(make_rivals, times=rivals)
    # as halls are called, and as none is
    begins = 900_000 + 10_000 * list(HallKind).index(kind)
    scripts = [hall_script(template, f"hall_{begins + next(numbers)}") for _ in range(_PSQL_HALLS)]
    psql = _psql_seconds(scripts) / _PSQL_HALLS
    tables = len(template.tables)
    return [
        line(
            f"create a {kind} hall of {tables} tables, against django-tenants' save()",
            measured=round(rival / ours, 1),
            bound=f">= {least}",
            holds=rival / ours >= least,
            ours_milliseconds=milliseconds(ours),
            django_tenants_milliseconds=milliseconds(rival),
            halls_present=Hall.objects.count(),
        ),
        line(
            f"create a {kind} hall of {tables} tables, against the same DDL sent by psql",
            measured=round(ours / psql, 2),
            bound="<= 1.3",
            # of two halls on each side one bad moment of the disk is the half
            holds=ours / psql <= 1.3 if profile.is_full else None,
            ours_milliseconds=milliseconds(ours),
            psql_milliseconds=milliseconds(psql),
        ),
    ]


def _new_hall(kind: HallKind, number: int) -> Hall:
    code = f"65{number:010d}"
    division = Division.objects.create(
        code=code, name=f"第{number}村", level=DivisionLevel.VILLAGE, valid_from="2023-06-30"
    )
    return Hall(
        number=number,
        schema_name=f"hall_{number:06d}",
        name=f"第{number}厅",
        short_name=f"第{number}厅",
        kind=kind,
        division=division,
        prefixes=[code],
        slug=f"one-{number}",
    )


def _psql_seconds(scripts: list[str]) -> float:
    """All scripts in one session, a transaction each."""
    database = connection.settings_dict
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "halls.sql"
        script.write_text("".join(f"BEGIN;\n{one}COMMIT;\n" for one in scripts), encoding="utf-8")
        with timed() as taken:
            subprocess.run(
                [
                    *(postgres.binaries() / "psql", "-X", "-q", "-o", os.devnull, "-v", "ON_ERROR_STOP=1"),
                    *("-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"])),
                    *("-d", str(database["NAME"]), "-f", script),
                ],
                check=True,
                env=os.environ | {"PGPASSWORD": str(database["PASSWORD"])},
            )
    return taken.seconds
