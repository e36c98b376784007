"""No parameter of any page makes it fail: each is asked with what nobody types and attackers do.

Nobody lists the parameters: a page is asked, whole and in part, and what it reads out of the request is noted; the
headers of these answers are looked at, too, and whether they lead to another site. (What both APIs take is written in
their documents, and tried by tests/security/test_contract.py.) Some values always, all in a soak.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from types import CodeType
from typing import Any, Protocol
from urllib.parse import parse_qs, quote, urlencode
from zlib import crc32

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory

from config.security_headers import _kind_of
from tenants.shell.page_cache import page_key
from tenants.shell.templatetags.shell import desk_search
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.citizens import citizen_asking, routes_of_citizens
from tests.isolation.filled import Filled
from tests.isolation.routes import PAGE_METHODS, SHARES, Route, share_of
from tests.isolation.untouched import undone
from tests.security import ways_out
from tests.security.headers import faults_of
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

HOSTILE = {
    "no IPv6": "http://[evil.example]/",
    "relative": "foo",
    "control": "\x1f\x7f\r\nX-Evil: 1",
    "no character": "\ufffd",
    "long": "9" * 100_000,
    "number": "-99999999999999999999999",
    "no number": "NaN",
    "no UUID": "00000000-0000-0000-0000-00000000000g",
    "no date": "9999-99-99",
    "year 0": "0000-01-01",
    "list": "a,b[]={}&x=",
    "format": "{0.__class__}%s%(x)s{{ 1 }}",
    "full width": "１２３４",
    "JSON": '{"a": [[[[1e999]]]]}',
    "deep": "[" * 100_000,
}
# tried in all parameters at once (one of these for each page, in a soak all), and in each alone where the others say
# nothing; all at once do where a page is seen to read them all
AT_ONCE = tuple(HOSTILE) if SOAK else ("no IPv6", "number", "long", "deep")
ALONE = ("no IPv6", "relative", "long", "number") if SOAK else ("relative",)
# each of so many addresses is asked with a value in its parts
_TURNS = 3
# parameters that oauthlib reads out of the address itself
_OF_OIDC = ("client_id", "redirect_uri", "scope", "nonce", "code_challenge", "prompt", "max_age", "claims", "display")
_TOKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6IlxcdTAwMDAifQ.e30.eA"
# what this test itself sends
_OWN = {"csrfmiddlewaretoken"}
# what stands around every page, and does the same on each with what it reads: the counting of requests, the key of a
# kept page, the box of the desk's search. It is tried on one page of each share, and with all others that a page reads
# by itself
_AROUND = frozenset(
    {
        *(_kind_of.__code__, desk_search.__code__, page_key.__code__),
        *(one for one in page_key.__code__.co_consts if isinstance(one, CodeType)),
    }
)
# what tells one field of a row from those of the other rows: a day, a number, an id
_OF_A_ROW = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+")
_BACK = urlencode(dict.fromkeys(ways_out.NAMES, ways_out.VALUE))


class Ask(Protocol):
    """Asks a host as a person; gives its answer."""

    def __call__(self, host: str, who: str, method: str, path: str, /, *, headers: Mapping[str, str] = ...) -> Any: ...


class Watched(QueryDict):
    """Notes which names somebody reads; ``value`` is the answer to ``name``, or to every name where it is "". There is
    nothing else in it."""

    def __init__(self, watch: "Watch") -> None:
        super().__init__(mutable=True)
        self._watch = watch

    def _is_around(self) -> bool:
        """Whether what called this one's caller's caller was tried on another page."""
        return self._watch.knows_around and sys._getframe(3).f_code in _AROUND  # noqa: SLF001 - who reads it

    def _read(self, name: Any) -> bool:
        if isinstance(name, str) and name not in _OWN and not self._is_around():
            self._watch.names.add(name)
        return self._watch.value is not None and self._watch.name in {"", name} and name not in _OWN

    def __bool__(self) -> bool:
        """Whether something was sent: many a form is made of ``request.POST or None``."""
        return self._watch.is_sent

    def __getitem__(self, key: str) -> Any:
        return self._watch.value if self._read(key) else super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        return self._read(key) or super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self._watch.value if self._read(key) else default

    def getlist(self, key: str, default: Any = None) -> Any:
        return [self._watch.value] if self._read(key) else super().getlist(key, default)

    def _read_whole(self) -> None:
        self._watch.is_read_whole |= not self._is_around()

    def __iter__(self) -> Iterator[str]:
        self._read_whole()
        return super().__iter__()

    def lists(self) -> Iterator[tuple[str, list[Any]]]:
        self._read_whole()
        return iter(super().lists())

    def copy(self) -> QueryDict:
        """As a page hands on what it was asked with."""
        self._read_whole()
        copied = QueryDict(mutable=True)
        if self._watch.value is not None:
            copied[self._watch.name or "next"] = self._watch.value
        return copied


class Watch:
    """What is read, and what is answered."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        # all of it, whatever the names
        self.is_read_whole = False
        # of the last fragment that was asked for
        self.status = 0
        # else pages read what the address says
        self.is_watching = True
        # what stands around pages was tried
        self.knows_around = False
        self.name = ""
        self.value: str | None = None
        # of people at work in a soak alone: they have hundreds of such forms
        self.is_sent = SOAK


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()

    def sent(request: WSGIRequest) -> QueryDict:
        return Watched(watch) if watch.is_watching else QueryDict(request.META["QUERY_STRING"])

    monkeypatch.setattr(WSGIRequest, "GET", property(sent))
    monkeypatch.setattr(WSGIRequest, "POST", property(lambda _: Watched(watch)))
    return watch


