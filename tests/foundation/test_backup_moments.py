"""What lies in the folder of backups is what was written there: whatever is changed, exchanged, taken out or put in is
named, and nothing of it comes back."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PosixPath
from typing import IO, Any

import pytest

from foundation.backups.folder import Base
from foundation.backups.moments import Moments, WalPosition
from foundation.errors import Invalid

SIZE = 4096
FIRST, SECOND, THIRD, FOURTH = (f"{number:024X}" for number in range(0x1_00000000_00000001, 0x1_00000000_00000005))
AT = datetime(2026, 11, 29, 8, tzinfo=UTC)


def sign(content: bytes) -> str:
    return hashlib.sha256(b"a key that is elsewhere" + content).hexdigest()


@dataclass
class Stored:
    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def index(self) -> Path:
        return self.folder / "index.jsonl"

    @property
    def moments(self) -> Moments:
        return Moments(self.folder / "moments", sign, wal=self.wal, index=self.index)

    @property
    def records(self) -> Path:
        return self.folder / "moments" / "a.jsonl"

    def write(self, name: str, written: int) -> None:
        """A segment of which so many bytes are written by now."""
        content = (name.encode() * SIZE)[:written] + bytes(SIZE - written)
        (self.wal / (name if written == SIZE else f"{name}.partial")).write_bytes(content)
        if written == SIZE:
            (self.wal / f"{name}.partial").unlink(missing_ok=True)

    def note(self, minute: int, segment: str, offset: int, base: str = "a") -> None:
        with self.index.open("a") as index:
            index.write(f'{{"key": "{minute}"}}\n')
        made = Base(base, "", "", "", "")
        self.moments.add(made, self.folder / base, AT + timedelta(minutes=minute), WalPosition("", segment, offset))


class TooLate(PosixPath):
    """Of a folder whose receiver finishes each segment between a look for it and its opening."""

    def open(self, *args: Any, **kwargs: Any) -> IO[Any]:
        if self.suffix == ".partial" and self.exists():
            self.rename(self.with_suffix(""))
        return super().open(*args, **kwargs)


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Two segments that are full, a third that was being written when the last moment was noted."""
    made = Stored(tmp_path)
    made.wal.mkdir()
    for base, segment in (("a", FIRST), ("b", SECOND)):
        (tmp_path / base).mkdir()
        (tmp_path / base / "backup_label").write_text(f"START WAL LOCATION: 0/1 (file {segment})\n")
    made.write(FIRST, 100)
    made.note(0, FIRST, 100)
    made.write(FIRST, SIZE)
    made.write(SECOND, SIZE)
    made.write(THIRD, 1000)
    made.note(1, THIRD, 900)
    made.note(2, THIRD, 1000)
    return made


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def exchange(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def rewrite(stored: Stored, change: Callable[[list[str]], list[str]]) -> None:
    stored.records.write_text("".join(change(stored.records.read_text().splitlines(keepends=True))))


def with_digest(line: str) -> str:
    """The line as who has no key would forge it."""
    signature, _, content = line.partition(" ")
    return f"{signature} {json.dumps(json.loads(content) | {'sha256': '0' * 64})}\n"


TAMPERED: dict[str, tuple[Callable[[Stored], object], str]] = {
    "a byte of a finished segment": (lambda it: flip(it.wal / SECOND, 4000), SECOND),
    "two segments exchanged": (lambda it: exchange(it.wal / FIRST, it.wal / SECOND), FIRST),
    "a segment taken out": (lambda it: (it.wal / SECOND).unlink(), SECOND),
    "a byte of the segment being written": (lambda it: flip(it.wal / f"{THIRD}.partial", 950), THIRD),
    "a full segment in place of the one being written": (
        lambda it: (it.wal / THIRD).write_bytes((it.wal / SECOND).read_bytes()),
        THIRD,
    ),
    "the list of files": (lambda it: flip(it.index, 3), "index.jsonl"),
    "a record": (lambda it: rewrite(it, lambda lines: [*lines[:-1], with_digest(lines[-1])]), "第 3 行"),
    "a record taken out": (lambda it: rewrite(it, lambda lines: [lines[0], lines[2]]), "改动或删去"),
}


class TestMoments:
    def test_bring_back_what_was_signed_and_nothing_else(self, stored: Stored, tmp_path: Path) -> None:
        stored.write(THIRD, SIZE)
        stored.write(FOURTH, SIZE)
        (stored.wal / "00000002.history").write_text("planted")
        into = tmp_path / "into"
        into.mkdir()
        last = AT + timedelta(minutes=2)
        stored.moments.check(stored.folder / "a", last)
        stored.moments.put_wal(stored.folder / "a", last, into)
        assert sorted(one.name for one in into.iterdir()) == [FIRST, SECOND, THIRD]
        assert (into / SECOND).read_bytes() == (stored.wal / SECOND).read_bytes()
        content = (into / THIRD).read_bytes()
        assert content == (stored.wal / THIRD).read_bytes()[:1000] + bytes(SIZE - 1000)

    @pytest.mark.parametrize("what", TAMPERED)
    def test_name_what_was_tampered_with(self, stored: Stored, what: str) -> None:
        tamper, named = TAMPERED[what]
        tamper(stored)
        with pytest.raises(Invalid, match=named):
            stored.moments.check(stored.folder / "a", AT + timedelta(minutes=2))

    @pytest.mark.parametrize("what", [one for one in TAMPERED if "segment being" in one or "list" in one])
    def test_sign_nothing_anew_that_was_changed(self, stored: Stored, what: str) -> None:
        tamper, named = TAMPERED[what]
        tamper(stored)
        with pytest.raises(Invalid, match=named):
            stored.note(3, THIRD, 1000, base="b")

    def test_keep_the_first_digest_of_a_segment(self, stored: Stored) -> None:
        flip(stored.wal / SECOND, 10)
        stored.note(3, THIRD, 1000, base="b")
        stored.moments.forget_before(Base("b", "", "", "", ""))
        with pytest.raises(Invalid, match=SECOND):
            stored.moments.check(stored.folder / "b", AT + timedelta(minutes=3))

    def test_find_a_segment_that_is_finished_in_this_very_moment(self, stored: Stored) -> None:
        late = TooLate(stored.wal)
        moments = Moments(stored.folder / "moments", sign, wal=late, index=stored.index)
        position = WalPosition("", THIRD, 1000)
        moments.add(Base("a", "", "", "", ""), stored.folder / "a", AT + timedelta(minutes=3), position)
        assert (stored.wal / THIRD).exists()
        stored.moments.check(stored.folder / "a", AT + timedelta(minutes=3))

    def test_stand_on_their_own_backup_once_older_ones_are_forgotten(self, stored: Stored) -> None:
        stored.note(3, THIRD, 1000, base="b")
        stored.moments.forget_before(Base("b", "", "", "", ""))
        (stored.wal / FIRST).unlink()
        stored.moments.check(stored.folder / "b", AT + timedelta(minutes=3))
        assert stored.moments.times() == [AT + timedelta(minutes=3)]
