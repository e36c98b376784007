"""What stays in memory after every hall's home page was read."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
from django.conf import settings
from django.db import connection

from benchmarks.measuring import line, timed
from benchmarks.world import Profile, build
from province.halls.models import HallDomain
from tests.servers import ROOT, listens, wait_until

_MOST_MB = 300


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hosts = list(HallDomain.objects.filter(is_primary=True).values_list("domain", flat=True)[:4000])
    port = settings.WEB_PORT
    process = subprocess.Popen(
        [
            *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "2"),
            "config.wsgi:application",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), what="the web server's start")
        wrong = 0
        with timed() as taken, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            for host in hosts:
                wrong += client.get("/", headers={"Host": host}).status_code != 200
        web = max(_own_mb(one) for one in psutil.Process(process.pid).children(recursive=True))
        connections = [_own_mb(psutil.Process(pid)) for pid in _backends()]
    finally:
        process.terminate()
        process.wait(timeout=30)
    facts = {"halls": len(hosts), "wrong_answers": wrong, "seconds": round(taken.seconds, 1)}
    return [
        line(
            "memory of the web process after serving every hall",
            measured=round(web),
            bound=f"<= {_MOST_MB} MB",
            holds=web <= _MOST_MB and not wrong,
            **facts,
        ),
        line(
            "memory of the largest database connection after that",
            measured=round(max(connections)),
            bound=f"<= {_MOST_MB} MB",
            holds=max(connections) <= _MOST_MB and not wrong,
            connections=len(connections),
        ),
    ]


def _backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _own_mb(process: psutil.Process) -> float:
    """Without what is shared with other processes (PostgreSQL's buffers)."""
    used: int = process.memory_full_info().uss
    return used / 2**20
