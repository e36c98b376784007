"""Connections into the open internet alone (safe_http): every address of a name is judged, and none lasts
longer than it may."""

import ipaddress
import socket
import ssl
import time
from functools import cache
from typing import Any, override

import httpcore
import httpx
from django.conf import settings

from foundation.safe_http import Forbidden

CONNECT_SECONDS = 5.0


@cache
def authorities() -> ssl.SSLContext:
    """Reading the list of authorities takes some 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


class Guard(httpcore.NetworkBackend):
    """Opens connections to judged addresses only, and ends them all at one moment."""

    def __init__(self, deadline: float, *, is_of_settings: bool) -> None:
        self._deadline = deadline
        self._is_of_settings = is_of_settings
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
        address = _judged_address(host, port, is_allowed=self._is_of_settings)
        left = min(CONNECT_SECONDS, self._deadline - time.monotonic())
        if left <= 0:
            raise httpcore.ConnectTimeout
        stream = self._sockets.connect_tcp(address, port, timeout=left)
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


def _judged_address(host: str, port: int, *, is_allowed: bool) -> str:
    """The first address of the name; Forbidden where any of them is not the open internet's, unless that is
    allowed."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError from error
    if not is_allowed and host not in settings.CHANNEL_ALLOWED_HOSTS and not all(_is_public(one) for one in found):
        raise Forbidden("地址指向内部网络")
    return found[0]


def _is_public(address: str) -> bool:
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    # is_global is true of multicast
    return one.is_global and not one.is_multicast and (mapped is None or mapped.is_global)
