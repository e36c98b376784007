"""Loaded before everything else (``-p tests.plugin``): the settings must find the servers' addresses when Django reads
them, and xdist's workers must find the servers of the run that started them."""

import atexit
import gc
import hashlib
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from foundation.embedded_services import seaweed
from foundation.embedded_services.postgres import OWNER, ROLE
from tests.engine_process import stop_engine
from tests.examples import choose_examples, lengthen
from tests.servers import PASSWORD, ROOT, S3_KEY, Servers, free_port, scratch, wait_until
from tests.soak import SOAK
from tests.timing import spent, times

# what one worker does in one go: a machine takes half a minute to bring up, the program's sources seconds to parse
_TOGETHER = ("tests/machine/", "tests/architecture/")
# seconds of files that no run has measured yet
_LONG = {
    "tests/machine/": 300.0,
    "tests/architecture/": 60.0,
    "tests/journeys/": 60.0,
    "tests/isolation/": 60.0,
    "tests/security/": 60.0,
}
_USUAL = 5.0
_MEASURED = "yizhan/seconds"

_servers = Servers()
# what starts them while Django is set up and tests are collected
_starting: Thread | None = None
choose_examples()


def _url(database: str, *, role: str = ROLE) -> str:
    return f"postgresql://{role}:{PASSWORD}@127.0.0.1:{os.environ['YIZHAN_TEST_PG_PORT']}/{database}"


def _prepare_environment() -> None:
    # every program that a test starts would compile every library anew: two thirds of the time that it takes to start
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        store = free_port(width=18)
        os.environ["YIZHAN_TEST_VAR"] = str(scratch())
        os.environ |= {
            "YIZHAN_TEST_PG_PORT": str(free_port()),
            "YIZHAN_TEST_VALKEY_PORT": str(free_port()),
            "YIZHAN_TEST_S3_PORT": str(store),
            "S3_ENDPOINT": f"http://127.0.0.1:{store}",
            "S3_FILER_ENDPOINT": f"http://127.0.0.1:{store + 3}",
            "S3_FILER_KEY": seaweed.filer_key(PASSWORD),
            "S3_ACCESS_KEY": S3_KEY,
            "S3_SECRET_KEY": PASSWORD,
            "S3_BUCKET": "yizhan",
            # not where `make up` keeps its data: what it collected there is of another state of the code
            "YIZHAN_VAR": str(scratch() / "var"),
            "SECRET_KEY": "tests-only-" + "x" * 40,
            "PERSONAL_KEYS": "1:dGVzdHMtb25seS1rZXktMQ==",
            "PERSONAL_INDEX_KEY": "dGVzdHMtb25seS1pbmRleC1rZXktb2YtMzItYnl0ZXM=",
            "BASE_DOMAIN": "yizhan.localhost",
            # the cast signs in by password alone, except where a second factor is what a test is about
            "SECOND_FACTOR_REQUIRED": "0",
            # thousands of requests a minute from one address; tests/security counts
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "ERROR",
        }
        os.environ["BROKER_URL"] = f"redis://:{PASSWORD}@127.0.0.1:{os.environ['YIZHAN_TEST_VALKEY_PORT']}/0"
    os.environ["DATABASE_URL"] = _url(f"test_{worker or 'main'}")
    os.environ["DATABASE_OWNER_URL"] = _url(f"test_{worker or 'main'}", role=OWNER)
    # where a live web server of this worker listens (tests/journeys), and where proofs fetch our own sites
    os.environ["YIZHAN_WEB_PORT"] = str(free_port())


# a benchmark that borrows the tests' factories has servers and settings of its own by then
if not settings.configured:
    _prepare_environment()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """The controller starts the servers, on the side; its workers use them."""
    # until all is loaded, little of it is garbage
    gc.disable()
    options = early_config.known_args_namespace
    if "PYTEST_XDIST_WORKER" in os.environ or options.collectonly or options.help or options.version:
        return
    os.environ["YIZHAN_TEST_TEMPLATE"] = f"template_{_digest_of_sources()}"
    os.environ["YIZHAN_TEST_READY"] = str(scratch() / f"ready-{os.getpid()}")
    global _starting  # noqa: PLW0603 - of the process, as the servers are
    _starting = Thread(target=_start_servers, args=(Path(os.environ["YIZHAN_TEST_READY"]),))
    _starting.start()
    # also where pytest gives up before it is configured
    atexit.register(_stop_servers, os.getpid())


def _start_servers(ready: Path) -> None:
    """What goes wrong is written to where workers look for the end of it."""
    problem = ""
    try:
        with spent("servers"):
            _servers.start_valkey(int(os.environ["YIZHAN_TEST_VALKEY_PORT"]))
            _servers.start_postgres(int(os.environ["YIZHAN_TEST_PG_PORT"]))
        with spent("template"):
            _make_template_database(os.environ["YIZHAN_TEST_TEMPLATE"])
        # takes some seconds of the machine before it answers: tests that need it wait for it
        _servers.start_seaweed(int(os.environ["YIZHAN_TEST_S3_PORT"]))
    except Exception:  # noqa: BLE001 - told to every worker
        problem = traceback.format_exc()
    draft = ready.with_suffix(".new")
    draft.write_text(problem, encoding="utf-8")
    draft.rename(ready)


