"""Twenty halls behind a real PgBouncer in transaction mode that has two connections for all of them."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from foundation import schemas
from province.halls.models import Hall
from tenants.portal.models import Column
from tests.browsing import web_server
from tests.isolation.test_at_once import _MARK, HALLS, halls  # noqa: F401 - the fixture
from tests.pooler import pooler
from tests.servers import ROOT, free_port

TURNS = 160
REQUESTS = 160


@pytest.fixture(scope="module")
def pool() -> Iterator[str]:
    with pooler() as url:
        yield url


def _variables(pool: str) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_POOL_URL": pool,
        "YIZHAN_SCHEMAS_PER_CONNECTION": "5",
    }


def work(pool: str, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.isolation.pooled_work", str(HALLS), what]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | _variables(pool), capture_output=True, text=True, check=False
    )


class TestHallsBehindAPool:
    def test_read_and_write_their_own_rows_whatever_fails_or_dies(self, pool: str, halls: list[Hall]) -> None:  # noqa: F811
        for _ in range(2):
            assert work(pool, "die").returncode == 9
        done = work(pool, str(TURNS))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == []
        written = 0
        for hall in halls:
            with schemas.enter(hall.schema_name):
                added = Column.objects.filter(code__startswith="turn-")
                assert set(added.values_list("name", flat=True)) <= {str(hall.number)}
                assert not Column.objects.filter(code__in=["never", "dying"]).exists()
                written += added.count()
        assert TURNS / 2 < written < TURNS

    def test_show_their_own_pages_alone(self, pool: str, halls: list[Hall]) -> None:  # noqa: F811
        pages = [(hall.number, path) for hall in halls for path in ("/", "/c/news/", "/feed.atom", "/search/?q=正文")]
        order = random.Random(1)  # noqa: S311 - an order, no secret
        asked = [page for _ in range(REQUESTS // len(pages)) for page in order.sample(pages, len(pages))]
        with web_server(free_port(), **_variables(pool)) as address, httpx.Client(timeout=30) as client:

            def fetch(page: tuple[int, str]) -> set[str]:
                number, path = page
                answer = client.get(f"http://{address}{path}", headers={"host": f"v{number}.yizhan.localhost"})
                assert answer.status_code == 200, (page, answer.status_code)
                return set(_MARK.findall(answer.text)) ^ {str(number)}

            with ThreadPoolExecutor(8) as threads:
                assert [strays for strays in threads.map(fetch, asked) if strays] == []
            assert client.get(f"http://{address}/readyz").json()["faults"].keys() <= {"store", "broker"}
