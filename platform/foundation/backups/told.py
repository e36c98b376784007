"""Which files were put into the store, as the WAL in the backup tells (``foundation.files.told``)."""

import re
import subprocess
from collections.abc import Mapping
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
_LETTERS: Final = 24  # of a segment's name
# bytes of WAL that the first half of a segment's number counts
_LOG: Final = 2**32
# a segment that is finished in this very moment changes its name
_ATTEMPTS: Final = 3
_LONGEST: Final = 1024  # bytes of a key in the store


class WalMissing(Exception):
    """Some of the WAL is not here: what was put since must be found in another way."""


def keys_told(wal: Path, *, since: Moment, until: WalPosition) -> list[str]:
    """Keys of files that were put between that moment and that position, each once, in their order. It takes as long as
    the WAL between them is. Raises WalMissing, also where it belongs to another timeline.

    The application's role may write any message: what no file can be called is passed over, since one that the store's
    client refuses would end each pass from then on."""
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
            keys = dict.fromkeys(bytes.fromhex(one).decode(errors="replace") for one in found)
            return [one for one in keys if _is_key(one)]
    raise WalMissing(done.stderr.strip() or "the WAL ends too early")


def _is_key(text: str) -> bool:
    return text.isprintable() and len(text.encode()) <= _LONGEST and {"", ".", ".."}.isdisjoint(text.split("/"))


def _read(wal: Path, since: Moment, until: WalPosition, timeline: str) -> subprocess.CompletedProcess[str]:
    found = {
        name: one
        for one in wal.iterdir()
        if since.segment <= (name := one.name.removesuffix(_PARTIAL)) <= until.segment and len(name) == _LETTERS
    }
    if not _is_whole(found, since.segment, until.segment):
        # the program would wait five seconds for what is not there
        return subprocess.CompletedProcess([], 1, "", "not all segments are here")
    with TemporaryDirectory() as folder:
        for name, one in found.items():
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


def _is_whole(found: Mapping[str, Path], first: str, last: str) -> bool:
    """Whether each segment from the first to the last is among these; all of them are of one size."""
    if first not in found:
        return False
    try:
        in_a_log = _LOG // found[first].stat().st_size
    except FileNotFoundError:
        return False

    def number(name: str) -> int:
        return int(name[8:16], 16) * in_a_log + int(name[16:], 16)

    return len(found) == number(last) - number(first) + 1
