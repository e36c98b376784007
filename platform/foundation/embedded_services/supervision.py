"""The process supervisor (supervisord): one per data folder, reached through its own socket.

It starts nothing by itself: the command that brings the machine up starts programs one after the other, each when
what it needs answers. From then on a program that dies comes back.
"""

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from foundation.embedded_services.forking import forks_of
from foundation.errors import Unavailable

# every process below one supervisor carries this variable with the data folder: so orphans are known
_MARK = "YIZHAN_PARTS_OF"
# one that has not ended after so long runs
_STEADY_SECONDS = 1
_IS_UP = {"STARTING", "RUNNING", "BACKOFF", "STOPPING"}


@dataclass(frozen=True, slots=True)
class Program:
    """Something to keep running. ``stamp`` is part of its definition: a new one restarts it."""

    name: str
    command: Sequence[str]
    # higher is stopped earlier
    order: int
    stamp: str = ""
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    # its work has an end: it comes back only where it failed
    ends: bool = False

    def section(self, *, var: Path) -> str:
        lines = {
            "command": shlex.join(self.command).replace("%", "%%"),
            "directory": "/",
            "environment": f'{_MARK}="{var}",YIZHAN_STAMP="{self.stamp}"',
            "priority": self.order,
            "autostart": "false",
            "autorestart": "unexpected" if self.ends else "true",
            "startsecs": _STEADY_SECONDS,
            "startretries": 1000,
            "stopsignal": self.stop_signal,
            "stopwaitsecs": self.stop_seconds,
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": var / "log" / f"{self.name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": 2,
        }
        return f"[program:{self.name}]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())


@dataclass(frozen=True, slots=True)
class ProgramState:
    name: str
    # supervisord's own word: RUNNING, STOPPED, BACKOFF, FATAL …
    state: str
    pid: int | None
    since: datetime | None

    @property
    def is_up(self) -> bool:
        """Meant to run; perhaps it keeps failing."""
        return self.state in _IS_UP

    @property
    def is_running(self) -> bool:
        return self.state in {"STARTING", "RUNNING"}


class Supervisor:
    """The supervisor of one data folder, running or not."""

    def __init__(self, var: Path) -> None:
        self.var = var.resolve()
        # not below the data folder: a socket's path may have 107 bytes at most
        digest = hashlib.sha256(str(self.var).encode()).hexdigest()[:12]
        self._socket = Path(tempfile.gettempdir()) / f"yizhan-{os.geteuid()}-{digest}.sock"
        self._configuration = self.var / "run" / "supervisord.conf"

    def is_running(self) -> bool:
        try:
            with self._calls() as supervisor:
                return bool(supervisor.getState()["statecode"] == 1)
        except Unavailable:
            return False

    def define(self, programs: Sequence[Program]) -> None:
        """Make the supervisor run with exactly these programs, starting it if need be.

        Programs that are new or defined otherwise than before stand stopped afterwards; all others are left alone.
        """
        self._write(programs)
        if not self.is_running():
            self._launch()
            return
        with self._calls() as supervisor:
            ((added, changed, removed),) = supervisor.reloadConfig()
            self._stop_all({*changed, *removed})
            for name in (*changed, *removed):
                supervisor.removeProcessGroup(name)
            for name in (*added, *changed):
                supervisor.addProcessGroup(name)

    def start(self, name: str) -> bool:
        """Ask for the program's start; False where it runs already. Whether it answers is for the caller to see."""
        with self._calls() as supervisor:
            try:
                supervisor.startProcess(name, False)  # noqa: FBT003 - an XML-RPC call: no names
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != Faults.ALREADY_STARTED:
                    raise
                return False
        return True

    def stop(self, name: str) -> None:
        with self._calls() as supervisor:
            try:
                supervisor.stopProcess(name)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != Faults.NOT_RUNNING:
                    raise

    def states(self) -> list[ProgramState]:
        """All programs, and those that one of them forks; empty where no supervisor runs."""
        try:
            with self._calls() as supervisor:
                found = supervisor.getAllProcessInfo()
        except Unavailable:
            return []
        programs = [
            ProgramState(
                one["name"],
                one["statename"],
                one["pid"] or None,
                datetime.fromtimestamp(one["start"], UTC) if one["pid"] else None,
            )
            for one in found
        ]
        return [*programs, *_forks_of(*(one.pid for one in programs if one.pid))]

    def shut_down(self, *, seconds: float = 60) -> None:
        """Stop all programs, then the supervisor. Nothing happens where none runs."""
        if not self.is_running():
            return
        with self._calls() as supervisor:
            supervisor.shutdown()
        end = time.monotonic() + seconds
        while self._socket.exists() or self.orphans():
            if time.monotonic() > end:
                raise Unavailable(f"有程序没有在 {seconds:.0f} 秒内停止，请用 yizhan status 查看。")
            time.sleep(0.1)

    def orphans(self) -> list[psutil.Process]:
        """Processes of ours, no matter what their parent is now."""
        return [process for process in psutil.process_iter() if _mark_of(process) == str(self.var)]

    def _stop_all(self, names: set[str]) -> None:
        """At the same time; the supervisor itself kills what takes too long."""
        with self._calls() as supervisor:
            for name in names:
                supervisor.stopProcessGroup(name, False)  # noqa: FBT003 - an XML-RPC call: no names
        while any(one.is_up for one in self.states() if one.name in names):
            time.sleep(0.05)

    def _launch(self) -> None:
        self._wait_for_orphans()
        self._socket.unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            # a caller's pipe must not stay open because a daemon holds its other end
            stderr=(self.var / "log" / "supervisord.err").open("ab"),
        )
        end = time.monotonic() + 15
        while not self.is_running():
            if time.monotonic() > end:
                raise Unavailable(f"进程守护没有启动成功，请查看日志 {self.var / 'log' / 'supervisord.log'}。")
            time.sleep(0.05)

    def _wait_for_orphans(self) -> None:
        """What a killed supervisor left ends by itself (tether.py); what does not within seconds is killed."""
        _, alive = psutil.wait_procs(self.orphans(), timeout=8)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)

    def _write(self, programs: Sequence[Program]) -> None:
        for folder in (self.var / "run", self.var / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        head = (
            f"[supervisord]\nlogfile={self.var}/log/supervisord.log\nlogfile_maxbytes=10MB\nlogfile_backups=2\n"
            f"pidfile={self.var}/run/supervisord.pid\nidentifier=yizhan\n"
            f"[unix_http_server]\nfile={self._socket}\nchmod=0700\n"
            "[rpcinterface:supervisor]\n"
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
        )
        draft = self._configuration.with_suffix(".new")
        draft.write_text(head + "".join(one.section(var=self.var) for one in programs), encoding="utf-8")
        draft.rename(self._configuration)

    @contextmanager
    def _calls(self) -> Iterator[Any]:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        try:
            yield xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor
        except (OSError, HTTPException, xmlrpc.client.ProtocolError, ExpatError) as error:
            # not there, or gone in the middle of an answer
            raise Unavailable("没有在运行。请运行 make up。") from error
        finally:
            transport.close()


def _forks_of(*pids: int) -> Iterator[ProgramState]:
    """As the supervisor has it of its own: one runs once it has not ended within a second."""
    for name, process in forks_of(*pids).items():
        try:
            since = datetime.fromtimestamp(process.create_time(), UTC)
        except psutil.NoSuchProcess:
            continue
        is_steady = (datetime.now(UTC) - since).total_seconds() > _STEADY_SECONDS
        yield ProgramState(name, "RUNNING" if is_steady else "STARTING", process.pid, since)


def _mark_of(process: psutil.Process) -> str | None:
    try:
        mark: str | None = process.environ().get(_MARK)
    except (psutil.Error, OSError):
        # ended meanwhile, or another user's
        return None
    return mark
