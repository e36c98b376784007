"""A real PgBouncer in transaction mode before the tests' database, with two connections for everybody."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit

import pytest

from tests.servers import free_port, listens, wait_until

CONNECTIONS = 2


@contextmanager
def pooler() -> Iterator[str]:
    """Its ``DATABASE_POOL_URL``."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("NOT TRIED behind a real PgBouncer: none is installed here (tests/set-up-pooler)")
    folder, port = Path(mkdtemp(prefix="yizhan-pgbouncer-")), free_port()
    folder.chmod(0o755)
    own = urlsplit(os.environ["DATABASE_URL"])
    (folder / "users").write_text(f'"{own.username}" "{own.password}"\n', encoding="ascii")
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"[databases]\n* = host=127.0.0.1 port={own.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder / 'users'}\npool_mode = transaction\n"
        f"default_pool_size = {CONNECTIONS}\nmax_client_conn = 200\n",
        encoding="ascii",
    )
    with (folder / "log").open("wb") as log:
        # it refuses to run as root
        user = "nobody" if os.geteuid() == 0 else None
        process = subprocess.Popen([program, str(configuration)], stdout=log, stderr=log, user=user)
        try:
            wait_until(lambda: listens(port), what="PgBouncer's start")
            yield f"postgresql://{own.username}:{own.password}@127.0.0.1:{port}{own.path}"
        finally:
            process.terminate()
            process.wait(timeout=30)
            shutil.rmtree(folder, ignore_errors=True)
