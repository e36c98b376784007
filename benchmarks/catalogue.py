"""Ten thousand items as files: how long it takes to write and to read them, and how much memory. Needs no halls."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import line, say
from benchmarks.world import Profile
from tests.servers import ROOT

_MOST_SECONDS = 30
_MOST_MB = 300
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
    return lines


def _measure(act: str, path: Path, count: int, share: str) -> dict[str, Any]:
    """In a process of its own: its peak is that of this one act."""
    say(f"  {act} {path.name} …")
    command = [sys.executable, "-m", "benchmarks._sheets", act, str(path), str(count), share]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
