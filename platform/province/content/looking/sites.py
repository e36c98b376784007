"""One look at one site, as a reader would look."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from foundation.crypto.sm3 import sm3
from province.content.looking.expectations import Expectation, FetchedPage
from province.content.states import LookedAt, Outcome

# loaded by those alone who look at sites
if TYPE_CHECKING:
    import httpx

THREADS = 12
# seconds after which a site counts as closed (国家政府网站普查)
_TIMEOUT = 15.0
_BROKEN = 500
# beyond this nobody reads a page; what is larger is no page of ours
_LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """How sites are reached: by the name of their own, as readers do, or with that name at one address of this machine,
    past DNS and proxy (``address``)."""

    scheme: str
    port: int
    address: str = ""

    def origin(self, domain: str) -> str:
        return f"http://{self.address}" if self.address else f"{self.scheme}://{domain}:{self.port}"

    def headers(self, domain: str) -> dict[str, str]:
        return {"Host": domain} if self.address else {}


@dataclass(frozen=True, slots=True)
class Site:
    """A hall's site; a hall may have lost its domain. ``column``: where this hall shows the push."""

    number: int
    domain: str | None
    column: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """``seen``: what was there instead, place by place, in plain Chinese; ``statuses``: in the order of ``LookedAt``,
    as far as anything came back; ``digest``: SM3 of the article's page; ``faulty``: that of each other page that was
    wrong."""

    number: int
    outcome: Outcome
    looked_at: datetime
    seen: str = ""
    statuses: tuple[int, ...] = ()
    digest: str = ""
    faulty: dict[str, str] = field(default_factory=dict)


class AwayError(Exception):
    """Nothing came back; says why, in Chinese."""


def reader() -> "httpx.Client":
    """A browser that follows nothing and shares its connections among the threads."""
    import httpx  # noqa: PLC0415

    from foundation.safe_http.guarded import authorities  # noqa: PLC0415

    return httpx.Client(
        verify=authorities(),
        timeout=_TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS),
        headers={"User-Agent": "yizhan-proof"},
    )


def look(client: "httpx.Client", way: Way, expects: Expectation, site: Site) -> Sighting:
    """Fetch the article's page, the home page, the column, the feed and the search, and say what is wrong there.

    The first place that cannot be reached ends the look: a reader would not come further.
    """
    now = datetime.now(UTC)
    if not site.domain:
        return Sighting(site.number, Outcome.UNREACHABLE, now, "没有域名")
    statuses: list[int] = []
    faults: list[str] = []
    digests: dict[str, str] = {}
    for place, path in expects.paths(site.column).items():
        try:
            answer, hall = fetch_page(client, way, site.domain, path)
        except AwayError as error:
            return Sighting(
                site.number,
                Outcome.UNREACHABLE,
                now,
                _said(place, str(error)),
                tuple(statuses),
                digests.get("article", ""),
            )
        statuses.append(answer.status)
        digest = sm3(answer.body).hex()
        if answer.status >= _BROKEN:
            fault = f"返回状态 {answer.status}"
            digests[str(place)] = digest
            return _sighting(site, now, Outcome.UNREACHABLE, [_said(place, fault)], statuses, digests)
        # an unknown host, or a proxy's own page, answers 404 as well: that proves nothing of this hall
        fault = expects.fault_in(place, answer, site.column) if hall == str(site.number) else "回答的不是这个服务厅"
        if fault or place == LookedAt.ARTICLE:
            digests[str(place)] = digest
        faults += [_said(place, fault)] if fault else []
    return _sighting(site, now, Outcome.WRONG if faults else Outcome.RIGHT, faults, statuses, digests)


def _sighting(
    site: Site, now: datetime, outcome: Outcome, faults: list[str], statuses: list[int], digests: dict[str, str]
) -> Sighting:
    faulty = {place: digest for place, digest in digests.items() if place != LookedAt.ARTICLE}
    return Sighting(
        site.number, outcome, now, "；".join(faults), tuple(statuses), digests.get(LookedAt.ARTICLE, ""), faulty
    )


def _said(place: LookedAt, fault: str) -> str:
    return f"{place.label}：{fault}"


def fetch_page(client: "httpx.Client", way: Way, domain: str, path: str) -> tuple[FetchedPage, str]:
    """The answer, and the number of the hall that gave it. Raises AwayError with the reason in Chinese."""
    import httpx  # noqa: PLC0415

    try:
        response = _twice(lambda: client.get(f"{way.origin(domain)}{path}", headers=way.headers(domain)))
    except httpx.TimeoutException as error:
        raise AwayError("访问超时") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AwayError(_reason(error)) from error
    body = response.content[:_LARGEST]
    return FetchedPage(response.status_code, body, response.headers.get("Location", "")), response.headers.get(
        "X-Hall", ""
    )


def _twice(get: "Callable[[], httpx.Response]") -> "httpx.Response":
    """Once more where the connection broke: a server may close a kept one at the moment of its use."""
    import httpx  # noqa: PLC0415

    try:
        return get()
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        return get()


def _reason(error: BaseException) -> str:
    """Which of the things that stand between a reader and a site failed."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, socket.gaierror):
            return "域名无法解析"
        if "CERTIFICATE_VERIFY_FAILED" in str(below):
            return "证书不可信"
        below = below.__cause__ or below.__context__
    return "无法连接"