class TestParameter:
    @pytest.mark.soak
    @pytest.mark.parametrize("share", range(SHARES))
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_makes_no_page_fail(self, host: str, share: int, filled: dict[str, Filled], watch: Watch) -> None:
        at = filled["north"]
        ask = Requester()
        who, where = (at.editor, at.host) if host == "hall" else ("zhao", PROVINCE)
        ask.sign_in(who, where)
        routes = [route for route in share_of(host, share) if not route.is_api]
        strays = [stray for route in routes for stray in strays_of(ask, route, at, where, who, watch)]
        assert routes
        assert not strays, "\n".join(strays)


class TestCitizensParameter:
    """Pages that show nothing to staff, asked by the citizen whose they are."""

    @pytest.mark.soak
    def test_makes_no_page_fail(self, filled: dict[str, Filled], watch: Watch) -> None:
        watch.is_sent = True
        strays, read, routes = [], set(), routes_of_citizens()
        with citizen_asking(filled["north"]) as asking:

            def ask(_: str, __: str, method: str, path: str, /, *, headers: Mapping[str, str] = {}) -> Any:
                return asking(method, path, headers=headers)

            for route in routes:
                strays += strays_of(ask, route, asking.at, asking.at.host, "", watch)
                read |= watch.names
        assert len(routes) > 45
        # what only somebody who is let in is asked for
        assert {"new", "phone", "_act"} <= read, " ".join(sorted(read))
        assert not strays, "\n".join(strays)


class TestPageThatLeadsElsewhere:
    """Wherever it has the address from, it is told."""

    @pytest.mark.parametrize(
        "leads",
        [
            lambda request: request.GET.get("next", ""),
            lambda request: request.GET["back"] if request.GET.getlist("back") else "",
            lambda request: request.GET.dict().get("url", ""),
            lambda request: dict(request.GET.lists()).get("to", [""])[0],
            lambda request: request.GET.copy().get("return", ""),
            lambda request: parse_qs(request.META["QUERY_STRING"]).get("from", [""])[0],
            lambda request: request.headers.get("HX-Current-URL", ""),
            lambda request: request.headers.get("Referer", ""),
        ],
        ids=["a name", "one that is there", "as a dict", "as lists", "a copy", "the query", "the page", "the referrer"],
    )
    def test_is_told(self, leads: Callable[[WSGIRequest], str], watch: Watch) -> None:
        def ask(_: str, __: str, method: str, path: str, /, *, headers: Mapping[str, str] = {}) -> HttpResponse:
            request = getattr(RequestFactory(), method)(path, headers=headers)
            return HttpResponse(headers={"HX-Redirect": leads(request)})

        told = [*plain_strays(ask, PROVINCE, "", "get", "/"), *fragment_strays(ask, PROVINCE, "", "/", watch)]
        assert "evil.example" not in told[0]
        assert "evil.example" in told[-1]


def strays_of(ask: Ask, route: Route, at: Filled, host: str, who: str, watch: Watch) -> Iterator[str]:
    path = at.path(route)
    for method in PAGE_METHODS:
        watch.names, watch.name, watch.value, watch.is_read_whole = set(), "", None, False
        # that a page has no fault as staff read it, test_routes.py asks as well
        plain = plain_strays(ask, host, who, method, path) if SOAK or method != "get" or not who else ()
        fragment = fragment_strays(ask, host, who, path, watch) if method == "get" else ()
        for stray in (*plain, *fragment):
            yield f"{method} {route} {stray}"
        # an address that is not read at all has no view that could read anything
        is_read = method == "get" and watch.status != HTTPStatus.METHOD_NOT_ALLOWED
        if watch.names or (is_read and not SOAK):
            for what, status in hostile_answers(ask, host, who, method, path, watch):
                if status >= 500:
                    yield f"{method} {route} with {what}: {status}"
    watch.knows_around = not SOAK


def hostile_answers(ask: Ask, host: str, who: str, method: str, path: str, watch: Watch) -> Iterator[tuple[str, int]]:
    """Values where they stand, and the status: everywhere, and in each name alone, but where that tells nothing new."""
    for what in AT_ONCE if SOAK else (AT_ONCE[crc32(path.encode()) % len(AT_ONCE)],):
        watch.name, watch.value = "", HOSTILE[what]
        yield f"{what} everywhere", status_of(ask, host, who, method, path)
    names = alike(watch.names)
    if not SOAK and len(names) > 1:
        status, has_read_all = asked_with_all(ask, host, who, method, path, watch)
        yield f"{ALONE[0]} everywhere", status
        if has_read_all:
            return
    for name in names:
        for what in ALONE:
            watch.name, watch.value = name, HOSTILE[what]
            yield f"{what} as {name}", status_of(ask, host, who, method, path)


