"""Elasticsearch's process: started at most once a run, and only where a test asks for it."""

import fcntl
import os
import shutil
import signal
import subprocess
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from foundation.embedded_services.postgres import ensure_os_user
from tests.servers import free_port, scratch, wait_until

VERSION = "8.19.21"
# held until this worker ends: the controller stops the server
_kept: list[subprocess.Popen[bytes]] = []
_HEAP = "-Xms512m -Xmx512m"
# what is asked some hundred times is not worth the better of Java's two compilers: with both, the start takes twice as
# long of the processors
_FOR_SOME_CALLS = f"{_HEAP} -XX:TieredStopAtLevel=1"


def _home() -> Path:
    folder = Path("/opt") if os.geteuid() == 0 else Path.home() / ".cache"
    return folder / "yizhan-tests" / f"elasticsearch-{VERSION}"


def engine_programs() -> tuple[Path, Path] | None:
    """The server and its Java, where they are installed."""
    program, java = _home() / "bin" / "elasticsearch", shutil.which("java")
    return (program, Path(java)) if java and program.exists() else None


def real_engine() -> str:
    """The address of a real server: of the one that this run has started, or begins now. Skips where none is to be
    had."""
    if not (programs := engine_programs()):
        pytest.skip("NOT TRIED with a real Elasticsearch: none is installed here (tests/set-up-elasticsearch)")
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    # of several workers one starts it, the others wait for it here
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "address").exists():
            process, address = start_engine(folder, *programs, options_of_java=_FOR_SOME_CALLS)
            _kept.append(process)
            (folder / "pid").write_text(str(process.pid), encoding="ascii")
            (folder / "address").write_text(address, encoding="ascii")
        return (folder / "address").read_text(encoding="ascii")


def _folder() -> Path:
    """Of this run: its controller stops what stands in it (``tests.plugin``)."""
    return scratch() / f"elasticsearch-{Path(os.environ['YIZHAN_TEST_READY']).name}"


def start_engine(
    folder: Path, program: Path, java: Path, *, options_of_java: str = _HEAP
) -> tuple[subprocess.Popen[bytes], str]:
    """A server that keeps its data in the folder, and its address, once it answers."""
    port, inner = free_port(), free_port()
    user = ensure_os_user()
    shutil.copytree(_home() / "config", folder / "config")
    for part in ("data", "logs", "tmp"):
        (folder / part).mkdir()
    for path in [folder, *folder.rglob("*")]:
        if user:
            shutil.chown(path, user)
    options = {
        "discovery.type": "single-node",
        "xpack.security.enabled": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "http.host": "127.0.0.1",
        "http.port": port,
        "transport.host": "127.0.0.1",
        "transport.port": inner,
        "path.data": folder / "data",
        "path.logs": folder / "logs",
    }
    environment = {
        "PATH": os.environ["PATH"],
        "ES_JAVA_HOME": str(java.resolve().parent.parent),
        "ES_JAVA_OPTS": options_of_java,
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
    }
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [program, *(part for name, value in options.items() for part in ("-E", f"{name}={value}"))],
            stdout=out,
            stderr=out,
            user=user,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address), what="Elasticsearch's start", seconds=180)
    except TimeoutError:
        end_engine(process)
        raise
    return process, address


def end_engine(process: subprocess.Popen[bytes]) -> None:
    """With the server that the program has started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(address: str) -> bool:
    host, _, port = address.removeprefix("http://").partition(":")
    with suppress(OSError, HTTPException), closing(HTTPConnection(host, int(port), timeout=2)) as door:
        door.request("GET", "/_cluster/health")
        return b'"status":"red"' not in door.getresponse().read()
    return False


def stop_engine() -> None:
    """What the run has started, if it has."""
    folder = _folder()
    with suppress(OSError, ValueError):
        os.killpg(int((folder / "pid").read_text(encoding="ascii")), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
