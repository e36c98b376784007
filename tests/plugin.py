"""Loaded before everything else (``-p tests.plugin``): the settings must find the servers' addresses when Django reads
them, and xdist's workers must find the servers of the run that started them."""

import hashlib
import os
import subprocess
import sys

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from foundation.parts import postgres
from tests.servers import PASSWORD, ROOT, S3_KEY, Servers, free_port, scratch

_MACHINE = "tests/machine/"
_LONG = (_MACHINE, "tests/journeys/", "tests/provisioning/test_killed", "tests/security/")

_servers = Servers()
# how fast the machine is at the moment is no matter of tests
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


def _url(database: str) -> str:
    return f"postgresql://yizhan:{PASSWORD}@127.0.0.1:{os.environ['YIZHAN_TEST_PG_PORT']}/{database}"


def _prepare_environment() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        store = free_port(width=18)
        os.environ |= {
            "YIZHAN_TEST_PG_PORT": str(free_port()),
            "YIZHAN_TEST_VALKEY_PORT": str(free_port()),
            "YIZHAN_TEST_S3_PORT": str(store),
            "S3_ENDPOINT": f"http://127.0.0.1:{store}",
            "S3_FILER_ENDPOINT": f"http://127.0.0.1:{store + 3}",
            "S3_ACCESS_KEY": S3_KEY,
            "S3_SECRET_KEY": PASSWORD,
            "S3_BUCKET": "yizhan",
            # not where `make up` keeps its data: what it collected there is of another state of the code
            "YIZHAN_VAR": str(scratch() / "var"),
            "SECRET_KEY": "tests-only-" + "x" * 40,
            "PERSONAL_KEYS": "1:dGVzdHMtb25seS1rZXktMQ==",
            "PERSONAL_INDEX_KEY": "dGVzdHMtb25seS1pbmRleC1rZXktb2YtMzItYnl0ZXM=",
            "BASE_DOMAIN": "yizhan.test",
            # the cast signs in by password alone, except where a second factor is what a test is about
            "SECOND_FACTOR_REQUIRED": "0",
            # thousands of requests a minute from one address; tests/security counts
            "RATE_LIMITS": "off",
            "LOG_LEVEL": "ERROR",
        }
        os.environ["BROKER_URL"] = f"redis://:{PASSWORD}@127.0.0.1:{os.environ['YIZHAN_TEST_VALKEY_PORT']}/0"
    os.environ["DATABASE_URL"] = _url(f"test_{worker or 'main'}")
    # where a live web server of this worker listens (tests/journeys), and where proofs fetch our own sites
    os.environ["YIZHAN_WEB_PORT"] = str(free_port())


_prepare_environment()


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the servers; its workers use them."""
    if hasattr(config, "workerinput"):
        return
    try:
        _servers.start_postgres(int(os.environ["YIZHAN_TEST_PG_PORT"]))
        _servers.start_valkey(int(os.environ["YIZHAN_TEST_VALKEY_PORT"]))
        _servers.start_seaweed(int(os.environ["YIZHAN_TEST_S3_PORT"]))
        os.environ["YIZHAN_TEST_TEMPLATE"] = _make_template_database()
    except BaseException:
        _servers.stop()
        raise


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _servers.stop()


class _ByFile(LoadFileScheduling):
    """A worker takes a whole file, and one worker all that use a machine: to bring one up takes half a minute."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return _MACHINE if file.startswith(_MACHINE) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: begun last, it would be waited for by all."""
    items.sort(key=lambda item: next((at for at, part in enumerate(_LONG) if item.nodeid.startswith(part)), len(_LONG)))


def clone_database(name: str) -> None:
    """A fresh copy of the template database under this name."""
    ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    ask(f'CREATE DATABASE "{name}" TEMPLATE "{os.environ["YIZHAN_TEST_TEMPLATE"]}"')


def ask(sql: str) -> str:
    """What psql answers, in the maintenance database."""
    return subprocess.run(
        [
            *(postgres.binaries() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
            *("-h", "127.0.0.1", "-p", os.environ["YIZHAN_TEST_PG_PORT"], "-U", "yizhan", "-d", "postgres"),
        ],
        input=sql,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": PASSWORD},
    ).stdout.strip()


def _make_template_database() -> str:
    """Migrate and fill a database once per state of the code; workers clone it in a blink."""
    name = f"template_{_digest_of_sources()}"
    databases = ask("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").splitlines()
    if name in databases:
        return name
    for old in databases:
        ask(f'DROP DATABASE "{old}" WITH (FORCE)')
    ask('CREATE DATABASE "template_making"')
    subprocess.run(
        [sys.executable, "-m", "tests.template_database"],
        check=True,
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": _url("template_making"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
    )
    ask(f'ALTER DATABASE "template_making" RENAME TO "{name}"')
    return name


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
