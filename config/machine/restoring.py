"""Bring everything back on a machine that has nothing yet."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from config import environment
from config.machine.parts import Part, parts_here, store_answers
from config.machine.ports import listenings
from config.machine.up import refuse_taken_ports, wait_until
from foundation.backups import database
from foundation.embedded_services import postgres
from foundation.embedded_services.secrets import make_keeper_secrets, make_secrets
from foundation.errors import Conflict
from foundation.files.credentials import prepare_store
from province.rights.queries import system_actor
from provisioning.whole import folder_at, moments_of, put_database, put_files, put_wal

_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Restored:
    """``moment``: as of which everything stands."""

    moment: datetime
    files: int


def restore_machine(source: Path, at: datetime | None) -> Restored:
    """The database and the files as they stood at that moment, or at the newest; both servers are stopped again at the
    end. The keys are in their place already. Raises Conflict where there is a database already, or the backup does not
    reach so far; Invalid where it is damaged."""
    folder = folder_at(source)
    moments = moments_of(folder).times()
    if not moments:
        message = f"{source} 里没有可以恢复的备份。"
        raise Conflict(message)
    moment = at or moments[-1]
    data = postgres.data_folder(settings.VAR)
    port = _port_here()
    if listenings()["postgres"].is_here:
        refuse_taken_ports("postgres")
    put_database(folder, moment, data)
    with database.recovered(data, put_wal=partial(put_wal, folder, moment), at=moment, port=port), _store():
        figures = put_files(by=system_actor("命令行"), folder=folder, at=moment)
    return Restored(moment, figures.files)


def _port_here() -> int:
    """Where the programs of this machine look for the database. Raises Conflict where that is another machine."""
    if not environment.is_set("DATABASE_URL"):
        return settings.POSTGRES_PORT
    facts = settings.DATABASES["default"]
    if facts["HOST"] not in {"127.0.0.1", "localhost"}:
        message = f"数据库在另一台机器（{facts['HOST']}），请在那台机器上恢复，做法见 docs/runbooks/backup.md。"
        raise Conflict(message)
    return int(str(facts["PORT"]))


@contextmanager
def _store() -> Iterator[None]:
    """Inside, the embedded object store runs, or the one that the environment names is used."""
    parts = parts_here(make_secrets(settings.VAR), make_keeper_secrets(settings.VAR)) if _is_store_here() else []
    with ExitStack() as stack:
        for part in parts:
            if part.name.startswith("s3"):
                stack.enter_context(_running(part))
        if parts:
            wait_until(store_answers, seconds=_PATIENCE, what="对象存储没有启动成功。")
        prepare_store()
        yield


def _is_store_here() -> bool:
    return listenings()["s3"].is_here


@contextmanager
def _running(part: Part) -> Iterator[None]:
    process = subprocess.Popen(part.program.command, cwd=settings.ROOT)
    try:
        yield
    finally:
        # what the store acknowledged is written
        process.kill()
        process.wait()
