"""One push and its withdrawal on 200 sites, measured here and in Wagtail, on one PostgreSQL.

Wagtail runs in an environment of its own (benchmarks/rivals/wagtail_side.py says which ways are measured).
"""

import json
import subprocess
import sys
import time
from statistics import median
from typing import Any

from benchmarks._rivals import RIVALS, environment_of_rival, uv_program
from benchmarks.measuring import line
from benchmarks.pushes import PROVINCE, approved_version, push_and_withdraw, registry
from benchmarks.world import Profile, build, make_database
from province.content.queries.audiences import Scope

SITES = 200
_DATABASE = "wagtail"
_PACKAGES = ("wagtail==8.0.1", "psycopg2-binary==2.9.13")


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    ours = _ours(profile.repeats * 10)
    theirs = _theirs(rounds=3 if profile.is_full else 1)
    return [
        *(_usual_way(act, way, ours[act], theirs[f"{act}_{way}"]) for act in ours for way in ("copies", "aliases")),
        *(_by_hand(act, ours[act], theirs[f"{act}_by_hand"]) for act in ours),
    ]


def _usual_way(act: str, way: str, ours: float, theirs: float) -> dict[str, Any]:
    return line(
        f"{act} on {SITES} sites: Wagtail ({way}) / Yizhan",
        measured=round(theirs / ours),
        bound=">= 100",
        holds=theirs >= 100 * ours,
        yizhan_seconds=round(ours, 4),
        wagtail_seconds=round(theirs, 4),
    )


def _by_hand(act: str, ours: float, theirs: float) -> dict[str, Any]:
    """Said and not demanded: a bare join table checks nothing, keeps no history and proves nothing."""
    return line(
        f"{act} on {SITES} sites: a join table made by hand beside Wagtail / Yizhan",
        measured=round(theirs / ours, 2),
        bound="none; above 1 it is beaten",
        holds=None,
        yizhan_seconds=round(ours, 4),
        by_hand_seconds=round(theirs, 4),
    )


def _ours(rounds: int) -> dict[str, float]:
    pushed, withdrawn = [], []
    with registry(SITES):
        for _ in range(rounds):
            seconds = push_and_withdraw(Scope(PROVINCE), approved_version(), time.perf_counter)
            pushed.append(seconds[0])
            withdrawn.append(seconds[1])
    return {"push": median(pushed), "withdraw": median(withdrawn)}


def _theirs(*, rounds: int) -> dict[str, float]:
    make_database(_DATABASE)
    uv = uv_program()
    answer = subprocess.run(
        [
            *(uv, "run", "--isolated", "--no-project", "--python", sys.executable),
            *(part for package in _PACKAGES for part in ("--with", package)),
            *("python", str(RIVALS / "wagtail_side.py"), str(SITES), str(rounds)),
        ],
        check=True,
        capture_output=True,
        text=True,
        env=environment_of_rival(_DATABASE),
    ).stdout
    return {act: median(seconds) for act, seconds in json.loads(answer).items()}
