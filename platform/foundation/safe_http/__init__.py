"""Requests to addresses that somebody typed in: never into our own network, never for long, never for much. What the
settings name may lie in our own network; all the rest holds for it, too.

The name is resolved here, every address is judged, and the connection goes to the very address that was judged: a name
that answers otherwise the second time gains nothing. Redirects are not followed.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

TOTAL_SECONDS = 15.0
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
    """No answer, none in time, or none that can be understood. ``was_sent``: the other side may have got it."""

    def __init__(self, message: str, *, was_sent: bool = True) -> None:
        super().__init__(message)
        self.was_sent = was_sent


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
    def json_object(self) -> dict[str, Any] | None:
        """The JSON object in the body; None where it holds none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks to be left alone, where it says so in seconds."""
        seconds = self.headers.get("retry-after", "")
        # a longer number is no number of seconds that anybody means
        return timedelta(seconds=int(seconds[:6])) if seconds.isascii() and seconds.isdigit() else None


def post(
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float | None = None,
    is_of_settings: bool = False,
) -> Answer:
    """Send the body, and wait so long (TOTAL_SECONDS where nothing is said) for the whole answer. Raises Forbidden or
    Unreachable; every status is an answer. ``is_of_settings``: the operator has named the address, which may be one of
    our own network."""
    return request("POST", url, headers=headers, body=body, seconds=seconds, is_of_settings=is_of_settings)


def get(url: str, *, seconds: float | None = None, is_of_settings: bool = False) -> Answer:
    """Read what is there, as ``post`` sends."""
    return request("GET", url, headers={"Accept": "application/json"}, seconds=seconds, is_of_settings=is_of_settings)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    seconds: float | None = None,
    largest: int = LARGEST_ANSWER,
    is_of_settings: bool = False,
) -> Answer:
    """Any other method, as ``post`` sends; ``largest``: bytes of the answer that are read."""
    # its libraries are loaded by those alone who send something
    import httpcore  # noqa: PLC0415

    from foundation.safe_http.guarded import Guard, authorities  # noqa: PLC0415

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Forbidden("地址不是网址")
    seconds = TOTAL_SECONDS if seconds is None else seconds
    guard = Guard(time.monotonic() + seconds, is_of_settings=is_of_settings)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=authorities(), network_backend=guard, max_connections=1) as pool,
            pool.stream(method, url, headers=list(headers.items()), content=body) as response,
        ):
            return Answer(
                response.status,
                {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers},
                _limited(response.iter_stream(), largest),
            )
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Unreachable("连接失败", was_sent=False) from error
    except httpcore.TimeoutException as error:
        message = f"{seconds:.0f} 秒内没有答复"
        raise Unreachable(message) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable("连接失败或答复不完整") from error
    except (UnicodeError, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
        raise Forbidden("地址不是网址") from error


def _limited(chunks: Iterable[bytes], largest: int) -> bytes:
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) > largest:
            message = f"答复超过 {largest // 1024} KB"
            raise Unreachable(message)
    return found
