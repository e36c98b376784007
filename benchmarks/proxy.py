"""A hall's home page asked at the web server itself, and through the proxy before it, turn by turn in one run."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any

from django.conf import settings

from benchmarks.measuring import line
from benchmarks.site import Site, load, read_pages, web_server
from benchmarks.world import Profile, build
from config.machine.parts import web_command
from foundation.embedded_services import caddy
from province.halls.models import Hall, HallKind
from tests.servers import ROOT, free_port, listens, wait_until

_PER_SECOND = 300
_MOST_MORE_MS = 5
_ROUNDS = 3


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hall = Hall.objects.filter(kind=HallKind.COUNTY).order_by("number")[0]
    seconds = 10 if profile.is_full else 2
    with web_server() as port, _proxy() as proxy_port:
        direct = Site(hall, hall.get_primary_domain().domain, port)
        sites = {"web server": direct, "through the proxy": replace(direct, port=proxy_port)}
        for site in sites.values():
            read_pages(site)
        fast: dict[str, list[float]] = {name: [] for name in sites}
        paced: dict[str, list[float]] = {name: [] for name in sites}
        for _ in range(_ROUNDS):
            for name, site in sites.items():
                fast[name].append(load(site, site.head(), seconds)["per_second"])
                paced[name].append(load(site, site.head(), seconds, rate=_PER_SECOND)["p95_ms"])
    rates = {name: round(median(one)) for name, one in fast.items()}
    p95 = {name: round(median(one), 2) for name, one in paced.items()}
    more = p95["through the proxy"] - p95["web server"]
    return [
        line(
            "kept home page: requests a second through the proxy, of those without it",
            measured=round(rates["through the proxy"] / rates["web server"], 2),
            bound="none",
            holds=None,
            per_second=rates,
        ),
        line(
            f"kept home page: p95 at {_PER_SECOND} requests a second, more than without the proxy",
            measured=round(more, 2),
            bound=f"<= {_MOST_MORE_MS} ms",
            holds=more <= _MOST_MORE_MS,
            p95_ms=p95,
        ),
    ]


@contextmanager
def _proxy() -> Iterator[int]:
    """With a web server of its own behind it, as `yizhan up` starts them."""
    port = free_port()
    settings.WEB_SOCKET.parent.mkdir(parents=True, exist_ok=True)
    command = caddy.prepare(settings.VAR / "proxy", host="127.0.0.1", port=port, web=settings.WEB_SOCKET)
    programs = [
        subprocess.Popen(one, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for one in (web_command(settings.WEB_SOCKET), command)
    ]
    try:
        wait_until(lambda: listens(port) and settings.WEB_SOCKET.exists(), what="the proxy's start")
        yield port
    finally:
        for program in programs:
            program.terminate()
            program.wait(timeout=30)
