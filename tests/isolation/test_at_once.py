"""Many halls at once: readers of all of them on one web server, tasks for all of them on one worker; and both behind
a real PgBouncer in transaction mode that has two connections for all of them.

Five halls, two more than a connection keeps; each page is asked several times (made, and answered from what was kept)
and each hall worked for some times. In a soak twenty, fifteen more than are kept, and more often.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.db import connection

from foundation import schemas
from province.halls.models import Hall, HallDomain, HallGeneration, HallKind
from province.halls.states import HallState
from provisioning.create import create_hall_schema
from tenants.portal.models import Column
from tests.browsing import web_server
from tests.factories.halls import make_division
from tests.factories.sites import make_article, make_columns
from tests.isolation.work import QUEUE, write_in_hall
from tests.pooler import pooler
from tests.roles import as_owner
from tests.servers import ROOT, free_port, listens, scratch, wait_until
from tests.soak import SOAK

HALLS, KEPT = (20, 5) if SOAK else (5, 3)
REQUESTS = 2_000 if SOAK else 60
TASKS = 1_000 if SOAK else 60
POOLED_TURNS, POOLED_REQUESTS = (160, 160) if SOAK else (96, 60)
_MARK = re.compile(r"只在(\d+)号厅")


@pytest.fixture(scope="module")
def halls(file_database: None) -> list[Hall]:
    """Villages below one township, each with an article that names its hall; to make them takes longer than a test."""
    township = Hall.objects.get(slug="village").division.parent
    made = []
    for number in range(101, 101 + HALLS):
        division = make_division(f"420582103{number}", f"第{number}村", "village", township)
        hall = Hall.objects.create(
            number=number,
            schema_name=f"hall_{number:06d}",
            name=f"{number}号厅",
            short_name=f"{number}号",
            kind=HallKind.VILLAGE,
            division=division,
            prefixes=["42", "4205", "420582", "420582103", division.code],
            slug=f"v{number}",
            state=HallState.LIVE,
        )
        HallDomain.objects.create(tenant=hall, domain=f"v{number}.yizhan.localhost", is_primary=True)
        HallGeneration.objects.create(hall=hall)
        with as_owner():
            create_hall_schema(hall)
        make_columns(hall)
        make_article(hall, f"只在{number}号厅", body=f"<p>只在{number}号厅的正文</p>")
        made.append(hall)
    return made


def _environment() -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # connections are closed and opened again while everybody is at work
        "YIZHAN_SCHEMAS_PER_CONNECTION": str(KEPT),
    }


@pytest.fixture
def address(halls: list[Hall]) -> Iterator[str]:
    """A web server of four threads."""
    port = free_port()
    command = [
        *(str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "4", "config.wsgi:application"),
    ]
    with (scratch() / f"isolation-web-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: listens(port), what="the web server's start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def _worker(halls: list[Hall]) -> Iterator[None]:
    """Four processes that take tasks in turn."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.isolation_done (number int, turn int, schema text, foreign_rows int)")
    command = [
        *(sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-I", "tests.isolation.work", "-Q", QUEUE),
        *("-c", "4", "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"),
    ]
    with (scratch() / f"isolation-worker-{os.getpid()}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def pages_of(halls: list[Hall], requests: int) -> list[tuple[int, str]]:
    """In a new order every time, each page several times: made, kept, and answered from what was kept."""
    pages = [(hall.number, path) for hall in halls for path in ("/", "/c/news/", "/feed.atom", "/search/?q=正文")]
    order = random.Random(1)  # noqa: S311 - an order, no secret
    return [page for _ in range(requests // len(pages)) for page in order.sample(pages, len(pages))]


@pytest.mark.soak
class TestManyHalls:
    def test_are_read_at_once_each_by_itself(self, halls: list[Hall], address: str) -> None:
        asked = pages_of(halls, REQUESTS)

        def fetch(page: tuple[int, str]) -> set[str]:
            number, path = page
            answer = client.get(f"{address}{path}", headers={"host": f"v{number}.yizhan.localhost"})
            assert answer.status_code == 200, (page, answer.status_code)
            assert answer.headers["X-Hall"] == str(number)
            return {mark for mark in _MARK.findall(answer.text) if mark != str(number)} or (
                set() if _MARK.search(answer.text) else {f"nothing at {page}"}
            )

        with httpx.Client(timeout=30) as client, ThreadPoolExecutor(8) as pool:
            strays = [stray for stray in pool.map(fetch, asked) if stray]
        assert len(asked) == REQUESTS
        assert strays == []

    @pytest.mark.usefixtures("_worker")
    def test_are_worked_for_at_once_each_in_its_schema(self, halls: list[Hall]) -> None:
        turns = [(hall.number, turn) for turn in range(TASKS // HALLS) for hall in halls]
        for number, turn in turns:
            write_in_hall.apply_async((number, turn), queue=QUEUE)
        wait_until(lambda: _done() == len(turns), what="the end of all tasks", seconds=120)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT number, schema FROM isolation_done ORDER BY number")
            assert cursor.fetchall() == [(hall.number, hall.schema_name) for hall in halls]
        for hall in halls:
            with schemas.enter(hall.schema_name):
                names = Column.objects.filter(code__startswith="turn-").values_list("name", flat=True)
                assert list(names) == [str(hall.number)] * (TASKS // HALLS)


def _done() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM isolation_done")
        count: int = cursor.fetchone()[0]
        return count


@pytest.fixture(scope="module")
def pool() -> Iterator[str]:
    with pooler() as url:
        yield url


def _behind(pool: str) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_POOL_URL": pool,
        "YIZHAN_SCHEMAS_PER_CONNECTION": str(KEPT),
    }


def work_behind(pool: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.isolation.pooled_work", str(HALLS), str(POOLED_TURNS)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | _behind(pool), capture_output=True, text=True, check=False
    )


class TestHallsBehindAPool:
    def test_read_and_write_their_own_rows_whatever_fails_or_dies(self, pool: str, halls: list[Hall]) -> None:
        done = work_behind(pool)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == []
        written = 0
        for hall in halls:
            with schemas.enter(hall.schema_name):
                added = Column.objects.filter(code__startswith="pooled-")
                assert set(added.values_list("name", flat=True)) <= {str(hall.number)}
                assert not Column.objects.filter(code__in=["never", "dying"]).exists()
                written += added.count()
        assert POOLED_TURNS / 2 < written < POOLED_TURNS

    def test_show_their_own_pages_alone(self, pool: str, halls: list[Hall]) -> None:
        asked = pages_of(halls, POOLED_REQUESTS)
        with web_server(free_port(), **_behind(pool)) as address, httpx.Client(timeout=30) as client:

            def fetch(page: tuple[int, str]) -> set[str]:
                number, path = page
                answer = client.get(f"http://{address}{path}", headers={"host": f"v{number}.yizhan.localhost"})
                assert answer.status_code == 200, (page, answer.status_code)
                return set(_MARK.findall(answer.text)) ^ {str(number)}

            with ThreadPoolExecutor(8) as threads:
                assert [strays for strays in threads.map(fetch, asked) if strays] == []
            assert client.get(f"http://{address}/readyz").json()["faults"].keys() <= {"store", "broker"}
