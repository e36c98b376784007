"""Any system that speaks the Atom Publishing Protocol (RFC 5023): an entry is posted to its collection, and deleted at
the address that it was given.

Where an answer was lost, the collection is read (its newest pages, RFC 5023 section 10) before anything is posted
again, and our entry is known by its ``atom:id``, which is the delivery's. A server may give an entry an id of its own
(section 9.2); therefore the delivery stands in a category of the entry as well. A server that keeps neither cannot say
whether it has the entry, and would get it twice after a lost answer: it should keep one of the two.
"""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from django.utils import timezone

from foundation.events.outgoing import Failed, Refused, ask
from foundation.html import media_ids, with_addresses
from foundation.safe_http import Answer
from province.content.connectors.parcels import Journal, Parcel, Receipt, carry_out

# loaded by those alone who send something
if TYPE_CHECKING:
    from lxml import etree

_ATOM: Final = "http://www.w3.org/2005/Atom"
SCHEME: Final = "urn:yizhan:delivery"
_PAGES = 5
_LARGEST_FEED = 2 * 1024 * 1024
_GONE: Final = frozenset({404, 410})
_NOT_GRANTED: Final = frozenset({403, 405, 501})
_BY_HAND: Final = "对方系统不允许删除，请在对方系统里人工删除这篇文章。"
_LONGEST_REFERENCE = 120


class AtomConnector:
    def deliver(self, parcel: Parcel) -> Receipt:
        return carry_out(parcel, take_back=lambda one: _take_back(parcel, one), show=lambda: _shown(parcel))

    @staticmethod
    def refusal(*, title: str, body: str, has_picture: bool) -> str:  # noqa: ARG004 - of every connector
        return ""


def _shown(parcel: Parcel) -> str:
    journal = parcel.journal
    if "member" not in journal and "begun" in journal and (found := _member_of(parcel, journal.id)):
        journal.note(member=found)
    if "member" not in journal:
        journal.note(begun=True)
        journal.note(member=_posted(parcel))
    member: str = journal["member"]
    return member[:_LONGEST_REFERENCE]


def _posted(parcel: Parcel) -> str:
    """The address of the new member."""
    headers = {"Content-Type": "application/atom+xml;type=entry;charset=utf-8", "Slug": parcel.id}
    answer = _answered(parcel, "POST", parcel.endpoint, headers=headers, body=_entry(parcel))
    location = answer.headers.get("location", "")
    if not location:
        raise Failed("对方答复成功，但没有给出文章的地址（Location）。")
    return _of_same_host(parcel, location)


def _take_back(parcel: Parcel, journal: Journal) -> str:
    member = journal.get("member") or (_member_of(parcel, journal.id) if "begun" in journal else "")
    if not member:
        return ""
    answer = _answered(parcel, "DELETE", member, may_be=_GONE | _NOT_GRANTED)
    return _BY_HAND if answer.status in _NOT_GRANTED else ""


def _member_of(parcel: Parcel, delivery_id: str) -> str:
    """The address of the entry that bears the delivery, among the collection's newest; "" where it has none."""
    for feed, base in _pages(parcel):
        for entry in feed.iterfind(f"{{{_ATOM}}}entry"):
            terms = {one.get("term") for one in entry.iterfind(f"{{{_ATOM}}}category") if one.get("scheme") == SCHEME}
            if entry.findtext(f"{{{_ATOM}}}id") == f"urn:uuid:{delivery_id}" or delivery_id in terms:
                href = _link(entry, "edit")
                if not href:
                    raise Refused("对方系统里已有这篇文章，但没有给出修改地址，请人工核对。")
                return _of_same_host(parcel, urljoin(base, href))
    return ""


def _pages(parcel: Parcel) -> Iterator[tuple["etree._Element", str]]:
    from lxml import etree  # noqa: PLC0415 - see above

    address = parcel.endpoint
    for _ in range(_PAGES):
        answer = _answered(parcel, "GET", address, headers={"Accept": "application/atom+xml"})
        # nothing outside the text is fetched, and nothing in it grows
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            feed = etree.fromstring(answer.body, parser)
        except etree.XMLSyntaxError as error:
            raise Failed("对方的文章列表不是 Atom。") from error
        yield feed, address
        following = _link(feed, "next")
        if not following:
            return
        address = _of_same_host(parcel, urljoin(address, following))


def _link(parent: "etree._Element", relation: str) -> str:
    links = (one for one in parent.iterfind(f"{{{_ATOM}}}link") if one.get("rel") == relation)
    return next((one.get("href", "") for one in links), "")


def _of_same_host(parcel: Parcel, address: str) -> str:
    """The address, whole. Raises Refused where it leads elsewhere: our name and password go with every request."""
    whole = urljoin(parcel.endpoint, address)
    here, there = urlsplit(parcel.endpoint), urlsplit(whole)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise Refused("对方给出的文章地址在另一台主机上，不能使用。")
    return whole


def _answered(
    parcel: Parcel,
    method: str,
    address: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    may_be: frozenset[int] = frozenset(),
) -> Answer:
    """Raises Failed where another attempt may help, Refused where none will."""
    sent = {"User-Agent": "Yizhan", **_signed_in(parcel), **(headers or {})}
    answer = ask(method, address, headers=sent, body=body, largest=_LARGEST_FEED)
    if answer.is_good or answer.status in may_be:
        return answer
    message = f"对方答复 {answer.status}。"
    if answer.is_passing:
        raise Failed(message, retry_after=answer.retry_after)
    if answer.status in {401, 403}:
        message = f"对方不接受用户名或密码，请在账号页核对接口凭据（答复 {answer.status}）。"
    raise Refused(message)


def _signed_in(parcel: Parcel) -> dict[str, str]:
    """HTTP Basic (RFC 5023 section 14 asks for no more), where the account has a credential."""
    credential = parcel.credential
    if credential is None or not credential.secret:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(f"{credential.name}:{credential.secret}".encode()).decode()}


def _entry(parcel: Parcel) -> bytes:
    from lxml import etree  # noqa: PLC0415 - see above

    content = parcel.content
    entry = etree.Element(f"{{{_ATOM}}}entry", nsmap={None: _ATOM})

    def add(name: str, text: str = "", **attributes: str) -> "etree._Element":
        one = etree.SubElement(entry, f"{{{_ATOM}}}{name}", attributes)
        one.text = text or None
        return one

    add("id", f"urn:uuid:{parcel.journal.id}")
    add("title", content["title"])
    add("updated", content["published_at"] or timezone.now().isoformat())
    author = add("author")
    etree.SubElement(author, f"{{{_ATOM}}}name").text = content["author"] or content["source"]
    if content["summary"]:
        add("summary", content["summary"])
    if content["url"]:
        add("link", rel="alternate", type="text/html", href=content["url"])
    add("category", scheme=SCHEME, term=parcel.journal.id)
    for word in content["keywords"]:
        add("category", term=word)
    files = {one: f"{parcel.site}/media/{one}" for one in media_ids(content["body_html"])}
    add("content", with_addresses(content["body_html"], files), type="html")
    made: bytes = etree.tostring(entry, xml_declaration=True, encoding="utf-8")
    return made
