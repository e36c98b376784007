"""One look at one site, as a reader would look. Nothing here touches the database: it runs in threads."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from province.content.models import Push
from province.content.queries.pushes import page_answer
from province.content.states import PageAnswer

# loaded by those alone who look at sites
if TYPE_CHECKING:
    import httpx

THREADS = 12
# seconds after which a site counts as closed (国家政府网站普查)
_TIMEOUT = 15.0
_MARKER = re.compile(r'<meta name="yizhan-version" content="([^"]*)"')
_STATUS = {
    PageAnswer.SHOWN: 200,
    PageAnswer.NOTICE: 200,
    PageAnswer.GONE: 410,
    PageAnswer.REDIRECT: 301,
    PageAnswer.MISSING: 404,
}
_BROKEN = 500


@dataclass(frozen=True, slots=True)
class Site:
    """A hall's site; a hall may have lost its domain."""

    number: int
    domain: str | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """``outcome``: right, wrong or unreachable; ``seen``: what was there instead, in plain Chinese."""

    number: int
    outcome: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What every site must answer for the page of a push."""

    push_id: UUID
    answer: PageAnswer
    marker: str
    reason: str
    redirect_url: str

    @classmethod
    def of(cls, push: Push) -> "Expectation":
        return cls(push.pk, page_answer(push), str(push.shown_id), push.withdrawal_reason, push.redirect_url)

    def fault_in(self, response: "httpx.Response") -> str:
        """What is not as it must be; "" where everything is."""
        if response.status_code != _STATUS[self.answer]:
            return f"返回状态 {response.status_code}"
        if self.answer == PageAnswer.REDIRECT:
            location = response.headers.get("Location", "")
            return "" if location == iri_to_uri(self.redirect_url) else f"转到了 {location[:200]}"
        if self.answer in {PageAnswer.SHOWN, PageAnswer.NOTICE}:
            marker = _MARKER.search(response.text)
            if marker is None:
                return "页面中没有稿件"
            if marker[1] != self.marker:
                return "显示的是另一个版本"
        if self.answer == PageAnswer.NOTICE and escape(self.reason) not in response.text:
            return "页面中没有撤稿说明"
        return ""


def reader() -> "httpx.Client":
    """A browser that follows nothing and shares its connections among the threads."""
    import httpx  # noqa: PLC0415

    return httpx.Client(
        timeout=_TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS),
        headers={"User-Agent": "yizhan-proof"},
    )


def look(client: "httpx.Client", expects: Expectation, site: Site) -> Sighting:
    import httpx  # noqa: PLC0415

    if not site.domain:
        return Sighting(site.number, "unreachable", "没有域名")
    address = settings.SITE_FETCH_ADDRESS
    origin = f"http://{address}" if address else f"{settings.PUBLIC_SCHEME}://{site.domain}:{settings.PUBLIC_PORT}"
    headers = {"Host": site.domain} if address else {}
    try:
        response = _fetch(client, f"{origin}/p/{expects.push_id}/", headers)
    except httpx.TimeoutException:
        return Sighting(site.number, "unreachable", "访问超时")
    except (httpx.HTTPError, httpx.InvalidURL):
        return Sighting(site.number, "unreachable", "无法连接")
    if response.status_code >= _BROKEN:
        return Sighting(site.number, "unreachable", f"返回状态 {response.status_code}")
    # an unknown host, or a proxy's own page, answers 404 as well: that proves nothing of this hall
    is_of_hall = response.headers.get("X-Hall") == str(site.number)
    fault = expects.fault_in(response) if is_of_hall else "回答的不是这个服务厅"
    return Sighting(site.number, "wrong" if fault else "right", fault)


def _fetch(client: "httpx.Client", url: str, headers: dict[str, str]) -> "httpx.Response":
    """Once more where the connection broke: a server may close a kept one at the moment of its use."""
    import httpx  # noqa: PLC0415

    try:
        return client.get(url, headers=headers)
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        return client.get(url, headers=headers)
