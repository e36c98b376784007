"""Back up all the time: WAL as it is written, every minute the files it tells of, every night the database's files;
and every hour compare the copy of the files with the whole store."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from django.db import close_old_connections

from foundation.backups import database
from foundation.backups.folder import BackupFolder
from foundation.errors import Conflict, DomainError
from province.rights.queries import system_actor
from provisioning.comparing import Comparing
from provisioning.whole import backup_server, forget_lost_slot, note_moment, prepared_folder, take_backup

# seconds between two moments that can be brought back
EVERY: Final = 60
BASE_AFTER: Final = timedelta(days=1)

log = structlog.get_logger(__name__)


def follow(*, keys: Callable[[], bytes], every: float = EVERY) -> None:
    """Until ended. What fails is tried again; how it went stands in the states, and the lights read those."""
    folder = prepared_folder()
    comparing = Comparing(folder)
    while True:
        close_old_connections()
        with suppress(DomainError, OSError):
            forget_lost_slot(folder)
            with database.receiving(backup_server(), folder.wal) as receiver:
                while receiver.poll() is None:
                    _once(folder, keys, comparing)
                    time.sleep(every)
        log.warning("backup_receiver_ended")
        time.sleep(min(every, 5))


def _once(folder: BackupFolder, keys: Callable[[], bytes], comparing: Comparing) -> None:
    close_old_connections()
    try:
        has_listed = comparing.has_listed()
        bases = folder.bases()
        whole = folder.has_gap
        if whole or not bases or datetime.now(UTC) - datetime.fromisoformat(bases[-1].began_at) >= BASE_AFTER:
            take_backup(by=system_actor("备份"), keys=keys(), whole=whole, lists=False)
        else:
            note_moment(folder)
        comparing.go_on(has_listed=has_listed)
    except Conflict as error:
        # somebody else is at it
        log.info("backup_waits", reason=str(error))
    except (DomainError, OSError) as error:
        log.warning("backup_failed", reason=str(error))
