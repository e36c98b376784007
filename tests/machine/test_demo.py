"""The demo: through the public operations, and carried on after a kill."""

import json
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from config.demo import PROVINCE_FACTS
from config.demo import halls as demo_halls
from province.audit.models import AuditEntry
from tests.audit_words import words_missing
from tests.machine.conftest import Machine
from tests.servers import NO_TLS, ROOT, wait_until
from tests.soak import SOAK

STATES = "SELECT state, count(*) FROM {} GROUP BY state"
HANDED_UP = "cases_casereport WHERE hall_id = (SELECT id FROM halls_hall WHERE slug = 'yichang')"
# of the short form: two of each township whose villages go live, and two that stay on trial
_VILLAGES = ("420582102201", "420582102214", "420582107201", "420582107202", "420582001001", "420582101201")
LIVED = "SELECT id FROM audit_auditentry WHERE act = 'demo.live' AND reason = ''"


def _counts(machine: Machine, table: str) -> dict[str, int]:
    with machine.database() as connection, connection.cursor() as cursor:
        cursor.execute(STATES.format(table))
        return dict(cursor.fetchall())


def _acts_without_words(machine: Machine) -> set[str]:
    """What an auditor of the demo would not read in Chinese."""
    with machine.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT act, object_type, changes FROM audit_auditentry")
        entries = [AuditEntry(act=act, object_type=kind, changes=changes) for act, kind, changes in cursor.fetchall()]
    return {words for entry in entries for words in words_missing(entry)}


def _divisions(folder: Path) -> tuple[Path, int, int]:
    """What the demo is loaded from, of how many halls, and how many of them go live: in the long form its own file.
    Otherwise the county, its townships and some villages: to make the rest takes a minute of both processors, and does
    the same 172 times."""
    whole = demo_halls._FILE  # noqa: SLF001 - its only file
    head, *lines = whole.read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if line.startswith("420582")]
    assert len(own) == 189
    if SOAK:
        return whole, len(own), _to_open(own)
    kept = [line for line in lines if line.startswith("000", 9) or line.startswith(_VILLAGES)]
    fewer = folder / whole.name
    fewer.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    own = [line for line in kept if line.startswith("420582")]
    assert len(own) == 1 + 10 + len(_VILLAGES)
    return fewer, len(own), _to_open(own)


def _to_open(lines: list[str]) -> int:
    """How many of these divisions' halls go live: all but villages of other townships."""
    return sum(line.startswith("000", 9) or line.startswith(demo_halls._LIVE_TOWNSHIPS) for line in lines)  # noqa: SLF001


def _load(machine: Machine, divisions: Path, *words: str) -> subprocess.Popen[str]:
    program = str(Path(__file__).parent / "demo_of_fewer.py")
    return subprocess.Popen(
        [sys.executable, program, str(divisions), "demo", *words],
        cwd=ROOT,
        env=machine.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _page(machine: Machine, address: str) -> httpx.Response:
    host = address.removeprefix("http://").partition(":")[0]
    return httpx.get(f"http://127.0.0.1:{machine.port('WEB')}/", headers={"Host": host}, timeout=30, verify=NO_TLS)


def _state_of_month(machine: Machine) -> str:
    return next(one.state for one in machine.supervisor.states() if one.name == "demo")


class TestDemo:
    @pytest.mark.soak
    def test_is_whole_however_often_it_was_killed(self, machine: Machine, tmp_path: Path) -> None:
        divisions, number, to_open = _divisions(tmp_path)
        for _ in range(5 if SOAK else 1):
            with _load(machine, divisions) as demo:
                time.sleep(4 + secrets.randbelow(8000) / 1000)
                demo.kill()
        with _load(machine, divisions, "--json") as demo:
            told, failed = demo.communicate()
        assert demo.returncode == 0, failed
        accounts = json.loads(told)
        assert {one["username"] for one in accounts} >= {"zhao", "sun", "zhou", "gao", "tang", "fan"}
        halls = _counts(machine, "halls_hall WHERE '42' = ANY (prefixes)")
        # and the city's, above the county
        assert sum(halls.values()) == number + 1
        assert halls["suspended"] == 1
        # the city's is live, too, and one of the villages is suspended
        assert halls["live"] == to_open
        # what the county hands up is with the city: two wait, one is worked on, two are decided
        assert _counts(machine, HANDED_UP) == {"received": 2, "accepted": 1, "decided": 2}
        assert _counts(machine, "content_push") == {"live": 4, "scheduled": 1, "withdrawn": 1}
        assert _acts_without_words(machine) == set()
        assert set(_counts(machine, "content_manuscriptversion")) == {"approved", "final", "first", "returned"}

    def test_shows_its_sites_and_is_not_loaded_twice(self, machine: Machine) -> None:
        before = {one.name: one.pid for one in machine.supervisor.states()}
        summary = json.loads(machine.yizhan("up", "--json"))
        # their variables have changed: our programs run with the demo's now, and nothing else was restarted
        changed = {one.name for one in machine.supervisor.states() if one.pid != before.get(one.name)}
        assert changed == {"programs", "web", "worker", "builder", "beat", "relay", "demo"}
        # as it will be when the database is started anew: not what a province needs
        settings = (machine.var / "postgres" / "postgresql.auto.conf").read_text(encoding="utf-8")
        assert int(re.search(r"shared_buffers = '(\d+)MB'", settings)[1]) < 200  # type: ignore[index]
        # the next `up` is to leave them alone
        machine.environment.update({"YIZHAN_DEMO": "1", **PROVINCE_FACTS})
        assert _counts(machine, "halls_hall")["suspended"] == 1
        assert "主办单位：湖北省人民政府办公厅" in _page(machine, summary["addresses"]["省级平台"]).text
        county = _page(machine, summary["addresses"]["市政务服务中心"])
        assert county.status_code == 200
        assert "新生儿出生一件事" in county.text
        assert "图说本地" in county.text
        machine.await_rows(LIVED, lambda found: len(found) == 6, what="the end of the demo's month", seconds=120)
        # it ends by itself and does not come back
        wait_until(lambda: _state_of_month(machine) == "EXITED", what="the end of its program")
        village = _page(machine, summary["addresses"]["河溶镇星火村便民服务室"])
        assert "低温雨雪冰冻" in village.text
