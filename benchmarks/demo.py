"""What a machine with the demo holds in memory once people have looked at its pages: every program that ``yizhan up``
starts, by PSS (of pages that several processes share each has its part, so PostgreSQL's buffers count once)."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.measuring import line, say, timed
from benchmarks.world import Profile
from foundation.embedded_services.supervision import Supervisor
from tests.servers import ROOT, free_port

# 1.0 GB of 10^9 bytes
_MOST_MB = 1_000
_VIEWS = 5_000
_READERS = 8
# whatever the other benchmarks' servers are told by
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")
_LINK = re.compile(r'href="(/[^"#]*)"')
# what is no page, changes something, or leads away
_NO_PAGE = ("/static/", "/files/", "/sign", "/api/", "/look/", "/manifest", "/sw.js", "/icons/")


@dataclass(frozen=True, slots=True)
class Machine:
    """Its data folder, the port where readers come, and the variables of its commands."""

    var: Path
    port: int
    variables: dict[str, str]

    def yizhan(self, *words: str) -> str:
        """What the command answers."""
        command = [str(Path(sys.executable).parent / "yizhan"), *words]
        done = subprocess.run(command, cwd=ROOT, env=self.variables, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout


def run(_: Profile) -> list[dict[str, Any]]:
    with _machine() as machine:
        before = memory_by_program(machine.var)
        with timed() as taken:
            statuses = browse(machine.port, _hosts(machine), _VIEWS)
        after = memory_by_program(machine.var)
    total = sum(after.values())
    # one hall of the demo is suspended, and says so by 503
    is_right = statuses["200"] + statuses["302"] >= _VIEWS * 0.99
    return [
        line(
            f"memory of all programs of the demo after {_VIEWS:,} page views, by PSS",
            measured=round(total),
            bound=f"<= {_MOST_MB:,} MB",
            holds=total <= _MOST_MB and is_right,
            programs={name: round(size) for name, size in after.items()},
            right_after_the_start=round(sum(before.values())),
            seconds=round(taken.seconds, 1),
            statuses=statuses,
        )
    ]


def memory_by_program(var: Path) -> dict[str, float]:
    """PSS in MB of 10^6 bytes by program, with its children, and of the supervisor."""
    states = Supervisor(var).states()
    found = {one.name: _pss(one.pid) for one in states if one.pid}
    [supervisor] = {psutil.Process(one.pid).ppid() for one in states if one.pid}
    return found | {"supervisor": _pss_of(supervisor)}


def _pss(pid: int) -> float:
    return sum(_pss_of(one.pid) for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)))


def _pss_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (ProcessLookupError, FileNotFoundError):
        return 0
    return sum(int(one.split()[1]) for one in lines if one.startswith("Pss:")) * 1024 / 1e6


def browse(port: int, hosts: list[str], views: int) -> Counter[str]:
    """Read pages of all sites in turns, by several readers at once: each site's home page, then what it links to."""
    links = {host: _pages(port, host) for host in hosts}
    turns = ((host, pages[turn % len(pages)]) for turn in count() for host, pages in links.items())
    addresses = list(islice(turns, views))
    with ThreadPoolExecutor(_READERS) as readers:
        parts = readers.map(lambda number: _read(port, addresses[number::_READERS]), range(_READERS))
        return sum(parts, Counter())


def _pages(port: int, host: str) -> list[str]:
    home = httpx.get(f"http://127.0.0.1:{port}/", headers={"Host": host}, timeout=60).text
    return ["/", *sorted({link for link in _LINK.findall(home) if not link.startswith(_NO_PAGE)} - {"/"})]


def _read(port: int, addresses: list[tuple[str, str]]) -> Counter[str]:
    statuses: Counter[str] = Counter()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for host, path in addresses:
            statuses[str(client.get(path.replace("&amp;", "&"), headers={"Host": host}).status_code)] += 1
    return statuses


def _hosts(machine: Machine) -> list[str]:
    """Of the province and of every hall of the demo."""
    halls = json.loads(machine.yizhan("halls", "list", "--json"))
    return ["yizhan.localhost", *(one["domain"] for one in halls)]


@contextmanager
def _machine() -> Iterator[Machine]:
    """A machine of its own with the demo, as ``make up`` starts it; thrown away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yizhan-demo-"))
    folder.chmod(0o755)
    ports = {"POSTGRES": free_port(), "VALKEY": free_port(), "S3": free_port(width=18), "WEB": free_port()}
    variables = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    variables |= {f"YIZHAN_{name}_PORT": str(port) for name, port in ports.items()}
    # all readers come from one address
    variables |= {"YIZHAN_VAR": str(folder), "RATE_LIMITS": "off"}
    machine = Machine(folder, ports["WEB"], variables)
    try:
        say("  starting a machine with the demo …")
        machine.yizhan("up")
        yield machine
    finally:
        machine.yizhan("down")
        shutil.rmtree(folder, ignore_errors=True)
