"""A county hall's home page over HTTP: not modified, kept, and made anew; and never stale while pushes come and go."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from benchmarks.measuring import line
from benchmarks.world import Profile, build
from foundation.tokenizing import search_words
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.operations import load_base_list
from province.catalogue.queries import items_valid_at
from province.catalogue.states import AdoptionState
from province.content.models import Manuscript, ManuscriptVersion
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import Audience, Scope
from province.content.states import ReviewState, WithdrawalKind
from province.halls.models import Hall, HallKind
from province.rights.queries import system_actor
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import adopt_items
from tests.factories.sites import change_hall, inside, make_article, make_columns
from tests.servers import ROOT, listens, wait_until

_CONNECTIONS = 8
_MOST_MS = 30
# requests a second, at least
_NOT_MODIFIED, _KEPT, _MADE = 1_500, 1_000, 150
# of an article's pages a second, at least
_GUIDE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Site:
    """A hall with its host, and the county's whole audience."""

    hall: Hall
    host: str
    port: int

    def head(self, path: str = "/", *, etag: str = "") -> str:
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{condition}\r\n"


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hall = Hall.objects.filter(kind=HallKind.COUNTY, prefixes__contains=[profile.under[:6].rstrip("0")]).first()
    if hall is None:
        message = "no county hall was made"
        raise RuntimeError(message)
    _fill(hall, pushes=20 * profile.repeats)
    with web_server() as port:
        site = Site(hall, hall.get_primary_domain().domain, port)
        seconds = 10 if profile.is_full else 1
        # the first answers wait for the program to be loaded
        read_pages(site)
        etag = _etags[site.host]
        return [
            *_speed("not modified (304)", site, site.head(etag=etag), "304", _NOT_MODIFIED, seconds),
            *_speed("kept", site, site.head(), "200", _KEPT, seconds),
            # a place that nobody asked for before: the page is made for it, and nothing of it differs
            *_speed("made anew", site, site.head("/?before={n}"), "200", _MADE, seconds),
            _staleness(site, rounds=20 * profile.repeats),
            _guide_beside_article(site, seconds),
        ]


def _speed(what: str, site: Site, head: str, status: str, least: int, seconds: float) -> list[dict[str, Any]]:
    """As fast as it goes, then at half the rate that is asked for."""
    load(site, head, 1)
    fast = load(site, head, seconds)
    paced = load(site, head, seconds, rate=least / 2)
    is_right = set(fast["statuses"]) == set(paced["statuses"]) == {status}
    return [
        line(
            f"home page, {what}: requests a second",
            measured=fast["per_second"],
            bound=f">= {least:,}",
            holds=fast["per_second"] >= least and is_right,
            connections=_CONNECTIONS,
            statuses=fast["statuses"],
        ),
        line(
            f"home page, {what}: p95 at {least // 2} requests a second",
            measured=paced["p95_ms"],
            bound=f"<= {_MOST_MS} ms",
            holds=paced["p95_ms"] <= _MOST_MS and is_right,
            achieved_per_second=paced["per_second"],
        ),
    ]


def _guide_beside_article(site: Site, seconds: float) -> dict[str, Any]:
    """An item's page and an article's, each made anew for every request, as after a change elsewhere in the hall: the
    guide itself is drawn once."""
    pages = {"article": _article(site.hall), "guide": _guide(site.hall)}
    found = {}
    for name, path in pages.items():
        load(site, site.head(f"{path}?before={{n}}"), 1)
        found[name] = load(site, site.head(f"{path}?before={{n}}"), seconds)
    rates = {name: one["per_second"] for name, one in found.items()}
    is_right = all(set(one["statuses"]) == {"200"} for one in found.values())
    return line(
        "an item's page made anew, requests a second for one of an article's",
        measured=round(rates["guide"] / rates["article"], 2),
        bound=f">= {_GUIDE_SHARE}",
        holds=rates["guide"] >= _GUIDE_SHARE * rates["article"] and is_right,
        guide_per_second=rates["guide"],
        article_per_second=rates["article"],
        statuses={name: one["statuses"] for name, one in found.items()},
    )


def _article(hall: Hall) -> str:
    body = "<p>让群众少跑腿，把事情一次办好。</p>" * 40
    return f"/a/{make_article(hall, '关于办理时间调整的通知', body=body).pk}/"


