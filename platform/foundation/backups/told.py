"""Which files were put into the store, as the WAL in the backup tells (``foundation.files.told``)."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from foundation.backups.database import SLOT
from foundation.backups.moments import Moment, WalPosition
from foundation.embedded_services import postgres
from foundation.files.told import PUT

_MESSAGE: Final = re.compile(rf'prefix "{re.escape(PUT)}"; payload \(\d+ bytes\): ([0-9A-F ]*)$')
_OWN: Final = f'prefix "{SLOT}";'
_PARTIAL: Final = ".partial"
# a segment that is finished in this very moment changes its name
_ATTEMPTS: Final = 3


class WalMissing(Exception):
    """Some of the WAL is not here: what was put since must be found in another way."""


def keys_told(wal: Path, *, since: Moment, until: WalPosition) -> list[str]:
    """Keys of files that were put between that moment and that position, each once, in their order. It takes as long as
    the WAL between them is. Raises WalMissing, also where it belongs to another timeline."""
    timeline = until.segment[:8]
    if not since.lsn or since.segment[:8] != timeline:
        message = f"moment {since.at} has no position on timeline {timeline}"
        raise WalMissing(message)
    for _ in range(_ATTEMPTS):
        done = _read(wal, since, until, str(int(timeline, 16)))
        lines = done.stdout.splitlines()
        # the position stands behind a message of the backup's own
        if not done.returncode and lines and _OWN in lines[-1]:
            found = (match[1] for line in lines if (match := _MESSAGE.search(line)))
            return list(dict.fromkeys(bytes.fromhex(one).decode(errors="replace") for one in found))
    raise WalMissing(done.stderr.strip() or "the WAL ends too early")


def _read(wal: Path, since: Moment, until: WalPosition, timeline: str) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as folder:
        for one in wal.iterdir():
            name = one.name.removesuffix(_PARTIAL)
            if since.segment <= name <= until.segment:
                # the program takes no other names
                (Path(folder) / name).symlink_to(one)
        return subprocess.run(
            [
                *(str(postgres.binaries() / "pg_waldump"), "-p", folder, "-t", timeline),
                *("-s", since.lsn, "-e", until.lsn, "-r", "LogicalMessage"),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
