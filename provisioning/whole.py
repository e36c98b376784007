"""Everything that this installation keeps, backed up and brought back: the database with every hall, the object store,
the audit's witness and the keys."""

import hmac
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from foundation.backups import database
from foundation.backups.copies import CopyFigures, ListedFile, StoreCopy
from foundation.backups.folder import BackupFolder, Base, sha256_of, write_whole
from foundation.backups.moments import Moment, Moments, WalPosition
from foundation.backups.sealing import seal
from foundation.backups.told import WalMissing, keys_told
from foundation.crypto.sm3 import hmac_sm3
from foundation.errors import Conflict, DomainError, Unavailable
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require
from provisioning.archives import signature_of
from provisioning.models import BackupState
from provisioning.store_keys import open_store

# every week a whole backup of the database, between them what has changed
WHOLE_AFTER: Final = timedelta(days=7)
# seconds for which the WAL of a moment is waited for
_PATIENCE: Final = 120
_AT_ONCE: Final = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BackupReport:
    """``moment``: up to then everything can be brought back. ``files``: that came anew."""

    base: str
    is_whole: bool
    moment: datetime
    files: int
    seconds: float


def folder_at(path: Path) -> BackupFolder:
    """A folder of backups whose records this installation's key has signed."""
    return BackupFolder(path, signature_of)


def moments_of(folder: BackupFolder) -> Moments:
    """Which moments can be brought back from it."""
    return Moments(folder.path / "moments", folder.sign, wal=folder.wal, index=folder.files / "index.jsonl")


def backup_folder() -> BackupFolder:
    """This installation's own. Raises Conflict where none was chosen."""
    if settings.BACKUP_FOLDER is None:
        raise Conflict("没有设置备份目录。请把环境变量 BACKUP_FOLDER 设为另一台机器磁盘上的目录。")
    return folder_at(settings.BACKUP_FOLDER)


def take_backup(*, by: Actor, keys: bytes, whole: bool = False, lists: bool = True) -> BackupReport:
    """Back up everything, while people work: the database's files (what has changed since the last backup; once a week,
    or with ``whole``, all of them), its WAL, the object store, and ``keys``, sealed for the holder of
    BACKUP_RECIPIENT's private key. ``lists``: as of ``note_moment``.

    Killed, the next call begins this part anew and loses nothing else. Raises Conflict where another one is running,
    Unavailable.
    """
    require(by, "halls.manage")
    began = time.monotonic()
    folder = prepared_folder()
    with folder.alone("base"), noting(BackupState.Kind.BASE) as state, wal_received(folder):
        folder.remove_drafts()
        base = _take_base(folder, keys, whole=whole)
        moment, copied = note_moment(folder, lists=lists)
        _forget_old(folder)
        state.moment = moment
    record_act(by=by, act="backups.take", object_type="backup", object_id=state.pk)
    return BackupReport(base.id, not base.parent, moment, copied, time.monotonic() - began)


def prepared_folder() -> BackupFolder:
    """The folder, ready for this database. Raises Conflict where it is another one's."""
    folder = backup_folder()
    [(system, wal_name)] = _ask(
        "SELECT system_identifier::text, pg_walfile_name(pg_current_wal_lsn()) FROM pg_control_system()"
    )
    folder.prepare(f"{system} {wal_name[:8]}")
    return folder


def note_moment(folder: BackupFolder, *, lists: bool = False) -> tuple[datetime, int]:
    """Make everything up to now restorable, and say so in the folder; returns that moment, by the database's clock, and
    how many files came anew.

    First the moment, then the WAL, then the files that it tells of. Whatever row was committed by then names files that
    were put before it, and the WAL that has the row has told of them. So files may be there that no row names, and no
    row names a file that is missing. ``lists``: list the whole store besides, which takes as long as it is large; done
    anyway where the WAL since the moment before is not here. Raises Unavailable where the WAL does not come.
    """
    with folder.alone("moment", waits=True), noting(BackupState.Kind.MOMENT) as state:
        [(at,)] = _ask("SELECT clock_timestamp()")
        bases = folder.bases()
        if not bases:
            raise Conflict("还没有数据库备份。请先运行 yizhan backup now。")
        # recovery ends before the first commit after the moment: there is one in the WAL now
        BackupState.objects.filter(pk=state.pk).update(begun_at=timezone.now())
        position = _await_wal()
        moments = moments_of(folder)
        copied = _copy_files(folder, moments.newest(), position, at, lists=lists)
        if settings.AUDIT_WITNESS.exists():
            shutil.copyfile(settings.AUDIT_WITNESS, folder.path / "audit-witness.jsonl")
        moments.add(bases[-1], folder.base_path(bases[-1].id), at, position)
        state.moment = at
    return at, copied


