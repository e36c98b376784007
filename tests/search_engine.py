"""Indexes of a test's own on the real Elasticsearch, and a stand-in that is silent, refuses and lies as it is told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from uuid import uuid4

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.full_text.clients import engine, is_chosen
from foundation.full_text.indexes import INDEXES
from foundation.full_text.rebuilding import rebuild_index
from tests.engine_process import real_engine
from tests.servers import answering


@contextmanager
def engine_of_tests() -> Iterator[tuple[str, str]]:
    """The real server's address and a prefix under which no other test has indexes; none is built yet."""
    url, prefix = real_engine(), f"test-{uuid4().hex[:12]}"
    try:
        yield url, prefix
    finally:
        with override_settings(ELASTICSEARCH_URL=url):
            client = engine(patience=30)
            for name in client.indices.get(index=f"{prefix}-*").body:
                client.indices.delete(index=name)


def build_indexes() -> None:
    for index in INDEXES.values():
        rebuild_index(index)


def file_changes() -> None:
    """What the relay does with changes that wait to be filed, and with nothing else; they are found at once."""
    subscribers = [index.subscriber for index in INDEXES.values()]
    later = timezone.now() + timedelta(days=1)
    EventDelivery.objects.exclude(subscriber__in=subscribers).update(available_at=later)
    drain_events()
    make_visible()


def make_visible() -> None:
    """What was filed is found at once, not within a second."""
    if is_chosen():
        engine(patience=30).indices.refresh(index=f"{settings.ELASTICSEARCH_PREFIX}-*")


@dataclass
class FakeEngine:
    """``status`` and ``says``: its answer to everything; ``is_silent``: none, for so many ``seconds``; ``slow``: the
    beginning of the one path that it takes its time with."""

    address: str = ""
    status: int = 200
    says: bytes = b"{}"
    is_silent: bool = False
    slow: str = ""
    seconds: float = 3
    asked: list[str] = field(default_factory=list)


@contextmanager
def fake_engine() -> Iterator[FakeEngine]:
    fake = FakeEngine()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.asked.append(self.path)
            if fake.is_silent or (fake.slow and self.path.startswith(fake.slow)):
                time.sleep(fake.seconds)
            with suppress(OSError):
                self.send_response(fake.status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(fake.says)))
                self.end_headers()
                self.wfile.write(fake.says)

        do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            pass

    with answering(Handler) as address:
        fake.address = f"http://{address}"
        yield fake
