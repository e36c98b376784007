"""Requests to addresses that somebody typed in: never into our own network, never for long, never for much.

The name is resolved here, every address is judged, and the connection goes to the very address that was judged: a name
that answers otherwise the second time gains nothing. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, override
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings

TOTAL_SECONDS = 15.0
CONNECT_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024
_PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class Forbidden(Exception):
    """The address lies in a network that we do not send to, or is no address."""


class Unreachable(Exception):
    """No answer, none in time, or none that can be understood."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers``: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_passing(self) -> bool:
        """Whether a later attempt may be answered otherwise."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status in _PASSING

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks to be left alone, where it says so in seconds."""
        seconds = self.headers.get("retry-after", "")
        # a longer number is no number of seconds that anybody means
        return timedelta(seconds=int(seconds[:6])) if seconds.isascii() and seconds.isdigit() else None


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send the body. Raises Forbidden or Unreachable; every status is an answer."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Forbidden("地址不是网址")
    guard = _Guard(time.monotonic() + TOTAL_SECONDS)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=guard, max_connections=1) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            return Answer(
                response.status,
                {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers},
                _limited(response.iter_stream()),
            )
    except httpcore.TimeoutException as error:
        message = f"{TOTAL_SECONDS:.0f} 秒内没有答复"
        raise Unreachable(message) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable("连接失败或答复不完整") from error
    except (UnicodeError, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
        raise Forbidden("地址不是网址") from error


def _limited(chunks: Iterable[bytes]) -> bytes:
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) > LARGEST_ANSWER:
            message = f"答复超过 {LARGEST_ANSWER // 1024} KB"
            raise Unreachable(message)
    return found


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the list of authorities takes some 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


class _Guard(httpcore.NetworkBackend):
    """Opens connections to judged addresses only, and ends them all at one moment."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        address = _judged_address(host, port)
        stream = self._sockets.connect_tcp(address, port, timeout=CONNECT_SECONDS)
        return _Timed(stream, self._deadline)


class _Timed(httpcore.NetworkStream):
    """However slowly the other side trickles: at the deadline it is over."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    @override
    def close(self) -> None:
        self._stream.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _judged_address(host: str, port: int) -> str:
    """The first address of the name; Forbidden where any of them is not the open internet's."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError from error
    if host not in settings.CHANNEL_ALLOWED_HOSTS and not all(_is_public(one) for one in found):
        raise Forbidden("地址指向内部网络")
    return found[0]


def _is_public(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    # is_global is true of multicast
    return one.is_global and not one.is_multicast and (mapped is None or mapped.is_global)
