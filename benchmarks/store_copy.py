"""Files of a province in the backup: the pass of every minute, which goes by what the WAL tells, beside the list of the
whole store, which was the pass until then and is made once an hour now."""

import hashlib
import json
import os
import resource
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from benchmarks.measuring import line, say, timed
from benchmarks.world import Profile
from foundation.backups import database
from foundation.backups.copies import CopiedFile, StoreCopy, _listed
from foundation.backups.folder import BackupFolder, Base
from foundation.embedded_services import postgres, seaweed
from foundation.files.store import FileInStore, make_bucket, put_as_owner, put_back
from provisioning.follow import EVERY
from provisioning.whole import backup_server, note_moment, prepared_folder, wal_received
from tests.servers import PASSWORD, scratch

# what SeaweedFS takes for the distance of a filer's two ports
_GRPC = 10_000
_IN_FOLDER = 100
_FRESH = 500
_BYTES = 1_000
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
# of a pass: a pause and two of them are five minutes
_BOUND = 120


def run(profile: Profile) -> list[dict[str, Any]]:
    files = 300_000 if profile.is_full else 3_000
    make_bucket()
    _fill(files)
    with tempfile.TemporaryDirectory() as place, _receiving(Path(place)) as folder:
        copy = StoreCopy(folder.files)
        _seed(folder.files)
        told, listed = _Way(folder, lists=False), _Way(folder, lists=True)
        _note(folder)
        idle = told.measured()
        idle_listed = listed.measured()
        for one in _fresh("a"):
            put_as_owner(one)
        plain = _measured(lambda: [put_as_owner(one) for one in _fresh("b")])
        busy_listed = listed.measured()
        telling = _measured(lambda: [put_back(one) for one in _fresh("c")])
        busy = told.measured()
        compared = _measured(copy.missing)
    back = _put_back_again()
    load = [round(one, 1) for one in os.getloadavg()]
    return [
        line(
            "a pass of the backup by what the WAL tells, nothing new",
            measured=idle["seconds"],
            bound=f"<= {_BOUND} s",
            holds=idle["seconds"] <= _BOUND if profile.is_full else None,
            files=files,
            load=load,
            **idle,
        ),
        line(
            f"a pass by what the WAL tells, {_FRESH} new files",
            measured=busy["seconds"],
            bound=f"<= {_BOUND} s",
            holds=busy["seconds"] <= _BOUND if profile.is_full else None,
            **busy,
        ),
        line(
            "what is lost of files at most: a pause and two passes",
            measured=round(EVERY + 2 * busy["seconds"], 1),
            bound="<= 300 s",
            holds=EVERY + 2 * busy["seconds"] <= 300 if profile.is_full else None,
        ),
        line(
            "a pass by the list of the whole store, nothing new",
            measured=idle_listed["seconds"],
            bound="none",
            holds=None,
            **idle_listed,
        ),
        line(
            f"a pass by the list of the whole store, {2 * _FRESH} new files",
            measured=busy_listed["seconds"],
            bound="none",
            holds=None,
            **busy_listed,
        ),
        line(
            "the hourly comparing of store and copy, beside the passes",
            measured=compared["seconds"],
            bound="none",
            holds=None,
            **compared,
        ),
        line(
            f"a restore of {2 * _FRESH} files into an empty store, a file",
            measured=round(1000 * back["seconds"] / (2 * _FRESH), 2),
            bound="none",
            holds=None,
            unit="ms",
            **back,
        ),
        line(
            f"{_FRESH} files put and told of",
            measured=telling["seconds"],
            bound="none",
            holds=None,
            without_telling=plain,
            **telling,
        ),
    ]


def _put_back_again() -> dict[str, Any]:
    """What was put last, out of a copy of its own."""
    with tempfile.TemporaryDirectory() as place:
        copy = StoreCopy(Path(place))
        now = datetime.now(UTC)
        assert copy.copy_these([one.key for name in "bc" for one in _fresh(name)], now) == 2 * _FRESH
        with override_settings(S3_BUCKET="yizhan-restored"):
            return _measured(lambda: copy.put_all(until=now))


class _Way:
    """A pass as ``yizhan backup follow`` makes it, in one of the two ways."""

    def __init__(self, folder: BackupFolder, *, lists: bool) -> None:
        self._folder, self._lists = folder, lists

    def measured(self) -> dict[str, Any]:
        copied: list[int] = []
        return _measured(lambda: copied.append(_note(self._folder, lists=self._lists))) | {"copied": copied[0]}