def asked_with_all(ask: Ask, host: str, who: str, method: str, path: str, watch: Watch) -> tuple[int, bool]:
    """The status where what stands in ``ALONE`` is the value of every name; and whether the page went on to its end and
    read them all: what any of them does alone, it did there."""
    known, watch.names = watch.names, set()
    watch.name, watch.value = "", HOSTILE[ALONE[0]]
    status = status_of(ask, host, who, method, path)
    read, watch.names = watch.names, known | watch.names
    return status, status in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY} and known <= read


def alike(names: set[str]) -> list[str]:
    """One of the fields that a page has in each of its rows (of a roster, for every day); in a soak all."""
    named = {name if SOAK else _OF_A_ROW.sub("0", name): name for name in sorted(names, reverse=True)}
    return sorted(named.values())


def plain_strays(ask: Ask, host: str, who: str, method: str, path: str) -> Iterator[str]:
    """As people ask for it."""
    with undone():
        faults = faults_of(ask(host, who, method, path, headers={}))
    if faults:
        yield f"plainly: {faults}"


def fragment_strays(ask: Ask, host: str, who: str, path: str, watch: Watch) -> Iterator[str]:
    """A fragment is asked for with headers that lead elsewhere, and by an address that does so: a page is given what
    that says only where it reads anything that may lead somewhere."""
    with undone():
        answer = ask(host, who, "get", f"{path}?{_BACK}", headers=ways_out.HEADERS)
    watch.status = answer.status_code
    if faults := [*faults_of(answer), *ways_out.ways_out(answer)]:
        yield f"as a fragment: {faults}"
    if watch.is_read_whole or watch.names.intersection(ways_out.NAMES):
        watch.is_watching = False
        with undone():
            answer = ask(host, who, "get", f"{path}?{_BACK}", headers=ways_out.HEADERS)
        watch.is_watching = True
        if found := ways_out.ways_out(answer):
            yield f"leads to {found}"


def status_of(ask: Ask, host: str, who: str, method: str, path: str) -> int:
    with undone():
        return int(ask(host, who, method, path).status_code)


class TestAddress:
    """Parts of an address, headers and cookies, which are no parameters."""

    @pytest.mark.soak
    @pytest.mark.parametrize("share", range(SHARES))
    @pytest.mark.parametrize("host", ["hall", "province"])
    def test_makes_no_page_fail(self, host: str, share: int, filled: dict[str, Filled]) -> None:
        at = filled["north"]
        ask = Requester()
        who, where = (at.editor, at.host) if host == "hall" else ("zhao", PROVINCE)
        ask.sign_in(who, where)
        strays = []
        for route in share_of(host, share):
            if all(name.endswith("_id") for name in route.parameters):
                continue
            # each address has some of the values, each value some of the addresses; in a soak all
            for what in [*HOSTILE][0 if SOAK else crc32(route.template.encode()) % _TURNS :: 1 if SOAK else _TURNS]:
                path = route.template.format_map(dict.fromkeys(route.parameters, quote(HOSTILE[what])))
                status = status_of(ask, where, who, "get", path)
                if status >= 500:
                    strays.append(f"{route} with {what}: {status}")
                if status == HTTPStatus.METHOD_NOT_ALLOWED and not SOAK:
                    break
        assert not strays, "\n".join(strays)

    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    def test_of_the_provider_makes_nothing_fail(self, value: str, filled: dict[str, Filled]) -> None:
        ask = Requester()
        ask.sign_in("zhao", PROVINCE)
        for name in _OF_OIDC:
            path = f"/oidc/authorize/?{name}={quote(value, errors='replace')}"
            assert status_of(ask, PROVINCE, "zhao", "get", path) < 500, name
        for name in ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "asked"):
            path = f"/oidc/sign-out/?{name}={quote(value, errors='replace')}"
            assert status_of(ask, PROVINCE, "zhao", "get", path) < 500, name
        assert status_of(ask, PROVINCE, "zhao", "get", f"/oidc/sign-out/?id_token_hint={_TOKEN}") < 500

    @pytest.mark.parametrize("value", [one for one in HOSTILE.values() if one.isprintable() and one.isascii()])
    def test_of_where_somebody_came_from_makes_nothing_fail(self, value: str, filled: dict[str, Filled]) -> None:
        ask = Requester()
        for header in ("HX-Current-URL", "Referer", "User-Agent", "Accept", "X-Requested-With", "If-None-Match"):
            for host, path in ((PROVINCE, "/console/"), (filled["north"].host, "/desk/"), (filled["north"].host, "/")):
                headers = {"HX-Request": "true", header: value}
                answer = ask(host, "", "get", path, headers=headers)
                assert answer.status_code < 500, (header, path)
