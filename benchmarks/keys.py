"""How fast personal data moves to a new key, whether anybody waits meanwhile, and what a kill in its midst costs."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import override_settings

from benchmarks.measuring import line, milliseconds, timed
from benchmarks.world import Profile
from foundation.crypto.keyring import draw_key
from foundation.crypto.models import PersonalKey
from foundation.crypto.rotation import encrypted_columns
from foundation.errors import Damaged
from province.citizens.models import Citizen
from province.people.operations.personal_keys import rotate_keys
from province.rights.queries import system_actor
from tests.factories.citizens import number_of, phone_of
from tests.servers import ROOT

_NAME = "评测群众"
# phone, name, number
_VALUES = 3
_SAVED_BY_ROW = 500


def run(profile: Profile) -> list[dict[str, Any]]:
    count = 20_000 if profile.is_full else 2_000
    keys = [os.environ["PERSONAL_KEYS"]]
    keys += [f"{keys[0]},2:{draw_key()}"]
    keys += [f"{keys[1]},3:{draw_key()}"]
    with _citizens(count):
        with override_settings(PERSONAL_KEYS=keys[1]):
            by_row = _save_rows(min(_SAVED_BY_ROW, count // 4))
            with timed() as rotating:
                done = rotate_keys(by=system_actor("评测")).done
        with override_settings(PERSONAL_KEYS=keys[2]):
            left, longest = _kill_and_go_on(keys[2], count)
            unreadable, versions = _unreadable(), _versions()
    ours = done / rotating.seconds
    return [
        line(
            f"{count:,} citizens under a new key: values a second, in batches / saving row by row",
            measured=round(ours / by_row, 1),
            bound=">= 3",
            holds=ours >= 3 * by_row,
            batches_per_second=round(ours),
            row_by_row_per_second=round(by_row),
            citizens_per_second=round(ours / _VALUES),
            seconds=round(rotating.seconds, 1),
        ),
        line(
            "values lost or left behind after kill -9 half-way and a second call",
            measured=unreadable + sum(there for version, there in versions.items() if version != 3),
            bound="0",
            holds=not unreadable and versions == {3: count * _VALUES},
            left_by_the_first_call=left,
        ),
        line(
            "longest wait of somebody who saves a citizen meanwhile (ms)",
            measured=milliseconds(longest),
            bound="<= 500 ms",
            holds=longest <= 0.5,
        ),
    ]


@contextmanager
def _citizens(count: int) -> Iterator[None]:
    """Taken away at the end, and the keys with them: what is measured afterwards knows only the first."""
    try:
        for serials in batched(range(1, count + 1), 1_000, strict=False):
            Citizen.objects.bulk_create(
                Citizen(phone=phone_of(serial), name=_NAME, number=number_of(serial), level=Citizen.Level.NUMBER)
                for serial in serials
            )
        yield
    finally:
        Citizen.objects.all().delete()
        PersonalKey.objects.filter(version__in=[2, 3]).delete()


def _save_rows(count: int) -> float:
    """As a program without batches would do it; values a second."""
    citizens = list(Citizen.objects.order_by("pk")[:count])
    with timed() as taken:
        for citizen in citizens:
            citizen.save(update_fields=["phone", "name", "number"])
    return count * _VALUES / taken.seconds


def _kill_and_go_on(keys: str, count: int) -> tuple[int, float]:
    """How many values the killed call left, and the longest wait of a writer during both calls (seconds)."""
    waits = [0.0]
    done = threading.Event()
    writer = threading.Thread(target=_save_now_and_then, args=(waits, done))
    writer.start()
    try:
        with _rotating(keys) as process:
            while _versions().get(3, 0) < count * _VALUES // 2 and process.poll() is None:
                time.sleep(0.05)
            process.kill()
            process.wait()
        left = count * _VALUES - _versions().get(3, 0)
        with _rotating(keys) as process:
            process.wait()
    finally:
        done.set()
        writer.join()
    return left, max(waits)


@contextmanager
def _rotating(keys: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(Path(sys.executable).parent / "yizhan"), "keys", "rotate", "--json"]
    environment = os.environ | {"PERSONAL_KEYS": keys}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _save_now_and_then(waits: list[float], done: threading.Event) -> None:
    ids = list(Citizen.objects.values_list("pk", flat=True))
    while not done.wait(0.02):
        citizen = Citizen.objects.get(pk=random.choice(ids))  # noqa: S311 - no secret
        with timed() as saving:
            citizen.save(update_fields=["name"])
        waits.append(saving.seconds)
    connection.close()


def _versions() -> dict[int, int]:
    found: dict[int, int] = {}
    for column in encrypted_columns():
        if column.model is Citizen:
            for version, count in column.values_by_version().items():
                found[version] = found.get(version, 0) + count
    return found


def _unreadable() -> int:
    count = 0
    for citizen in Citizen.objects.iterator():
        try:
            count += (citizen.name.plain, len(citizen.number.plain)) != (_NAME, 18) or not citizen.phone.plain
        except Damaged:
            count += 1
    return count
