"""An empty province beside the full one, in a database of its own on the same servers: what is made here and there in
turns meets the same disk."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from benchmarks.world import make_database
from province.halls.models import Division, DivisionCode, HallKind
from province.rights.queries import system_actor
from provisioning.create import BATCH, provision_halls
from provisioning.models import RolloutStep
from provisioning.templates import build_template
from standards.numbers.divisions import DivisionLevel

_DATABASE = "yizhan_beside"
_VALID_FROM = date(2023, 6, 30)
# the other process must set up Django before this module can be read
_PROGRAM = "from benchmarks.world import set_up; set_up(); from benchmarks import _beside; _beside.answer()"


@contextmanager
def empty_province() -> Iterator[Callable[[int], float]]:
    """A process that works there. Yields what makes its n-th hundred (the first is 0) and says the seconds."""
    make_database(_DATABASE)
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{_DATABASE}"
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        env=os.environ | {"DATABASE_URL": address},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def make(number: int) -> float:
            print(number, file=process.stdin, flush=True)
            return float(process.stdout.readline())  # type: ignore[union-attr] - it is a pipe

        yield make


def answer() -> None:
    """A hundred villages for each number that is read, until there is none."""
    build_template(HallKind.VILLAGE)
    for asked in sys.stdin:
        print(make_hundred(int(asked)), flush=True)


def make_hundred(number: int) -> float:
    """Seconds from the end of the first of five batches to the end of the last: planning them is no part of it."""
    prefix = f"649900{number:03}"
    township = Division(code=f"{prefix}000", name=f"第{number}乡", level=DivisionLevel.TOWNSHIP, valid_from=_VALID_FROM)
    villages = [
        Division(
            code=f"{prefix}{place:03}", name=f"{number}乡{place}村", level=DivisionLevel.VILLAGE, valid_from=_VALID_FROM
        )
        for place in range(1, 101 + BATCH)
    ]
    made = Division.objects.bulk_create([township, *villages])
    DivisionCode.objects.bulk_create(
        DivisionCode(division=one, code=one.code, name=one.name, valid_from=_VALID_FROM) for one in made
    )
    rollout = provision_halls(by=system_actor(), under=township.code, kinds={HallKind.VILLAGE}, workers=1)
    ended = ends_of_batches(str(rollout.id))
    return (ended[-1] - ended[0]).total_seconds()


def ends_of_batches(rollout_id: str) -> list[datetime]:
    """When each batch of villages was done."""
    steps = RolloutStep.objects.filter(rollout=rollout_id, kind=HallKind.VILLAGE, finished_at__isnull=False)
    return list(steps.order_by("finished_at").values_list("finished_at", flat=True).distinct())
