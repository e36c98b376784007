"""The doctor's clock is compared with a time server's, not with itself."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from pytest_django import Settings

from config.doctor.clock import clock_agrees
from tests.servers import free_port

_SINCE_1900 = 2_208_988_800


def answer(ahead: float = 0, *, head: int = 0x24, stratum: int = 2) -> bytes:
    now = time.time() + ahead + _SINCE_1900
    return bytes([head, stratum]).ljust(40, b"\0") + struct.pack("!II", int(now), int(now % 1 * 2**32))


@contextmanager
def time_server(said: bytes) -> Iterator[str]:
    """Answers one question, with whatever it is told."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)

        def serve() -> None:
            _, asker = server.recvfrom(64)
            server.sendto(said, asker)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def fault() -> str:
    found = clock_agrees()
    return found.fault if found else ""


class TestClock:
    def test_is_right(self, settings: Settings) -> None:
        with time_server(answer()) as settings.TIME_SERVER:
            assert clock_agrees() is None

    @pytest.mark.parametrize(("ahead", "word"), [(60, "慢 60 秒"), (-3600, "快 3600 秒")])
    def test_is_off(self, settings: Settings, ahead: float, word: str) -> None:
        with time_server(answer(ahead)) as settings.TIME_SERVER:
            assert f"本机时钟比标准时间{word}" in fault()

    @pytest.mark.parametrize(
        "said",
        [b"", b"short", answer(head=0xE4), answer(head=0x23), answer(stratum=0)],
        ids=["empty", "short", "does not know the time", "is no server", "refuses"],
    )
    def test_is_not_compared_with_what_says_no_time(self, settings: Settings, said: bytes) -> None:
        with time_server(said) as settings.TIME_SERVER:
            assert "没有与标准时间核对" in fault()

    def test_is_not_compared_where_nobody_answers(self, settings: Settings) -> None:
        settings.TIME_SERVER = f"127.0.0.1:{free_port()}"
        assert "没有回答" in fault()

    def test_is_not_called_right_where_nobody_was_asked(self, settings: Settings) -> None:
        settings.TIME_SERVER = ""
        assert "没有设置 TIME_SERVER" in fault()
