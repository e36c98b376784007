"""A province's bridge as somebody else would write it after docs/guides/bridges.md: it checks our signature with the
standard library and signs its own answers; and it can refuse, delay, repeat and lie."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.channel_server import Channel, Reply, Request

KEY = bytes(range(32))


@dataclass
class FakeBridge:
    """``says``: what it answers to a request; ``reply``: what it does instead, where that is something."""

    says: Callable[[dict[str, Any]], dict[str, Any]] = lambda _: {"result": "accepted"}
    reply: Callable[["FakeBridge", Request], Reply | None] = lambda *_: None
    algorithm: str = "sm3"
    channel: Channel = field(default_factory=Channel)
    unsigned: int = 0

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [one.said for one in self.channel.requests]

    def signature(self, *parts: bytes) -> str:
        return f"{self.algorithm}={hmac.new(KEY, b'.'.join(parts), self.algorithm).hexdigest()}"

    def answer(self, request: Request, **said: Any) -> Reply:
        body = json.dumps({"id": request.key, **(said or self.says(request.said))}).encode()
        nonce = request.headers["x-yizhan-nonce"].encode()
        return Reply(body=body, headers={"X-Yizhan-Signature": self.signature(nonce, body)})

    def _take(self, request: Request) -> Reply:
        told, nonce = (request.headers[f"x-yizhan-{name}"] for name in ("timestamp", "nonce"))
        expected = self.signature(told.encode(), nonce.encode(), request.body)
        if request.headers["x-yizhan-signature"] != expected or abs(time.time() - int(told)) > 300:
            self.unsigned += 1
            return Reply(status=401, body=b"{}")
        return self.reply(self, request) or self.answer(request)

    @contextmanager
    def running(self) -> Iterator["FakeBridge"]:
        self.channel.reply_to = self._take
        with self.channel.running():
            yield self
