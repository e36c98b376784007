"""What a reader must find on a hall's site, place by place."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.encoding import iri_to_uri
from django.utils.html import escape

from province.content.states import LookedAt, PageAnswer

_MARKER = re.compile(r'<meta name="yizhan-version" content="([^"]*)"')
_STATUS = {
    PageAnswer.SHOWN: 200,
    PageAnswer.NOTICE: 200,
    PageAnswer.GONE: 410,
    PageAnswer.REDIRECT: 301,
    PageAnswer.MISSING: 404,
}
_OK = 200
# a list with so many entries is cut off: what it lacks may be older
_FULL_FEED, _FULL_SEARCH, _FULL_SECTION = 30, 50, 8
_ATOM = {"a": "http://www.w3.org/2005/Atom"}
_UNREADABLE = "读不出内容"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What came back: the status, the body and, of a redirect, where to."""

    status: int
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What every site must answer for a push: ``answer`` for its page, and whether lists, feed and search name it.

    ``marker``: the version in the page; ``title``: as lists must have it; ``searched``: the words that would find it;
    ``published_on``: where the sites stand.
    """

    push_id: str
    answer: PageAnswer
    marker: str
    reason: str
    redirect_url: str
    is_listed: bool
    title: str
    searched: str
    published_on: str

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Expectation":
        """The inverse of ``facts``."""
        return cls(**{**facts, "answer": PageAnswer(facts["answer"])})

    @property
    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "answer": str(self.answer)}

    @property
    def path(self) -> str:
        return f"/p/{self.push_id}/"

    def paths(self, column: str) -> dict[LookedAt, str]:
        """The addresses at which a reader would meet the push on the site of a hall that has it in this column."""
        return {
            LookedAt.ARTICLE: self.path,
            LookedAt.HOME: "/",
            LookedAt.COLUMN: f"/c/{column}/",
            LookedAt.FEED: "/feed.atom",
            LookedAt.SEARCH: f"/search/?q={quote(self.searched)}",
        }

    def fault_in(self, place: LookedAt, answer: FetchedPage, column: str) -> str:
        """What is not as it must be; "" where everything is."""
        if place == LookedAt.ARTICLE:
            return self._fault_in_article(answer)
        if answer.status != _OK:
            return f"返回状态 {answer.status}"
        if place == LookedAt.FEED and not _is_feed(answer.body):
            return _UNREADABLE
        named = _entries_of(self.path, answer.text, is_feed=place == LookedAt.FEED)
        if not self.is_listed:
            return "仍列出这篇稿件" if named else ""
        if named:
            title = escape(self.title)
            return "" if all(title in one for one in named) else "列出的不是应有的标题"
        return "没有列出这篇稿件" if self._is_missed(place, answer.body, column) else ""

    def _fault_in_article(self, answer: FetchedPage) -> str:
        if answer.status != _STATUS[self.answer]:
            return f"返回状态 {answer.status}"
        if self.answer == PageAnswer.REDIRECT:
            is_right = answer.location == iri_to_uri(self.redirect_url)
            return "" if is_right else f"转到了 {answer.location[:200] or '空地址'}"
        if self.answer in {PageAnswer.SHOWN, PageAnswer.NOTICE}:
            marker = _MARKER.search(answer.text)
            if marker is None:
                return "页面中没有稿件"
            if marker[1] != self.marker:
                return "显示的是另一个版本"
        if self.answer == PageAnswer.NOTICE and escape(self.reason) not in answer.text:
            return "页面中没有撤稿说明"
        return ""

    def _is_missed(self, place: LookedAt, body: bytes, column: str) -> bool:
        """Whether a list that does not name the push should: one that is full of what is newer need not."""
        if place == LookedAt.FEED:
            return self._is_missed_in_feed(body)
        from lxml import etree, html  # noqa: PLC0415 - read by those alone who look at sites

        try:
            page = html.fromstring(body)
        except etree.ParserError:
            return True
        if place == LookedAt.SEARCH:
            return len(page.xpath('//ol[@class="hits"]/li')) < _FULL_SEARCH
        if place == LookedAt.COLUMN:
            has_more = bool(page.xpath('//a[@rel="next"]'))
            return not has_more or self._ends_before(page.xpath('//ul[@class="lines"]/li'))
        sections = page.xpath("//section[.//a[@class='more' and @href=$column]]", column=f"/c/{column}/")
        lines = sections[0].xpath('.//ul[@class="lines"]/li') if sections else []
        return bool(lines) and (len(lines) < _FULL_SECTION or self._ends_before(lines))

    def _is_missed_in_feed(self, body: bytes) -> bool:
        from lxml import etree  # noqa: PLC0415 - the same

        entries = etree.fromstring(body, etree.XMLParser(resolve_entities=False)).xpath("//a:entry", namespaces=_ATOM)
        days = [_text(entry.xpath("string(a:published)", namespaces=_ATOM))[:10] for entry in entries]
        return len(entries) < _FULL_FEED or min(days) < self.published_on

    def _ends_before(self, lines: list[Any]) -> bool:
        """Whether the list goes on beyond the day on which the push was published; without days nobody can tell."""
        days = [_text(day) for line in lines for day in line.xpath("./time/@datetime")]
        return bool(days) and date.fromisoformat(days[-1]) < date.fromisoformat(self.published_on)


def _entries_of(path: str, text: str, *, is_feed: bool) -> list[str]:
    """What the links to this address say; of a feed, its entries."""
    ends = "</entry>" if is_feed else "</a>"
    found = []
    start = text.find(f'{path}"')
    while start >= 0:
        end = text.find(ends, start)
        begin = text.rfind("<entry>", 0, start) if is_feed else start
        found.append(text[max(begin, 0) : end if end >= 0 else None].replace("<mark>", "").replace("</mark>", ""))
        start = text.find(f'{path}"', start + len(path))
    return found


def _is_feed(body: bytes) -> bool:
    from lxml import etree  # noqa: PLC0415 - the same

    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return False
    return bool(root.tag == f"{{{_ATOM['a']}}}feed")


def _text(value: object) -> str:
    return str(value)