def _note(folder: BackupFolder, *, lists: bool = False) -> int:
    return note_moment(folder, lists=lists)[1]


def _fresh(name: str) -> list[FileInStore]:
    return [
        FileInStore(f"desks/fresh/{name}/{number}.bin", "application/octet-stream", _content(f"{name}{number}"))
        for number in range(_FRESH)
    ]


@contextmanager
def _receiving(place: Path) -> Iterator[BackupFolder]:
    """A folder of backups into which the WAL of the benchmark's database comes; of its backup of the database there is
    no more than the name."""
    server = settings.DATABASES["default"] | {"USER": postgres.BACKUP, "PASSWORD": PASSWORD}
    with override_settings(BACKUP_FOLDER=place, BACKUP_DATABASE=server):
        folder = prepared_folder()
        now = datetime.now(UTC)
        base = Base(f"{now:%Y%m%dT%H%M%S.%fZ}", "", now.isoformat(), now.isoformat(), "")
        folder.base_path(base.id).mkdir()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")
            label = f"START WAL LOCATION: 0/1 (file {cursor.fetchone()[0]})\n"
        (folder.base_path(base.id) / "backup_label").write_text(label)
        folder.add_base(base)
        try:
            with wal_received(folder):
                yield folder
        finally:
            database.drop_slot(backup_server())


def _content(name: str) -> bytes:
    return hashlib.sha256(name.encode()).hexdigest().encode() * (_BYTES // 64)


def _fill(files: int) -> None:
    """By SeaweedFS's own program: by S3 one after the other they would take half an hour."""
    store = urlsplit(settings.S3_ENDPOINT).port or 0
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        halls = Path(folder) / "desks"
        for number in range(files):
            if number % _IN_FOLDER == 0:
                (halls / f"{number // _IN_FOLDER:06d}").mkdir(parents=True)
            path = halls / f"{number // _IN_FOLDER:06d}" / f"{hashlib.sha256(str(number).encode()).hexdigest()}.pdf"
            path.write_bytes(_content(str(number)))
        with timed() as filling, _relay(store + 3 + _GRPC, to=store + 13):
            subprocess.run(
                [
                    *(seaweed.program(), "filer.copy", "-c=16", str(halls)),
                    f"http://127.0.0.1:{store + 3}/buckets/{settings.S3_BUCKET}/",
                ],
                check=True,
                capture_output=True,
                env=os.environ | seaweed.certificates((scratch() / "s3-keys").resolve()),
            )
    say(f"  {files} files in {filling.seconds:.0f} s")


@contextmanager
def _relay(port: int, *, to: int) -> Iterator[None]:
    """The program that copies looks for the filer's gRPC so far above its HTTP, and cannot be told otherwise."""

    class Relayed(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", to)) as filer:
                back = threading.Thread(target=_pour, args=(filer, self.request))
                back.start()
                _pour(self.request, filer)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Relayed) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _memory() -> Path | None:
    """Where small files are made at once."""
    folder = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    return folder if folder.is_dir() else None


def _seed(folder: Path) -> None:
    """As if all had been copied: their contents are not looked at by a pass."""
    with (folder / "index.jsonl").open("w", encoding="utf-8") as index:
        for one in _listed():
            line = CopiedFile(*one, "application/pdf", hashlib.sha256(one.key.encode()).hexdigest(), _LONG_AGO)
            index.write(f"{json.dumps(asdict(line))}\n")


def _measured(act: Callable[[], object]) -> dict[str, Any]:
    """Seconds by the clock, and of processors: of this process with what it calls, and of the store's."""
    stores = [one for one in psutil.process_iter() if _is_store(one)]
    before = [one.cpu_times() for one in stores]
    own = _spent()
    with timed() as taken:
        act()
    after = _spent()
    spent = [one.cpu_times() for one in stores]
    return {
        "seconds": round(taken.seconds, 2),
        "cpu_seconds": round(after - own, 2),
        "store_cpu_seconds": round(
            sum(b.user + b.system - a.user - a.system for a, b in zip(before, spent, strict=True)), 2
        ),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _spent() -> float:
    """With the programs that were called and have ended: one of them reads the WAL."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _is_store(process: psutil.Process) -> bool:
    try:
        return process.ppid() == os.getpid() and "weed" in Path(process.exe()).name
    except psutil.Error:
        return False
