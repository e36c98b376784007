"""Back up all the time: WAL as it is written, every minute the files it tells of, every night the database's files;
and every hour compare the copy of the files with the whole store."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Final

import structlog
from django.db import close_old_connections, connection

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
    follower = Follower(prepared_folder(), keys)
    while True:
        close_old_connections()
        with suppress(DomainError, OSError):
            forget_lost_slot(follower.folder)
            with database.receiving(backup_server(), follower.folder.wal) as receiver:
                while receiver.poll() is None:
                    follower.go_on()
                    time.sleep(every)
        log.warning("backup_receiver_ended")
        time.sleep(min(every, 5))


class Follower:
    """What is done each minute while the WAL comes in. ``keys``: what is sealed with each backup of the database."""

    def __init__(self, folder: BackupFolder, keys: Callable[[], bytes]) -> None:
        self.folder = folder
        self._keys = keys
        self._comparing = Comparing(folder)
        self._night: Thread | None = None

    def go_on(self) -> None:
        """Note a moment; before it back the database up where it could stand on no backup."""
        close_old_connections()
        with _logged():
            if self.folder.has_gap or not self.folder.bases():
                self._take(whole=self.folder.has_gap)
            elif self._is_due() and (self._night is None or not self._night.is_alive()):
                # moments go on beside it: with ten thousand halls it takes longer than the time that may be lost
                self._night = Thread(target=self._take_beside, daemon=True, name="night-backup")
                self._night.start()
            has_listed = self._comparing.has_listed()
            note_moment(self.folder)
            self._comparing.go_on(has_listed=has_listed)

    def _is_due(self) -> bool:
        newest = self.folder.bases()[-1]
        return datetime.now(UTC) - datetime.fromisoformat(newest.began_at) >= BASE_AFTER

    def _take(self, *, whole: bool = False) -> None:
        take_backup(by=system_actor("备份"), keys=self._keys(), whole=whole, lists=False)

    def _take_beside(self) -> None:
        try:
            with _logged():
                self._take()
        finally:
            connection.close()


@contextmanager
def _logged() -> Iterator[None]:
    try:
        yield
    except Conflict as error:
        # somebody else is at it
        log.info("backup_waits", reason=str(error))
    except (DomainError, OSError) as error:
        log.warning("backup_failed", reason=str(error))
