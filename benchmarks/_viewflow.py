"""A flow of twenty steps in viewflow, on the same PostgreSQL. viewflow is under the AGPL: it is measured beside us and
is no part of the program. It is fetched into a folder of its own when this is asked for, by version and hash, and is
gone afterwards."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.world import make_database
from tests.servers import ROOT

_DATABASE = "viewflow"
_RIVALS = ROOT / "benchmarks" / "rivals"


@dataclass(frozen=True, slots=True)
class Gone:
    """Seconds of the clock and of its process's processor, of each start and of each step; bytes of the rows that one
    run leaves."""

    starts: list[tuple[float, float]]
    steps: list[tuple[float, float]]
    bytes: int


def go_through(*, rounds: int) -> Gone:
    make_database(_DATABASE)
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / "var/uv/bin/uv")
    with tempfile.TemporaryDirectory(prefix="yizhan-viewflow-") as folder:
        python = str(Path(folder) / "bin" / "python")
        _call(uv, "venv", "--quiet", "--no-project", "--python", sys.executable, "--clear", folder)
        wanted = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(_RIVALS / "viewflow.txt"))
        _call(uv, "pip", "install", "--quiet", "--python", python, *wanted)
        found = json.loads(_call(python, str(_RIVALS / "viewflow_side.py"), str(rounds)))
    return Gone(**found)


def _call(*command: str) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=_environment())
    return done.stdout


def _environment() -> dict[str, str]:
    """Without our own settings and packages."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{_DATABASE}").geturl()
    return kept | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "viewflow_settings"}
