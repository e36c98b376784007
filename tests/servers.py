"""The real parts that the tests run on: started once per run on free ports, on data that is thrown away."""

import hashlib
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from foundation.embedded_services import postgres, seaweed, valkey

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "tests-only"
S3_KEY = "TESTSONLY0000000000"
# none of them speaks TLS: to read the system's certificates, as a request by itself does, takes 30 ms of a processor
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


# a file system in memory, and what must be free of it: the servers' data and a whole machine's
_MEMORY, _ROOM = Path("/dev/shm"), 8 * 1024**3  # noqa: S108 - the folder inside is named after this checkout


def scratch() -> Path:
    """Where test servers keep data: outside the checkout, because PostgreSQL's user must reach it, and in memory where
    there is room, because a database is cloned there in a fifth of a second instead of one to three. ``tests.plugin``
    decides once for all processes of a run (``YIZHAN_TEST_VAR``)."""
    if named := os.environ.get("YIZHAN_TEST_VAR"):
        return Path(named)
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return (_MEMORY if has_room else Path(tempfile.gettempdir())) / f"yizhan-test-{os.geteuid()}-{digest}"


# the system gives ports from 32768 on (net.ipv4.ip_local_port_range), also to every connection that goes out
_LOWEST_PORT, _LOWEST_GIVEN = 12_000, 32_000
_handed_out: set[int] = set()


def free_port(*, width: int = 1) -> int:
    """A port with ``width - 1`` free ones behind it, below those that the system gives away: a server that starts
    minutes later still finds it free."""
    # not the module's own numbers: hypothesis begins them anew in every process
    drawn = random.SystemRandom()
    for _ in range(1000):
        port = drawn.randrange(_LOWEST_PORT, _LOWEST_GIVEN - width)
        ports = range(port, port + width)
        # those of a server that has not started yet look free
        if _handed_out.isdisjoint(ports) and all(map(_is_free, ports)):
            _handed_out.update(ports)
            return port
    message = "no free ports"
    raise RuntimeError(message)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(is_true: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return
        time.sleep(0.05)
    message = f"{what} did not happen in {seconds} s"
    raise TimeoutError(message)


def filer_answers() -> bool:
    """Whether the store's other door is open, at which halls get their keys: it asks for one."""
    host, _, port = os.environ["S3_FILER_ENDPOINT"].rpartition("/")[2].partition(":")
    with suppress(OSError, HTTPException), closing(HTTPConnection(host, int(port), timeout=2)) as door:
        door.request("GET", "/")
        return door.getresponse().status == HTTPStatus.UNAUTHORIZED
    return False


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_roles_and_database(port: int, *, database: str = "yizhan") -> None:
    """The application's role and the owner, with one password; the owner may step back into the application's role, so
    that one connection of a test can make a hall and then see what the application may do to it."""
    postgres.make_roles_and_database(
        port=port, superuser=PASSWORD, owner=PASSWORD, application=PASSWORD, backup=PASSWORD, database=database
    )
    subprocess.run(
        [
            *(postgres.binaries() / "psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"),
            *("-c", f"GRANT {postgres.ROLE} TO {postgres.OWNER} WITH INHERIT FALSE, SET TRUE"),
        ],
        check=True,
        env=os.environ | {"PGPASSWORD": PASSWORD},
    )


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """``host:port`` of a server of the test's own on loopback; each call is answered in a thread of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Servers:
    """The servers of one test run."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    # what is thrown away with them
    folders: list[Path] = field(default_factory=list)

    def start_postgres(self, port: int, *, durable: bool = False) -> None:
        data = scratch() / "postgres"
        (data / "postmaster.pid").unlink(missing_ok=True)
        postgres.prepare(data, port=port, password=PASSWORD, durable=durable, is_small=not durable)
        self._run(postgres.command(data), log="postgres", user=postgres.ensure_os_user())
        wait_until(lambda: postgres.is_answering(port=port), what="PostgreSQL's start")
        make_roles_and_database(port)

    def start_valkey(self, port: int) -> None:
        data = self._folder("yizhan-valkey-")
        self._run(valkey.command(data, port=port, password=PASSWORD, durable=False), log="valkey")
        wait_until(lambda: listens(port), what="Valkey's start")

    def start_seaweed(self, port: int) -> None:
        """Returns before the store answers (it takes some 6 s)."""
        key = seaweed.S3Key(S3_KEY, PASSWORD)
        data = self._folder("yizhan-s3-")
        # the tests make buckets and keys; what the application's own key may do, tests/machine sees
        application = seaweed.S3Key(f"{S3_KEY[:-1]}1", PASSWORD)
        variables = seaweed.prepare(
            data,
            root=key,
            application=application,
            bucket="yizhan",
            folders=("desks",),
            locked_bucket="yizhan-audit",
            store_key=PASSWORD,
        )
        # for a test that speaks to the inner doors
        (scratch() / "s3-keys").unlink(missing_ok=True)
        (scratch() / "s3-keys").symlink_to(data / "keys")
        for name, command in seaweed.commands(data, port=port).items():
            self._run(command, log=name, environment=variables)

    def stop(self) -> None:
        """At once: the data is thrown away, and SeaweedFS takes ten seconds to end politely."""
        for process in reversed(self.processes):
            is_postgres = "postgres" in str(process.args)
            process.send_signal(signal.SIGINT if is_postgres else signal.SIGKILL)
        for process in self.processes:
            process.wait()
        self.processes.clear()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        self.folders.clear()

    def _folder(self, prefix: str) -> Path:
        self.folders.append(Path(tempfile.mkdtemp(prefix=prefix)))
        return self.folders[-1]

    def _run(
        self, command: Iterable[str], *, log: str, user: str | None = None, environment: dict[str, str] | None = None
    ) -> None:
        scratch().mkdir(parents=True, exist_ok=True)
        with (scratch() / f"{log}.log").open("ab") as out:
            self.processes.append(
                subprocess.Popen(
                    [*command],
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    user=user,
                    cwd="/",
                    env=os.environ | (environment or {}),
                )
            )
