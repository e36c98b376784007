"""The other side of a connector: a real HTTP server that does what it is told, fails, delays, repeats and lies.

It remembers every request, and does an act once for each Idempotency-Key, as it should.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock
from typing import Any

from tests.servers import answering


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes | None = None  # None: as agreed
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    # bytes a tenth of a second
    trickle: int = 0
    hangs_up: bool = False


@dataclass
class Channel:
    """``reply_to`` decides; by default every request is answered as agreed."""

    reply_to: Callable[[Request], Reply] = lambda _: Reply()
    requests: list[Request] = field(default_factory=list)
    # what was really done: each key once
    acts: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""
    _done: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def url(self, path: str = "/hook") -> str:
        return f"http://{self.address}{path}"

    def take(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
        reply = self.reply_to(request)
        time.sleep(reply.delay)
        if reply.status < 300:
            self._act(request)
        return reply

    def _act(self, request: Request) -> None:
        with self._lock:
            if request.key in self._done:
                return
            self._done.add(request.key)
            said = request.said if request.headers.get("content-encoding") is None else {}
            self.acts.append(said)

    @contextmanager
    def running(self, port: int = 0) -> Iterator["Channel"]:
        with answering(_handler_of(self), port) as address:
            self.address = address
            yield self


def _handler_of(channel: Channel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                # who was sending it is gone: nothing was said
                self.close_connection = True
                return
            request = Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            reply = channel.take(request)
            if reply.hangs_up:
                self.close_connection = True
                return
            agreed = json.dumps({"delivery_id": request.key, "reference": f"ref-{request.key[-4:]}"}).encode()
            self._answer(reply, agreed if reply.body is None else reply.body)

        def _answer(self, reply: Reply, content: bytes) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                while content:
                    size = reply.trickle or len(content)
                    self.wfile.write(content[:size])
                    self.wfile.flush()
                    content = content[size:]
                    time.sleep(0.1 if reply.trickle else 0)
            except OSError:
                # the client went away
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler
