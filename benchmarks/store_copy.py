"""Files of a province in the backup: what the pass of every minute takes, beside all that were copied before."""

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

from benchmarks.measuring import line, say, timed
from benchmarks.world import Profile
from foundation.backups.copies import CopiedFile, StoreCopy, _listed
from foundation.embedded_services import seaweed
from foundation.files.store import FileInStore, make_bucket, put_as_owner
from provisioning.follow import EVERY
from tests.servers import scratch

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
    with tempfile.TemporaryDirectory() as folder:
        copy = StoreCopy(Path(folder))
        _seed(Path(folder))
        idle = _measured(lambda: copy.copy_all(datetime.now(UTC)))
        for number in range(_FRESH):
            put_as_owner(FileInStore(f"desks/fresh/{number}.bin", "application/octet-stream", _content(f"f{number}")))
        busy = _measured(lambda: copy.copy_all(datetime.now(UTC)))
    listed = _measured(lambda: sum(1 for _ in _listed()))
    load = [round(one, 1) for one in os.getloadavg()]
    return [
        line(
            "a pass of the backup over files that were all copied before",
            measured=idle["seconds"],
            bound=f"<= {_BOUND} s",
            holds=idle["seconds"] <= _BOUND if profile.is_full else None,
            files=files,
            load=load,
            **idle,
        ),
        line(
            f"a pass that copies {_FRESH} new ones",
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
        line("of a pass: the list of the store", measured=listed["seconds"], bound="none", holds=None, **listed),
    ]


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
    """Seconds by the clock, and of processors: of this process and of the store's."""
    stores = [one for one in psutil.process_iter() if _is_store(one)]
    before = [one.cpu_times() for one in stores]
    own = resource.getrusage(resource.RUSAGE_SELF)
    with timed() as taken:
        act()
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = [one.cpu_times() for one in stores]
    return {
        "seconds": round(taken.seconds, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime, 2),
        "store_cpu_seconds": round(
            sum(b.user + b.system - a.user - a.system for a, b in zip(before, spent, strict=True)), 2
        ),
        "memory_mb": round(after.ru_maxrss / 1024),
    }


def _is_store(process: psutil.Process) -> bool:
    try:
        return process.ppid() == os.getpid() and "weed" in Path(process.exe()).name
    except psutil.Error:
        return False
