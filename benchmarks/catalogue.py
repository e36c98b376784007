"""Ten thousand items as files: how long it takes to write and to read them, and how much memory. And how long it takes
to find items by citizens' words.

Needs no halls: a search reads the versions that its hall shows and no others, whatever else the catalogue and the
province hold.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks.measuring import Taken, line, milliseconds, say, timed
from benchmarks.world import Profile
from province.catalogue.queries import found_items, item_facets, items_valid_at
from province.rights.queries import system_actor
from tests.factories.catalogue import make_base_list
from tests.province.catalogue.questions import DEVELOPMENT, HELD_OUT, QUESTIONS, Questions
from tests.servers import ROOT

_MOST_SECONDS = 30
_MOST_MB = 300
_MOST_SEARCH_MS = 50
# percent of questions
_LEAST_FIRST, _LEAST_FIVE = 85, 95
_WORDS = {".xlsx": "Excel with national columns", ".json": "JSON", ".xml": "national XML"}
_ACTS = {"write": "written", "read": "read back and checked"}


def run(profile: Profile) -> list[dict[str, Any]]:
    count = 10_000 if profile.is_full else 1_000
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for ending, words in _WORDS.items() if profile.is_full else [(".xlsx", _WORDS[".xlsx"])]:
            for act, done in _ACTS.items():
                # a fifth of the base list is whole; `whole`: as if every item were
                found = {
                    share: _measure(act, Path(folder) / f"{share}{ending}", count, share) for share in ("all", "whole")
                }
                one = found["all"]
                is_bound = ending == ".xlsx"
                holds = (
                    one["seconds"] <= _MOST_SECONDS
                    and one["peak_mb"] <= _MOST_MB
                    and one["items"] == count
                    and not one["faults"]
                )
                lines.append(
                    line(
                        f"{count:,} items {done} as {words}: seconds, peak MB of the process",
                        measured=[one["seconds"], one["peak_mb"]],
                        bound=f"<= {_MOST_SECONDS} s, <= {_MOST_MB} MB" if is_bound else "none",
                        holds=holds if is_bound and profile.is_full else None,
                        program_mb=one["program_mb"],
                        file_mb=one["file_mb"],
                        if_all_were_whole=found["whole"],
                    )
                )
    return [*lines, *_searches(profile.repeats), *_hits()]


def _searches(rounds: int) -> list[dict[str, Any]]:
    """A hall that shows the whole base list; every question some times, after each was asked once."""
    make_base_list(by=system_actor())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_itemversion, catalogue_item, catalogue_department, catalogue_pause")
    ids = list(items_valid_at(timezone.now()).values_list("pk", flat=True))
    lines = []
    for given, versions in {
        "a queryset of versions": lambda: items_valid_at(timezone.now()),
        "a list of ids": lambda: ids,
    }.items():
        for words, _ in QUESTIONS:
            found_items(words, version_ids=versions())
        taken = [
            _asked(lambda words=words, versions=versions: found_items(words, version_ids=versions()))
            for _ in range(rounds)
            for words, _ in QUESTIONS
        ]
        database, whole = (_percentiles([one[part] for one in taken]) for part in (0, 1))
        lines.append(
            line(
                f"search by {len(QUESTIONS)} citizens' questions over {len(ids)} items, {given}: ms in the database, "
                "p50, p95",
                measured=database,
                bound=f"p95 <= {_MOST_SEARCH_MS} ms",
                holds=database[1] <= _MOST_SEARCH_MS,
                whole_call_ms=whole,
            )
        )
    facets = [_asked(lambda: item_facets(ids)) for _ in range(rounds * 10)]
    lines.append(
        line(
            f"counts of all facets over {len(ids)} items: ms in the database, p50, p95",
            measured=_percentiles([one[0] for one in facets]),
            bound="none",
            holds=None,
        )
    )
    return lines


def _hits() -> list[dict[str, Any]]:
    """How often the item that is meant comes first, and among the first five."""
    return [
        _hit_rates("held out", HELD_OUT, bound=True),
        _hit_rates("tuned to (tells nothing by itself)", DEVELOPMENT, bound=False),
    ]


def _hit_rates(which: str, questions: Questions, *, bound: bool) -> dict[str, Any]:
    ids = list(items_valid_at(timezone.now()).values_list("pk", flat=True))
    first = five = 0
    for words, wanted in questions:
        names = [one.name for one in found_items(words, version_ids=ids, limit=5)]
        first += names[:1] == [wanted]
        five += wanted in names
    percent_first, percent_five = (round(100 * count / len(questions), 1) for count in (first, five))
    return line(
        f"{len(questions)} questions {which}: percent whose item comes first, and among the first five",
        measured=[percent_first, percent_five],
        bound=f">= {_LEAST_FIRST}, >= {_LEAST_FIVE}" if bound else "none",
        holds=percent_first >= _LEAST_FIRST and percent_five >= _LEAST_FIVE if bound else None,
    )


def _asked(ask: Callable[[], object]) -> tuple[float, float]:
    """Seconds in the database, and of the whole call."""
    within = Taken()

    def watch(execute: Callable[..., Any], *query: Any) -> Any:
        with timed() as one:
            answer = execute(*query)
        within.seconds += one.seconds
        return answer

    with connection.execute_wrapper(watch), timed() as whole:
        ask()
    return within.seconds, whole.seconds


def _percentiles(seconds: list[float]) -> list[float]:
    cuts = quantiles(seconds, n=20)
    return [milliseconds(cuts[9]), milliseconds(cuts[18])]


def _measure(act: str, path: Path, count: int, share: str) -> dict[str, Any]:
    """In a process of its own: its peak is that of this one act."""
    say(f"  {act} {path.name} …")
    command = [sys.executable, "-m", "benchmarks._sheets", act, str(path), str(count), share]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
