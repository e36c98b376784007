"""Clients that begin and do not go on keep nobody from reading: half heads, bodies of which a byte comes at a time."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from config.machine.parts import web_command
from tests.servers import ROOT, free_port, listens, scratch, wait_until

HALF_HEADS, SLOW_BODIES = 300, 40
# seconds in which a page comes all the same
PATIENCE = 12
HOST = "north.yizhan.localhost"


@pytest.fixture
def port(fresh_database: None) -> Iterator[int]:
    """Of the web server as `yizhan up` starts it."""
    port = free_port()
    with (scratch() / f"slow-clients-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            web_command("127.0.0.1", port),
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: listens(port), what="the web server's start")
        wait_until(lambda: _page(port).status_code == 200, what="the first page")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _page(port: int) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{port}/", headers={"Host": HOST}, timeout=PATIENCE)


def _begin(stack: ExitStack, port: int, text: str) -> socket.socket:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
    client.sendall(text.encode())
    return client


def _slow_body(kind: str, length: int) -> str:
    return (
        f"POST /sign-in/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: csrftoken={32 * 'x'}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\na"
    )


class TestHalfHeads:
    def test_keep_nobody_from_reading(self, port: int) -> None:
        with ExitStack() as stack:
            for _ in range(HALF_HEADS):
                _begin(stack, port, f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ")
            time.sleep(0.5)
            began_at = time.monotonic()
            assert _page(port).status_code == 200
            assert time.monotonic() - began_at < PATIENCE

    def test_are_not_waited_for(self, port: int) -> None:
        with ExitStack() as stack:
            client = _begin(stack, port, f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ")
            began_at = time.monotonic()
            # closed by the server, or told that it took too long
            client.recv(100)
            assert time.monotonic() - began_at < PATIENCE


class TestSlowBodies:
    @pytest.mark.parametrize(
        ("kind", "length"),
        [
            ("application/x-www-form-urlencoded", 100),
            ("application/x-www-form-urlencoded", 4_000_000),
            ("multipart/form-data; boundary=x", 100),
            ("multipart/form-data; boundary=x", 40_000_000),
        ],
    )
    def test_keep_nobody_from_reading(self, port: int, kind: str, length: int) -> None:
        with ExitStack() as stack:
            clients = [_begin(stack, port, _slow_body(kind, length)) for _ in range(SLOW_BODIES)]
            time.sleep(1)
            for _ in range(4):
                assert _page(port).status_code == 200
            # those beyond the few that are waited for were told so
            told = 0
            for client in clients:
                client.settimeout(0.2)
                try:
                    told += b" 503 " in client.recv(200)
                except TimeoutError:
                    continue
            assert told >= SLOW_BODIES // 2
