"""What a machine with the demo holds in memory once people have looked at its pages: every program that ``yizhan up``
starts, by PSS (of pages that several processes share each has its part, so PostgreSQL's buffers count once), and once
what they have mapped of programs and libraries: PSS would divide that by whoever else runs the same ones."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
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
from foundation.embedded_services.forking import family_of
from foundation.embedded_services.supervision import Supervisor
from tests.servers import ROOT, free_port

# 1.0 GB of 10^9 bytes
_MOST_MB = 1_000
_VIEWS = 5_000
_READERS = 8
# whatever the other benchmarks' servers are told by
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")
_LINK = re.compile(r'href="(/[^"#]*)"')
# columns of a mapping that has a file
_WITH_PATH = 5
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
    """MB of 10^6 bytes: PSS without files by program, with its children, and of the supervisor; ``files``: what they
    have mapped of programs and libraries, once."""
    states = Supervisor(var).states()
    processes = {one.name: _with_children(one.pid) for one in states if one.pid}
    mothers = {psutil.Process(one.pid).ppid() for one in states if one.pid}
    processes["supervisor"] = list(mothers - {one.pid for one in states})
    found = {name: sum(map(_pss_of, pids)) for name, pids in processes.items()}
    return found | {"files": _mapped(pid for pids in processes.values() for pid in pids)}


def _with_children(pid: int) -> list[int]:
    return [one.pid for one in family_of(psutil.Process(pid))]


def _pss_of(pid: int) -> float:
    lines = _said_of(pid, "smaps_rollup")
    return sum(int(one.split()[1]) for one in lines if one.startswith(("Pss_Anon:", "Pss_Shmem:"))) * 1024 / 1e6


def _mapped(pids: Iterable[int]) -> float:
    """Of each part of a file as much as the process has of it that has most."""
    most: dict[tuple[str, str], int] = {}
    for pid in pids:
        part: tuple[str, str] | None = None
        for said in _said_of(pid, "smaps"):
            first, *rest = said.split()
            if not first.endswith(":"):
                # addresses, rights, offset, device, inode, path; /dev/shm is no file on a disk
                path = rest[4] if len(rest) == _WITH_PATH else ""
                part = (path, rest[1]) if path.startswith("/") and not path.startswith("/dev/") else None
                resident = 0
            elif part and first == "Rss:":
                resident = int(rest[0])
            elif part and first == "Anonymous:":
                # what was written to is the process's own by now
                most[part] = max(most.get(part, 0), resident - int(rest[0]))
    return sum(most.values()) * 1024 / 1e6


def _said_of(pid: int, name: str) -> list[str]:
    """Empty where the process has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8").splitlines()
    except (ProcessLookupError, FileNotFoundError):
        return []


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
    # all readers come from one address; the program that lives the demo's month ends by itself, and what stays counts
    variables |= {"YIZHAN_VAR": str(folder), "RATE_LIMITS": "off", "YIZHAN_DEMO_CASES": "0"}
    machine = Machine(folder, ports["WEB"], variables)
    try:
        say("  starting a machine with the demo …")
        machine.yizhan("up")
        yield machine
    finally:
        machine.yizhan("down")
        shutil.rmtree(folder, ignore_errors=True)
