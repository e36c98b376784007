"""Web server, relay and worker as they are run, on the test's own database, with a broker of their own; and a server
that stands for one of the operator's, which takes what they send, refuses it, or keeps them waiting."""

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import httpx
import redis
from django.conf import settings

from tests.servers import ROOT, answering, free_port, listens, scratch, wait_until

_BIN = Path(sys.executable).parent
# letters of a log's end
_SHOWN = 4000


@dataclass
class Programs:
    """Those that run, what they have logged, and what their variables are."""

    address: str
    variables: dict[str, str]
    logs: dict[str, Path]
    processes: dict[str, subprocess.Popen[bytes]]

    def log(self, name: str) -> str:
        return self.logs[name].read_text(encoding="utf-8")

    def browser(self, host: str) -> httpx.Client:
        return httpx.Client(base_url=f"http://{self.address}", headers={"Host": host}, timeout=60)


@contextmanager
def running(*, others: Mapping[str, Sequence[str]] | None = None, **variables: str) -> Iterator[Programs]:
    """All three; they end with the block. ``others``: commands of programs besides, or in place of one of the three."""
    number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % 8 + 8
    port = free_port()
    own = {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BROKER_URL": settings.BROKER_URL.rpartition("/")[0] + f"/{number}",
        **variables,
    }
    # what others have left to nobody would be told of as well
    with redis.Redis.from_url(own["BROKER_URL"]) as broker:
        broker.flushdb()
    commands = {
        "web": [
            *(str(_BIN / "granian"), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "2", "config.wsgi:application"),
        ],
        "relay": [str(_BIN / "yizhan"), "relay"],
        "worker": [
            *(str(_BIN / "celery"), "-A", "config.celery", "worker", "-P", "solo", "-l", "WARNING"),
            *("-n", f"worker-{port}@%h", "--without-gossip", "--without-mingle"),
        ],
        **(others or {}),
    }
    scratch().mkdir(parents=True, exist_ok=True)
    logs = {name: scratch() / f"programs-{port}-{name}.log" for name in commands}
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            with logs[name].open("wb") as log:
                started[name] = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)
        wait_until(lambda: listens(port), what="the web server's start")
        yield Programs(f"127.0.0.1:{port}", own, logs, started)
    except BaseException:
        # pytest shows it beside what failed
        for name, log in logs.items():
            sys.stdout.write(f"{name}:\n{log.read_text(encoding='utf-8', errors='replace')[-_SHOWN:]}\n")
        raise
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(timeout=30)


@dataclass
class Collector:
    """What was sent to it, each body unpacked, by path. It answers once ``may_answer`` is set, with ``status``."""

    address: str = ""
    status: int = 200
    answer: bytes = b"{}"
    got: list[tuple[str, bytes]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    may_answer: Event = field(default_factory=Event)
    # nobody listens any more
    leave: Callable[[], None] = lambda: None

    def bodies(self) -> str:
        return "\n".join(body.decode("utf-8", "replace") for _, body in list(self.got))


@contextmanager
def collecting(answer: bytes = b"{}") -> Iterator[Collector]:
    collector = Collector(answer=answer)
    collector.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            collector.heads.append({name.lower(): value for name, value in self.headers.items()})
            collector.got.append((self.path, gzip.decompress(body) if is_packed else body))
            collector.may_answer.wait(60)
            self.send_response(collector.status)
            self.send_header("Content-Length", str(len(collector.answer)))
            self.end_headers()
            self.wfile.write(collector.answer)

        def log_message(self, *args: object) -> None:
            """Silent."""

    with ExitStack() as server:
        collector.address = server.enter_context(answering(Handler))
        collector.leave = server.close
        try:
            yield collector
        finally:
            collector.may_answer.set()
