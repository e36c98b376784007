"""The province that is measured: servers of its own, divisions of 宁夏, and the halls below one of them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measuring import say
from foundation.embedded_services import seaweed
from foundation.embedded_services.postgres import OWNER
from tests.servers import PASSWORD, ROOT, S3_KEY, Servers, free_port, listens, wait_until

DIVISIONS = Path(__file__).parent / "data" / "divisions-64.csv"
_running: Servers | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """``under``: whose halls are made; the other figures say how often something is repeated."""

    name: str
    under: str
    repeats: int

    @property
    def is_full(self) -> bool:
        return self.name == "full"


PROFILES = {
    # 640104: 兴庆区 with its streets and villages
    "small": Profile("small", "640104000000", repeats=2),
    "full": Profile("full", "640000000000", repeats=10),
}


@dataclass(frozen=True, slots=True)
class Built:
    """How the halls came to be: seconds for the divisions, the templates, and the halls themselves."""

    halls: int
    divisions_seconds: float
    templates_seconds: float
    halls_seconds: float
    rollout_id: str


@contextmanager
def servers(kept: Path | None = None) -> Iterator[None]:
    """PostgreSQL (durable), Valkey and S3 on free ports; Django set up on them; all thrown away afterwards, but what
    PostgreSQL has in the folder ``kept``: a later run finds it there."""
    folder = kept or Path(tempfile.mkdtemp(prefix="yizhan-benchmarks-"))
    folder.mkdir(parents=True, exist_ok=True)
    # PostgreSQL's own user must get through
    folder.chmod(0o755)
    database, broker, store, web = free_port(), free_port(), free_port(width=18), free_port()
    os.environ |= {
        "YIZHAN_TEST_VAR": str(folder),
        "YIZHAN_VAR": str(folder / "var"),
        # as the owner: it makes halls, and measures what does not depend on the role
        "DATABASE_URL": f"postgresql://{OWNER}:{PASSWORD}@127.0.0.1:{database}/yizhan",
        "BROKER_URL": f"redis://:{PASSWORD}@127.0.0.1:{broker}/0",
        "S3_ENDPOINT": f"http://127.0.0.1:{store}",
        "S3_FILER_ENDPOINT": f"http://127.0.0.1:{store + 3}",
        "S3_FILER_KEY": seaweed.filer_key(PASSWORD),
        "S3_ACCESS_KEY": S3_KEY,
        "S3_SECRET_KEY": PASSWORD,
        "YIZHAN_WEB_PORT": str(web),
        "SECRET_KEY": "benchmarks-only-" + "x" * 40,
        "PERSONAL_KEYS": "1:YmVuY2htYXJrcy1vbmx5IQ==",
        "PERSONAL_INDEX_KEY": "YmVuY2htYXJrcy1vbmx5LWluZGV4LWtleS0zMmJ5dGU=",
        "BASE_DOMAIN": "yizhan.test",
        "PROVINCE_CODE": "64",
        "PROVINCE_NAME": "宁夏回族自治区",
        # all requests come from one address
        "RATE_LIMITS": "off",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    global _running  # noqa: PLW0603 - one province is measured at a time
    running = _running = Servers()
    # told to end, this process still ends its servers
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        running.start_postgres(database, durable=True)
        running.start_valkey(broker)
        running.start_seaweed(store)
        wait_until(lambda: listens(store) and listens(store + 3), what="the store's start")
        set_up()
        yield
    finally:
        running.stop()
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def start_database_anew() -> None:
    """As any start does, it takes the memory that its data asks for by now."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    connection.close()
    port = urlsplit(os.environ["DATABASE_URL"]).port
    assert _running
    assert port
    former = next(one for one in _running.processes if "postgres" in str(one.args))
    former.send_signal(signal.SIGINT)
    former.wait()
    _running.processes.remove(former)
    _running.start_postgres(port, durable=True)


def make_database(name: str) -> None:
    """An empty one beside the province's, on the same server: its owner may make tables, and no databases."""
    # imported here as Django is
    import psycopg2  # noqa: PLC0415

    port = urlsplit(os.environ["DATABASE_URL"]).port
    made_by = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", password=PASSWORD, dbname="postgres")
    try:
        # it stands in no transaction
        made_by.autocommit = True
        with made_by.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    finally:
        made_by.close()


def set_up() -> None:
    """Django, and the public schema of the database that the environment names."""
    sys.path[:0] = [path for path in os.environ["PYTHONPATH"].split(":") if path not in sys.path]
    # imported here because the settings read the environment above
    import django  # noqa: PLC0415

    django.setup()
    subprocess.run([sys.executable, "manage.py", "migrate_schemas", "--shared", "-v", "0"], check=True, cwd=ROOT)


@cache
def build(profile: Profile) -> Built:
    """The profile's halls, provisioned with two workers; made once, for the first benchmark that needs them, and not
    at all where they were kept."""
    # imported here because Django must be set up first
    from province.halls.models import Hall, HallKind  # noqa: PLC0415
    from province.halls.operations.divisions import load_divisions  # noqa: PLC0415
    from province.rights.queries import system_actor  # noqa: PLC0415
    from provisioning.create import provision_halls  # noqa: PLC0415
    from provisioning.queries import rollout_progress  # noqa: PLC0415
    from provisioning.templates import build_template  # noqa: PLC0415

    if present := Hall.objects.count():
        say(f"  {present} halls are there from an earlier run")
        return Built(present, 0, 0, 0, "")
    say(f"  provisioning the halls below {profile.under} …")
    times = [time.perf_counter()]
    load_divisions(
        by=system_actor(), source="宁夏", lines_or_bytes=DIVISIONS.read_bytes(), effective_on=date(2023, 6, 30)
    )
    times.append(time.perf_counter())
    for kind in HallKind:
        build_template(kind)
    times.append(time.perf_counter())
    rollout = provision_halls(by=system_actor(), under=profile.under, workers=2)
    times.append(time.perf_counter())
    progress = rollout_progress(rollout.id)
    if progress.done != progress.total:
        message = f"{progress.failed} halls were not made: {progress.failures[:3]}"
        raise RuntimeError(message)
    say(f"  {progress.done} halls")
    divisions, templates, halls = (after - before for before, after in pairwise(times))
    return Built(progress.done, divisions, templates, halls, str(rollout.id))