def _guide(hall: Hall) -> str:
    """Of an item that has something of everything, as it is in the base list."""
    by = system_actor("评测")
    for _ in load_base_list(by=by, publishes=True):
        pass
    item = next(one for one in read_base_list() if one.name == "食品经营许可")
    version = items_valid_at(timezone.now()).get(name=item.name)
    with inside(hall):
        adopt_items(by=by, hall=hall, item_ids=[version.item_id])
        adoption = Adoption.objects.get(item_id=version.item_id)
        part = adoption.hall_guides.create(
            number=1,
            item_version_id=version.pk,
            item_version_number=version.number,
            values=dict(item.hall_values),
            submitted_by_name=by.name,
            is_passed=True,
        )
        adoption.published, adoption.state = part, AdoptionState.PUBLISHED
        adoption.save(update_fields=["published", "state"])
    return f"/services/{version.item_id}/"


def load(site: Site, head: str, seconds: float, *, rate: float = 0) -> dict[str, Any]:
    asked = {"port": site.port, "head": head, "seconds": seconds, "connections": _CONNECTIONS, "rate": rate}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "_load.py"), json.dumps(asked)],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _staleness(site: Site, *, rounds: int) -> dict[str, Any]:
    """The first requests after every commit, on connections of their own, while others read the same page."""
    by = system_actor("评测")
    audience = Audience((Scope(site.hall.prefixes[-1]),))
    stale = asked = 0
    readers = threading.Thread(target=load, args=(site, site.head(), 60), kwargs={"rate": _KEPT / 4}, daemon=True)
    readers.start()
    for number in range(rounds):
        title = f"评测推稿{number:05}"
        push = push_version(by=by, version=_version(title), audience=audience, column="news")
        pages = read_pages(site)
        stale += sum(title not in page for page in pages)
        withdraw_push(by=by, push=push, kind=WithdrawalKind.GONE, reason="评测")
        withdrawn = read_pages(site, etag=_etags[site.host])
        stale += sum(title in page for page in withdrawn)
        asked += len(pages) + len(withdrawn)
    return line(
        "home page: stale pages among the first read after each push and each withdrawal",
        measured=stale,
        bound="= 0",
        holds=stale == 0 and asked > 0,
        requests=asked,
    )


_etags: dict[str, str] = {}


def read_pages(site: Site, *, etag: str = "") -> list[str]:
    """The page as four new readers get it: with two processes, each is met."""
    pages = []
    for _ in range(4):
        headers = {"Host": site.host} | ({"If-None-Match": etag} if etag else {})
        response = httpx.get(f"http://127.0.0.1:{site.port}/", headers=headers, timeout=60)
        _etags[site.host] = response.headers["ETag"]
        # a reader who is told that nothing changed goes on reading what was there before
        pages.append(response.text if response.status_code == httpx.codes.OK else "评测推稿")
    return pages


def _fill(hall: Hall, *, pushes: int) -> None:
    """A site as it is after some months: every part of the home page has its lines."""
    make_columns(hall)
    change_hall(
        hall,
        phone="0951-1234567",
        address="评测路1号",
        opening_hours=[{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "17:30"}],
    )
    at = timezone.now()
    for column in ("news", "notices", "policies", "disclosure", "guides"):
        for number in range(20):
            make_article(
                hall, f"关于办理时间调整的通知{number}", column=column, published_at=at - timedelta(days=number + 1)
            )
    by = system_actor("评测")
    for number in range(pushes):
        audience = Audience((Scope(hall.prefixes[number % len(hall.prefixes)]),))
        push_version(by=by, version=_version(f"统一发布的消息{number}"), audience=audience, column="news")


def _version(title: str) -> ManuscriptVersion:
    body = "<p>正文</p>"
    manuscript = Manuscript.objects.create(title=title, body=body, desk_prefix=settings.PROVINCE_CODE)
    return ManuscriptVersion.objects.create(
        manuscript=manuscript,
        number=1,
        title=title,
        body=body,
        state=ReviewState.APPROVED,
        search_words=search_words(title),
    )


@contextmanager
def web_server() -> Iterator[int]:
    """The web server without the proxy before it (benchmarks/proxy.py compares them)."""
    port = settings.WEB_PORT
    process = subprocess.Popen(
        [
            *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--log-level", "error"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
            *("--backpressure", "128", "config.wsgi:application"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), what="the web server's start")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
