"""Bring the newest backup back beside the running program, look whether it is right, and throw it away (恢复演练)."""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg2
from django.conf import settings
from django.db import connection

from foundation.backups import database
from foundation.backups.copies import StoreCopy
from foundation.embedded_services import postgres
from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.models import BackupState
from provisioning.named_files import files_named
from provisioning.whole import are_sealed, backup_folder, noting, put_database

# halls whose files are looked at
_HALLS: Final = 40
# of each chain of the audit where it ends, and how many links it has
_CHAINS: Final = """
    SELECT DISTINCT ON (chain_id) chain_id::text, position, hash, count(*) OVER (PARTITION BY chain_id)
    FROM audit_auditlink ORDER BY chain_id, position DESC
"""


@dataclass(frozen=True, slots=True)
class DrillReport:
    """``seconds``: until the database answered as it stood at ``moment``. ``files``, ``chains``: that were compared."""

    moment: datetime
    seconds: float
    files: int
    chains: int


def drill(*, by: Actor, keys: bytes, port: int) -> DrillReport:
    """Restore the newest moment into a folder of its own, at a free port of loopback; the running program is not
    touched. Raises Invalid or Conflict with what is wrong with the backup; the operator's light says it, too."""
    require(by, "halls.manage")
    place = settings.VAR / "drill"
    with noting(BackupState.Kind.DRILL) as state:
        folder = backup_folder()
        moments = folder.moments()
        if not moments:
            raise Conflict("还没有备份，无法演练。请先运行 yizhan backup now。")
        if not are_sealed(folder, keys):
            raise Invalid("最近的备份里没有现在使用的密钥。请运行 yizhan backup now。")
        moment = moments[-1]
        shutil.rmtree(place, ignore_errors=True)
        data = postgres.data_folder(place)
        shutil.rmtree(data, ignore_errors=True)
        try:
            began = time.monotonic()
            put_database(folder, moment, data)
            with database.recovered(data, wal=folder.wal, at=moment, port=port):
                seconds = time.monotonic() - began
                files, chains = _compare(port, moment, StoreCopy(folder.files))
        finally:
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)
        state.moment = moment
    record_act(by=by, act="backups.drill", object_type="backup", object_id=state.pk)
    return DrillReport(moment, seconds, files, chains)


def _compare(port: int, moment: datetime, copy: StoreCopy) -> tuple[int, int]:
    facts = settings.DATABASES["default"]
    session = psycopg2.connect(
        host="127.0.0.1", port=port, user=facts["USER"], password=facts["PASSWORD"], dbname=facts["NAME"]
    )
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT max(created_at) FROM audit_auditentry")
            [(last,)] = cursor.fetchall()
            if last and last > moment:
                raise Invalid("恢复出来的数据库里有那一刻之后的内容。")
            cursor.execute(_CHAINS)
            chains = cursor.fetchall()
            keys = files_named(cursor, halls=_HALLS)
    finally:
        session.close()
    _check_chains(chains)
    if damaged := copy.damaged(keys):
        message = f"备份里缺少 {len(damaged)} 个文件，或内容不对，例如 {damaged[0]}。"
        raise Invalid(message)
    return len(keys), len(chains)


def _check_chains(chains: list[tuple[Any, ...]]) -> None:
    """Each link's hash holds all before it: where the running database has the same at that place, all of it is the
    same."""
    with connection.cursor() as cursor:
        for chain, position, found, count in chains:
            cursor.execute("SELECT hash FROM audit_auditlink WHERE chain_id = %s AND position = %s", [chain, position])
            here = cursor.fetchone()
            if here != (found,) or count != position:
                raise Invalid("恢复出来的审计链与现在的不一致，请按 docs/runbooks/audit.md 处理。")