def copy_missed(folder: BackupFolder, files: Sequence[ListedFile]) -> list[str]:
    """Copy what of these files, which a list of the store had, nobody has told of; returns their keys. Called after a
    moment that began later than the list ended: who had put a file by then has told of it, unless killed between.
    Raises Unavailable."""
    with folder.alone("moment", waits=True):
        copy = StoreCopy(folder.files)
        missed = [one.key for one in copy.still_missing(files)]
        [(at,)] = _ask("SELECT clock_timestamp()")
        copy.copy_these(missed, at)
    return missed


@contextmanager
def noting(kind: BackupState.Kind) -> Iterator[BackupState]:
    """What is done inside, in the row of its kind: that it began, and how it ended."""
    state, _ = BackupState.objects.update_or_create(kind=kind, defaults={"begun_at": timezone.now()})
    state.fault = ""
    began = time.monotonic()
    try:
        yield state
    except (DomainError, OSError) as error:
        BackupState.objects.filter(pk=state.pk).update(fault=str(error)[:500])
        raise
    BackupState.objects.filter(pk=state.pk).update(
        moment=state.moment, done_at=timezone.now(), seconds=time.monotonic() - began, fault=state.fault[:500]
    )


@contextmanager
def wal_received(folder: BackupFolder) -> Iterator[None]:
    """Inside, the database's WAL comes into the folder: by ``yizhan backup follow`` where it runs, else by us."""
    if _ask("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND active", database.SLOT):
        yield
        return
    forget_lost_slot(folder)
    with database.receiving(backup_server(), folder.wal):
        yield


def forget_lost_slot(folder: BackupFolder) -> None:
    """Give the slot up where the server has thrown away what was not fetched for too long, and receive from the segment
    of now on. Nothing between can be brought back: the folder says so until there is a backup of the database that
    began later. Killed between, the next call does it again."""
    if not _ask("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'", database.SLOT):
        return
    folder.note_gap()
    [(segment,)] = _ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
    # the receiver goes on where the newest file ends, whatever the server has
    (folder.wal / f"{segment}.partial").touch()
    database.drop_slot(backup_server())


def backup_server() -> database.Server:
    """The server, by the role that may copy it; of a process of the owner's."""
    facts = settings.BACKUP_DATABASE
    return database.Server(str(facts["HOST"]), int(facts["PORT"]), str(facts["USER"]), str(facts["PASSWORD"]))


def keys_mark(keys: bytes) -> str:
    """Which keys were sealed, for who knows them: a keyed digest."""
    key = hmac_sm3(settings.BACKUP_KEY.encode(), b"yizhan sealed keys")
    return hmac_sm3(key, keys).hex()


def are_sealed(folder: BackupFolder, keys: bytes) -> bool:
    """Whether the newest backup has these very keys, sealed and unchanged since."""
    bases = folder.bases()
    if not bases:
        return False
    path = folder.keys_path(bases[-1].id)
    is_there = path.exists() and sha256_of(path) == bases[-1].keys_sha256
    return is_there and hmac.compare_digest(bases[-1].keys_mark, keys_mark(keys))


def base_for(folder: BackupFolder, at: datetime) -> Base:
    """The newest backup of the database that ended by then. Raises Conflict where there is none, or nothing says that
    everything up to that moment is here."""
    moments = moments_of(folder).times()
    if not moments or at > moments[-1]:
        last = f"最晚可以恢复到 {_local(moments[-1])}" if moments else "还没有可以恢复的时刻"
        message = f"备份没有到 {_local(at)}，{last}。"
        raise Conflict(message)
    bases = [one for one in folder.bases() if datetime.fromisoformat(one.ended_at) <= at]
    if not bases:
        message = f"{_local(at)} 之前没有完整备份。最早的完整备份结束于 {_first_end(folder)}。"
        raise Conflict(message)
    return bases[-1]


def put_database(folder: BackupFolder, at: datetime, into: Path) -> None:
    """A data directory at ``into`` from which the server can recover to that moment, every file of it checked. Raises
    Conflict; Invalid, with the name of what was changed: files of the database, its WAL, the list of files."""
    base = base_for(folder, at)
    chain = folder.chain_of(base)
    moments_of(folder).check(folder.base_path(base.id), at)
    for one in chain:
        path = folder.base_path(one.id)
        if sha256_of(path / "backup_manifest") != one.manifest_sha256:
            message = f"数据库备份 {one.id} 的清单被改动过，没有恢复任何内容。"
            raise Conflict(message)
        database.verify_base(path)
    database.put_together([folder.base_path(one.id) for one in chain], into)


def put_wal(folder: BackupFolder, at: datetime, into: Path) -> None:
    """What the server needs to recover to that moment, checked once more, and nothing else that lies in the folder.
    Raises Conflict, Invalid."""
    moments_of(folder).put_wal(folder.base_path(base_for(folder, at).id), at, into)


