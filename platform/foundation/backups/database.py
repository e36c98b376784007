"""The database backed up and brought back by PostgreSQL's own programs: pg_basebackup, pg_receivewal, pg_combinebackup,
pg_verifybackup, and its own recovery."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from foundation.embedded_services import postgres, tether
from foundation.errors import Conflict, Invalid, Unavailable

SLOT: Final = "yizhan_backup"
_PATIENCE: Final = 3600


@dataclass(frozen=True, slots=True)
class Server:
    """The database server, and a role of it that has REPLICATION."""

    host: str
    port: int
    user: str
    password: str

    def command(self, program: str, *words: str) -> list[str]:
        return [
            *(str(postgres.binaries() / program), "-h", self.host, "-p", str(self.port), "-U", self.user, "-w"),
            *words,
        ]

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"PGPASSWORD": self.password, "PGAPPNAME": SLOT}


def take_base(server: Server, into: Path, *, parent: Path | None = None) -> str:
    """Copy the database's files while people work; with ``parent`` only what has changed since that one. Raises
    Unavailable where it fails, with PostgreSQL's own reason."""
    words = ["-D", str(into), "-c", "fast", "-X", "stream", "--manifest-checksums=SHA256"]
    if parent:
        words += ["--incremental", str(parent / "backup_manifest")]
    _run(server.command("pg_basebackup", *words), server)
    return str(into)


def verify_base(base: Path) -> None:
    """Every file is there with the digest of the backup's manifest, and its WAL can be read. Raises Invalid."""
    done = subprocess.run(
        [postgres.binaries() / "pg_verifybackup", "-q", str(base)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        message = f"数据库备份 {base.name} 已损坏：{_last_words(done.stderr)}"
        raise Invalid(message)


@contextmanager
def receiving(server: Server, wal: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Inside, whatever the database writes is written into ``wal`` at once. It keeps for us what we have not got yet,
    even while nobody receives: a slot. Raises Unavailable."""
    _run(server.command("pg_receivewal", "--create-slot", "--if-not-exists", "-S", SLOT), server)
    command = server.command("pg_receivewal", "-D", str(wal), "-S", SLOT, "--synchronous", "--no-loop", "-s", "5")
    # killed with us, too: an orphan would hold the slot, and nobody could go on
    receiver = subprocess.Popen(tether.command(command, end_with="INT"), env=server.environment)
    try:
        yield receiver
    finally:
        receiver.send_signal(signal.SIGINT)
        try:
            receiver.wait(timeout=20)
        except subprocess.TimeoutExpired:
            receiver.kill()
            receiver.wait()


def drop_slot(server: Server) -> None:
    """The server keeps nothing for us any more. Only who has REPLICATION may do this. Raises Unavailable."""
    _run(server.command("pg_receivewal", "--drop-slot", "-S", SLOT), server)


def forget_wal_before(base: Path, wal: Path) -> None:
    """Remove the WAL that no backup from this one on needs."""
    subprocess.run([postgres.binaries() / "pg_archivecleanup", str(wal), first_segment(base)], check=True)


def put_together(chain: Sequence[Path], into: Path) -> None:
    """The data directory that a whole backup and those after it make. Raises Conflict where something is there, Invalid
    where they do not go together."""
    if into.exists():
        message = f"{into} 已经有数据库，不会覆盖。请先把它移走，或换一个数据目录。"
        raise Conflict(message)
    into.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [postgres.binaries() / "pg_combinebackup", "-o", str(into), *map(str, chain)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        shutil.rmtree(into, ignore_errors=True)
        message = f"数据库备份合不起来：{_last_words(done.stderr)}"
        raise Invalid(message)


@contextmanager
def recovered(data: Path, *, put_wal: Callable[[Path], None], at: datetime, port: int) -> Iterator[None]:
    """Inside, the server of this data directory runs at the port of loopback, as it stood at that moment; it is stopped
    at the end. ``put_wal`` puts the WAL that it needs into a folder. Raises Conflict where that does not reach so far,
    with PostgreSQL's own reason."""
    user = postgres.ensure_os_user()
    own = data.with_name(f"{data.name}.wal")
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(mode=0o700)
    put_wal(own)
    (data / "recovery.signal").touch()
    data.chmod(0o700)
    if user:
        _hand_over(data, user)
        _hand_over(own, user)
    log = data.with_name(f"{data.name}.log")
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(data),
        "hot_standby": "off",
        "restore_command": f"cp '{own}/%f' '%p'",
        "recovery_target_time": at.isoformat(sep=" "),
        "recovery_target_action": "promote",
    }
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*postgres.command(data), *words], stdout=out, stderr=subprocess.STDOUT, user=user, cwd="/"
        )
    try:
        end = time.monotonic() + _PATIENCE
        while not postgres.is_answering(port=port):
            if server.poll() is not None or time.monotonic() > end:
                message = f"数据库恢复不到 {at.isoformat()}：{_last_words(log.read_text(errors='replace'))}"
                raise Conflict(message)
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=120)
        shutil.rmtree(own, ignore_errors=True)


def first_segment(base: Path) -> str:
    """The segment with which the backup's own WAL begins. Raises Invalid where that is not said."""
    for line in (base / "backup_label").read_text().splitlines():
        if line.startswith("START WAL LOCATION"):
            return line.rpartition("(file ")[2].rstrip(")")
    message = f"{base} 里没有 backup_label，不是完整的数据库备份。"
    raise Invalid(message)


def _hand_over(folder: Path, user: str) -> None:
    shutil.chown(folder, user, user)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            shutil.chown(Path(place) / name, user, user)


def _run(command: Sequence[str], server: Server) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=server.environment)
    if done.returncode:
        message = f"数据库没有备份成功：{_last_words(done.stderr)}"
        raise Unavailable(message)


def _last_words(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line]
    return next((line for line in reversed(lines) if "FATAL" in line or "error" in line), lines[-1] if lines else "")
