"""A flow of twenty steps in viewflow, on the same PostgreSQL. viewflow is under the AGPL: it is measured beside us and
is no part of the program. It is fetched into a folder of its own when this is asked for, by version and hash, and is
gone afterwards."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks._rivals import RIVALS, environment_of_rival, uv_program
from benchmarks.world import make_database

_DATABASE = "viewflow"


@dataclass(frozen=True, slots=True)
class Gone:
    """Seconds of the clock and of its process's processor, of each start and of each step; bytes of the rows that one
    run leaves."""

    starts: list[tuple[float, float]]
    steps: list[tuple[float, float]]
    bytes: int


def go_through(*, rounds: int) -> Gone:
    make_database(_DATABASE)
    uv = uv_program()
    with tempfile.TemporaryDirectory(prefix="yizhan-viewflow-") as folder:
        python = str(Path(folder) / "bin" / "python")
        _call(uv, "venv", "--quiet", "--no-project", "--python", sys.executable, "--clear", folder)
        wanted = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(RIVALS / "viewflow.txt"))
        _call(uv, "pip", "install", "--quiet", "--python", python, *wanted)
        found = json.loads(_call(python, str(RIVALS / "viewflow_side.py"), str(rounds)))
    return Gone(**found)


def _call(*command: str) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment_of_rival(_DATABASE))
    return done.stdout
