"""Other programs that are measured beside us, each in an environment of its own (benchmarks/rivals)."""

import os
import shutil
from typing import Final
from urllib.parse import urlsplit

from tests.servers import ROOT

RIVALS: Final = ROOT / "benchmarks" / "rivals"


def uv_program() -> str:
    return os.environ.get("UV") or shutil.which("uv") or str(ROOT / "var/uv/bin/uv")


def environment_of_rival(name: str) -> dict[str, str]:
    """Without our own settings and packages: its settings, and its database on the same server."""
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return kept | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": f"{name}_settings"}