def _stop_servers(started_by: int) -> None:
    """In the process that started them alone: a test may fork."""
    if _starting and os.getpid() == started_by:
        _starting.join()
        _servers.stop()
        stop_engine()
        Path(os.environ["YIZHAN_TEST_READY"]).unlink(missing_ok=True)


def await_servers() -> None:
    """The template database is there, and Valkey answers."""
    ready = Path(os.environ["YIZHAN_TEST_READY"])
    wait_until(ready.exists, what="the servers' start", seconds=300)
    if problem := ready.read_text(encoding="utf-8"):
        message = f"the servers did not start:\n{problem}"
        raise RuntimeError(message)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stop_servers(os.getpid())


def _scope(nodeid: str) -> str:
    """What one worker does in one go: a file, or all of a folder that share what is dear."""
    return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return _ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What took longest the last time comes first: begun last, it would be waited for by all. Before marks choose."""
    if SOAK:
        lengthen(items)
    measured: dict[str, float] = config.cache.get(_MEASURED, {}) if config.cache else {}

    def seconds(scope: str) -> float:
        guess = next((seconds for part, seconds in _LONG.items() if scope.startswith(part)), _USUAL)
        return measured.get(scope, guess)

    items.sort(key=lambda item: (-seconds(_scope(item.nodeid)), _scope(item.nodeid)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    try:
        with spent("collection"):
            return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: the collector would walk through it again and again, and five times
    more when the run has ended. Of what tests make, little is a circle: looked for after every 2,000 new objects, as is
    usual, circles take a twentieth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 20)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    times.add_report(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers tell how long what took; a whole run keeps the times of its files for the order of the next one."""
    if hasattr(session.config, "workerinput"):
        session.config.workeroutput["spent"] = times.taken  # type: ignore[attr-defined]
    elif session.config.cache and times.files:
        kept: dict[str, float] = session.config.cache.get(_MEASURED, {})
        scopes: dict[str, float] = {}
        for file, seconds in times.files.items():
            scopes[_scope(file)] = scopes.get(_scope(file), 0.0) + seconds
        is_part = session.config.getoption("keyword") or session.config.getoption("markexpr")
        session.config.cache.set(_MEASURED, kept if is_part else kept | scopes)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    times.add_all(getattr(node, "workeroutput", {}).get("spent", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if times.files:
        terminalreporter.section("用时（各进程合计）")
        for line in times.lines():
            terminalreporter.line(line)


def ask(sql: str) -> list[Any]:
    """The first column of what the maintenance database answers."""
    with _maintenance().cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def _maintenance() -> Any:
    """One connection for all databases that this process makes; another one in a process that a test has forked."""
    kept = _connections.get(os.getpid())
    if kept is None or kept.closed:
        kept = psycopg2.connect(
            host="127.0.0.1",
            port=os.environ["YIZHAN_TEST_PG_PORT"],
            user="postgres",
            password=PASSWORD,
            dbname="postgres",
        )
        # CREATE DATABASE stands in no transaction
        kept.autocommit = True
        _connections[os.getpid()] = kept
    return kept


_connections: dict[int, Any] = {}


def clone_database(name: str) -> None:
    """A fresh copy of the template database under this name."""
    with spent("databases"):
        ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = os.environ["YIZHAN_TEST_TEMPLATE"]
        # copied by the system: block by block through buffers and WAL takes two and a half times the processor's time
        ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy OWNER {OWNER}')


def _make_template_database(name: str) -> None:
    """Migrate and fill a database once per state of the code; workers clone it in a blink."""
    databases = ask("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'")
    if name in databases:
        return
    for old in databases:
        ask(f'DROP DATABASE "{old}" WITH (FORCE)')
    ask(f'CREATE DATABASE "template_making" OWNER {OWNER}')
    subprocess.run(
        [sys.executable, "-m", "tests.template_database"],
        check=True,
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": _url("template_making"),
            "DATABASE_OWNER_URL": _url("template_making", role=OWNER),
            "YIZHAN_AS_OWNER": "1",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
    )
    ask(f'ALTER DATABASE "template_making" RENAME TO "{name}"')


def _digest_of_sources() -> str:
    """Changes whenever the template database would come out differently."""
    digest = hashlib.sha256()
    for pattern in (
        "platform/*/*/migrations/*.py",
        "tenants/*/migrations/*.py",
        "provisioning/**/*.py",
        "tests/factories/*.py",
        "tests/template_database.py",
        "config/settings.py",
        "tests/settings.py",
    ):
        for source in sorted(ROOT.glob(pattern)):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