def put_files(*, by: Actor, folder: BackupFolder, at: datetime) -> CopyFigures:
    """Put the files into the store of this machine, and make the halls' keys known to it. Again changes nothing."""
    require(by, "halls.manage")
    # of the first pass that began after it: it has whatever rows of that moment name
    until = moments_of(folder).needed(at).time
    figures = StoreCopy(folder.files).put_all(until=until)
    halls = list(Hall.objects.only("id").order_by("number"))
    for first in range(0, len(halls), _AT_ONCE):
        open_store(halls[first : first + _AT_ONCE])
    state, _ = BackupState.objects.get_or_create(kind=BackupState.Kind.BASE, defaults={"begun_at": timezone.now()})
    with transaction.atomic():
        # they say how another machine's backups went
        BackupState.objects.update(moment=None, done_at=None, fault="")
        changes = {"moment": [None, at.isoformat()], "files": [None, figures.files]}
        record_act(by=by, act="backups.restore", object_type="backup", object_id=state.pk, changes=changes)
    return figures


def _take_base(folder: BackupFolder, keys: bytes, *, whole: bool) -> Base:
    if not settings.BACKUP_RECIPIENT:
        raise Conflict("没有设置 BACKUP_RECIPIENT，密钥不能和数据放在一起。请先用 yizhan backup key 生成一份证书。")
    began = datetime.now(UTC)
    bases = folder.bases()
    parent = None if whole or not bases or not _may_follow(folder, bases[-1], began) else bases[-1]
    base_id = f"{began:%Y%m%dT%H%M%S.%fZ}"
    sealed = seal(keys, Path(settings.BACKUP_RECIPIENT).read_bytes())
    write_whole(folder.keys_path(base_id), sealed)
    path = folder.base_path(base_id)
    database.take_base(backup_server(), path, parent=folder.base_path(parent.id) if parent else None)
    [(ended,)] = _ask("SELECT clock_timestamp()")
    base = Base(
        base_id,
        parent.id if parent else "",
        began.isoformat(),
        ended.isoformat(),
        sha256_of(path / "backup_manifest"),
        sha256_of(folder.keys_path(base_id)),
        keys_mark(keys),
    )
    folder.add_base(base)
    folder.forget_gap()
    return base


def _may_follow(folder: BackupFolder, newest: Base, now: datetime) -> bool:
    [(summarizes,)] = _ask("SHOW summarize_wal")
    first = folder.chain_of(newest)[0]
    return summarizes == "on" and now - datetime.fromisoformat(first.began_at) < WHOLE_AFTER


def _await_wal() -> WalPosition:
    """What is committed by now has been written down in the folder: up to this position. A message of our own stands
    before it, so that a reader who begins there meets a whole record."""
    [(lsn,)] = _ask("SELECT pg_logical_emit_message(false, %s, '', true)::text", database.SLOT)
    [(segment, offset)] = _ask("SELECT file_name, file_offset FROM pg_walfile_name_offset(%s::pg_lsn)", lsn)
    end = time.monotonic() + _PATIENCE
    while not _ask(
        "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND restart_lsn >= %s::pg_lsn", database.SLOT, lsn
    ):
        if time.monotonic() > end:
            raise Unavailable("数据库的预写日志没有写进备份目录，请确认 yizhan backup follow 在运行、备份目录能写入。")
        time.sleep(0.1)
    return WalPosition(lsn, segment, offset)


def _copy_files(folder: BackupFolder, since: Moment | None, until: WalPosition, at: datetime, *, lists: bool) -> int:
    copy = StoreCopy(folder.files)
    if since and not lists:
        try:
            return copy.copy_these(keys_told(folder.wal, since=since, until=until), at)
        except WalMissing as error:
            log.warning("backup_lists_store", reason=str(error))
    return copy.copy_all(at).copied


def _forget_old(folder: BackupFolder) -> None:
    """Whole backups that another whole one followed before the days that are kept, with all that go back to them."""
    before = datetime.now(UTC) - timedelta(days=settings.BACKUP_KEEP_DAYS)
    bases = folder.bases()
    old = [one.id for one in bases if not one.parent and datetime.fromisoformat(one.ended_at) < before]
    if len(old) > 1:
        for one in reversed([one for one in bases if one.id < old[-1]]):
            folder.remove_base(one)
    oldest = folder.bases()[0]
    moments_of(folder).forget_before(oldest)
    database.forget_wal_before(folder.base_path(oldest.id), folder.wal)


def _first_end(folder: BackupFolder) -> str:
    bases = folder.bases()
    return _local(datetime.fromisoformat(bases[0].ended_at)) if bases else "（没有）"


def _local(at: datetime) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")


def _ask(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
