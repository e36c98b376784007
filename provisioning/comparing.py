"""The whole object store compared with its copy, beside the moments of every minute: it finds what nobody has told of
(a tool past our program, a process that was killed between putting and telling), and says how much that was."""

import time
from threading import Thread
from typing import Final

import structlog

from foundation.backups.copies import ListedFile, StoreCopy
from foundation.backups.folder import BackupFolder
from foundation.errors import DomainError
from provisioning.models import BackupState
from provisioning.whole import copy_missed, noting

# seconds between two of them
EVERY: Final = 3600
# within so many seconds who has put a file has told of it, or was killed
_GRACE: Final = 5.0
# files that are copied between two moments: a moment must not wait for more
_AT_ONCE: Final = 1000

log = structlog.get_logger(__name__)


class _List(Thread):
    """Lists the store; ``files`` are those that were not in the copy, ``error`` why it could not."""

    def __init__(self, copy: StoreCopy, grace: float) -> None:
        # who ends the program does not wait for it
        super().__init__(daemon=True, name="list-of-store")
        self._copy, self._grace = copy, grace
        self.files: list[ListedFile] = []
        self.error: DomainError | OSError | None = None

    def run(self) -> None:
        try:
            self.files = self._copy.missing()
        except (DomainError, OSError) as error:
            self.error = error
        time.sleep(self._grace)


class Comparing:
    """The store is listed in a thread of its own, since that takes as long as it is large; who notes the moments
    copies what was found. Killed, the next one begins anew."""

    def __init__(self, folder: BackupFolder, *, every: float = EVERY, grace: float = _GRACE) -> None:
        self._folder, self._every, self._grace = folder, every, grace
        self._due = time.monotonic()
        self._list: _List | None = None
        # of a list that has ended: what is left to copy, and what was copied because nobody had told of it
        self._left: list[ListedFile] | None = None
        self._missed: list[str] = []

    def has_listed(self) -> bool:
        """Whether there is a list that has ended; asked before a moment is noted, so that whatever the list has, and
        somebody told of, is in the copy after the moment."""
        return self._list is not None and not self._list.is_alive()

    def go_on(self, *, has_listed: bool) -> None:
        """Called after each moment; ``has_listed``: what was answered before it. Raises Unavailable."""
        if self._list is None:
            if time.monotonic() >= self._due:
                self._list = _List(StoreCopy(self._folder.files), self._grace)
                self._list.start()
        elif has_listed:
            self._copy(self._list)

    def _copy(self, ended: _List) -> None:
        if self._left is None:
            self._left = ended.files
        # where this fails, the next moment tries it again
        self._missed += copy_missed(self._folder, self._left[:_AT_ONCE])
        self._left = self._left[_AT_ONCE:]
        if not self._left:
            self._end(ended)

    def _end(self, ended: _List) -> None:
        missed, self._list, self._left, self._missed = self._missed, None, None, []
        self._due = time.monotonic() + self._every
        with noting(BackupState.Kind.FILES) as state:
            if ended.error:
                raise ended.error
            if missed:
                state.fault = (
                    f"对象存储里有 {len(missed):,} 个文件，放进去时没有告诉备份，现在才备份，例如 {missed[0]}。"
                    "请查明是什么程序放的，做法见 docs/runbooks/backup.md。"
                )
                log.warning("backup_files_missed", files=len(missed), example=missed[0])
