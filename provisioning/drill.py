"""Bring the newest backup back beside the running program, look whether it is right, and throw it away (恢复演练)."""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import psycopg2
from django.conf import settings

from foundation.backups import database
from foundation.backups.copies import StoreCopy
from foundation.embedded_services import postgres
from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.audit.queries.ends import are_here, chain_ends
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.models import BackupState
from provisioning.named_files import files_named
from provisioning.whole import are_sealed, backup_folder, moments_of, noting, put_database, put_wal

# halls whose files are looked at
_HALLS: Final = 40


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
        moments = moments_of(folder).times()
        if not moments:
            raise Conflict("还没有备份，无法演练。请先运行 yizhan backup now。")
        if not are_sealed(folder, keys):
            raise Invalid("最近的备份里没有现在使用的密钥。请运行 yizhan backup now。")
        moment = moments[-1]
        if BackupState.objects.filter(kind=BackupState.Kind.MOMENT, moment__gt=moment).exists():
            message = f"备份目录里最新的时刻是 {moment.isoformat()}，比已经备好的旧：之后的记录被删去了。"
            raise Invalid(message)
        shutil.rmtree(place, ignore_errors=True)
        data = postgres.data_folder(place)
        shutil.rmtree(data, ignore_errors=True)
        try:
            began = time.monotonic()
            put_database(folder, moment, data)
            with database.recovered(data, put_wal=partial(put_wal, folder, moment), at=moment, port=port):
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
            last, ends = chain_ends(cursor)
            keys = files_named(cursor, halls=_HALLS)
    finally:
        session.close()
    if last and last > moment:
        raise Invalid("恢复出来的数据库里有那一刻之后的内容。")
    if not are_here(ends):
        raise Invalid("恢复出来的审计链与现在的不一致，请按 docs/runbooks/audit.md 处理。")
    if damaged := copy.damaged(keys):
        message = f"备份里缺少 {len(damaged)} 个文件，或内容不对，例如 {damaged[0]}。"
        raise Invalid(message)
    return len(keys), len(ends)
