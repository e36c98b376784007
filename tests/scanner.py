"""clamd: the real one with one signature of ours, and a stand-in that is silent, breaks off and lies as it is told."""

import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

import pytest

from tests.servers import free_port, listens, wait_until

VIRUS = b"this is what the tests call a virus"


@contextmanager
def clamd() -> Iterator[str]:
    """The address of a real clamd that knows one virus."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("NOT TRIED with a real clamd: none is installed here (tests/set-up-scanner)")
    folder, port = Path(mkdtemp(prefix="yizhan-clamd-")), free_port()
    (folder / "tests.ndb").write_text(f"Yizhan.Tests:0:*:{VIRUS.hex()}\n", encoding="ascii")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"DatabaseDirectory {folder}\nTemporaryDirectory {folder}\nTCPAddr 127.0.0.1\nTCPSocket {port}\n"
        "Foreground yes\nStreamMaxLength 2M\nMaxThreads 2\n",
        encoding="ascii",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, f"--config-file={configuration}"], stdout=log, stderr=log)
        try:
            wait_until(lambda: listens(port), what="clamd's start")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)
            shutil.rmtree(folder, ignore_errors=True)


@dataclass
class FakeScanner:
    """Speaks clamd's INSTREAM; ``says`` is its answer to everything, ``got`` what it was shown."""

    address: str
    says: bytes = b"stream: OK\0"
    # hangs up after so many bytes
    most: int | None = None
    is_silent: bool = False
    got: list[bytes] = field(default_factory=list)


@contextmanager
def fake_scanner() -> Iterator[FakeScanner]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        scanner = FakeScanner(f"127.0.0.1:{server.getsockname()[1]}")
        Thread(target=_serve, args=(server, scanner), daemon=True).start()
        yield scanner
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, scanner: FakeScanner) -> None:
    kept = []
    while True:
        try:
            stream, _ = server.accept()
        except OSError:
            break
        kept.append(stream)
        _answer(stream, scanner)
        if not scanner.is_silent:
            stream.close()
    for stream in kept:
        stream.close()


def _answer(stream: socket.socket, scanner: FakeScanner) -> None:
    with stream.makefile("rb") as reader:
        assert reader.read(10) == b"zINSTREAM\0"
        got = b""
        while length := struct.unpack("!I", reader.read(4))[0]:
            got += reader.read(length)
            if scanner.most is not None and len(got) > scanner.most:
                stream.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        scanner.got.append(got)
        if not scanner.is_silent:
            stream.sendall(scanner.says)
