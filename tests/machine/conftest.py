"""A whole machine of the tests' own: `yizhan up` in a folder and on ports of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from config.cli import GROUPS, SINGLES
from foundation.embedded_services.postgres import OWNER, ROLE
from foundation.embedded_services.secrets import PartSecrets, load_keeper_secrets, load_secrets
from foundation.embedded_services.supervision import Supervisor
from tests.servers import ROOT, free_port, scratch, wait_until
from tests.timing import spent

_REPLACING = (
    *(
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "BROKER_URL",
        "S3_ENDPOINT",
        "S3_ACCESS_KEY",
        "S3_SECRET_KEY",
        "S3_FILER_KEY",
        "S3_FILER_ENDPOINT",
        "SECRET_KEY",
    ),
    *("PERSONAL_KEYS", "PERSONAL_INDEX_KEY"),
)


def _is_owners(words: Sequence[str]) -> bool | None:
    """Whether this command runs as the tables' owner; None: it loads no apps."""
    group = next((one for one in GROUPS if one.name == words[0]), None)
    if group:
        return None if words[1] in group.without_settings else group.as_owner
    single = next(one for one in SINGLES if one.name == words[0])
    return single.as_owner if single.needs_apps else None


class Commands:
    """Who forks for the commands of a machine that has been brought up: one as the owner, one as the application, for
    each state of the variables."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._forking: dict[tuple[bool, str], subprocess.Popen[str]] = {}

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], *, is_owners: bool
    ) -> subprocess.CompletedProcess[str]:
        forking = self._for(environment, is_owners=is_owners)
        out, err = (self._folder / f"command.{name}" for name in ("out", "err"))
        for one in (out, err):
            one.write_bytes(b"")
        assert forking.stdin
        assert forking.stdout
        forking.stdin.write(json.dumps({"words": words, "out": str(out), "err": str(err)}) + "\n")
        forking.stdin.flush()
        code = int(forking.stdout.readline())
        return subprocess.CompletedProcess(
            words, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )

    def end(self) -> None:
        for one in self._forking.values():
            with one:
                one.kill()
        self._forking.clear()

    def _for(self, environment: Mapping[str, str], *, is_owners: bool) -> subprocess.Popen[str]:
        key = (is_owners, json.dumps(dict(environment), sort_keys=True))
        if key not in self._forking:
            forking = subprocess.Popen(
                [
                    sys.executable,
                    str(Path(__file__).parent / "forking_commands.py"),
                    "owner" if is_owners else "application",
                ],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert forking.stdout
            assert forking.stdout.readline() == "ready\n"
            self._forking[key] = forking
        return self._forking[key]


@dataclass(frozen=True)
class Machine:
    var: Path
    environment: dict[str, str]
    # once it was brought up; before, nothing agrees on its secrets
    commands: Commands | None = None

    def yizhan(self, *words: str, code: int = 0, **variables: str) -> str:
        """What the command answers on stdout."""
        done = self.run(*words, **variables)
        assert done.returncode == code, f"{done.stdout}{done.stderr}{self._last_trace()}"
        return done.stdout

    def _last_trace(self) -> str:
        log = self.var / "log" / "yizhan.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        is_owners = _is_owners(words)
        if self.commands and is_owners is not None and not variables:
            return self.commands.run(words, self.environment, is_owners=is_owners)
        return subprocess.run(
            [str(Path(sys.executable).parent / "yizhan"), *words],
            cwd=ROOT,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def popen(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "yizhan"), *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def supervisor(self) -> Supervisor:
        return Supervisor(self.var)

    def failures(self) -> list[str]:
        """The programs that the log says have failed, each as often as it did; who begins anew because it has grown
        has not."""
        log = self.var / "log" / "programs.log"
        lines = [json.loads(one) for one in log.read_text().splitlines() if "program_failed" in one]
        return [one["details"]["program"] for one in lines]

    @property
    def secrets(self) -> PartSecrets:
        kept = load_secrets(self.var)
        assert kept
        return kept

    def port(self, name: str) -> int:
        return int(self.environment[f"YIZHAN_{name}_PORT"])

    def process(self, name: str) -> psutil.Process:
        pid = next(one.pid for one in self.supervisor.states() if one.name == name)
        assert pid, f"{name} does not run"
        return psutil.Process(pid)

    def supervisor_process(self) -> psutil.Process:
        return psutil.Process(int((self.var / "run" / "supervisord.pid").read_text()))

    def is_running(self, name: str) -> bool:
        return any(one.name == name and one.state == "RUNNING" for one in self.supervisor.states())

    def await_running(self, *names: str) -> None:
        for name in names:
            wait_until(lambda name=name: self.is_running(name), what=f"the start of {name}", seconds=120)

    def database(self, *, as_owner: bool = False) -> Any:
        """An autocommit connection of the application, or of the tables' owner: what it answers is acknowledged."""
        keeper = load_keeper_secrets(self.var)
        assert keeper
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port("POSTGRES"),
            user=OWNER if as_owner else ROLE,
            password=keeper.owner_password if as_owner else self.secrets.database_password,
            dbname="yizhan",
            connect_timeout=3,
        )
        connection.autocommit = True
        return connection

    def await_rows(self, sql: str, is_right: Callable[[list[Any]], bool], *, what: str, seconds: float = 60) -> None:
        """Ask again and again, by one connection: to open one costs both sides more than a hundred answers."""
        with closing(self.database()) as connection, connection.cursor() as cursor:

            def holds() -> bool:
                cursor.execute(sql)
                return is_right(cursor.fetchall())

            wait_until(holds, what=what, seconds=seconds)

    @property
    def broker_url(self) -> str:
        return f"redis://:{self.secrets.broker_password}@127.0.0.1:{self.port('VALKEY')}/0"

    def doctor(self, **variables: str) -> dict[str, dict[str, str]]:
        """Every finding by its check's name."""
        findings = json.loads(self.run("doctor", "--json", **variables).stdout)
        return {one["check"]: one for one in findings}


def make_machine(var: Path) -> Machine:
    environment = {name: value for name, value in os.environ.items() if name not in _REPLACING}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "YIZHAN_VAR": str(var),
        "YIZHAN_POSTGRES_PORT": str(free_port()),
        "YIZHAN_VALKEY_PORT": str(free_port()),
        "YIZHAN_S3_PORT": str(free_port(width=18)),
        "YIZHAN_WEB_PORT": str(free_port()),
        "YIZHAN_TASK_RETURN_SECONDS": "3",
        "BASE_DOMAIN": "yizhan.localhost",
        "YIZHAN_DEMO_CASES": "6",
    }
    return Machine(var, environment)


@pytest.fixture(scope="session")
def _machine() -> Iterator[Machine]:
    scratch().mkdir(parents=True, exist_ok=True)
    machine = make_machine(scratch() / f"machine-{os.getpid()}")
    commands = Commands(machine.var)
    try:
        with spent("machine"):
            machine.yizhan("up", "--no-demo")
        yield replace(machine, commands=commands)
    finally:
        commands.end()
        _throw_away(machine)


def _throw_away(machine: Machine) -> None:
    """All at once, for nothing of it is wanted any more: to end politely takes three times as long."""
    if machine.supervisor.is_running():
        machine.supervisor_process().kill()
    for one in machine.supervisor.orphans():
        with suppress(psutil.Error):
            one.kill()
    wait_until(lambda: not machine.supervisor.orphans(), what="the end of the machine's programs")
    machine.supervisor._socket.unlink(missing_ok=True)  # noqa: SLF001 - who is killed leaves it behind
    subprocess.run(["rm", "-rf", machine.var], check=True)


@pytest.fixture
def machine(_machine: Machine) -> Machine:
    """The machine, all of whose parts run."""
    if not all(one.state == "RUNNING" for one in _machine.supervisor.states()) or not _machine.supervisor.is_running():
        with spent("machine"):
            _machine.yizhan("up", "--no-demo")
    return _machine


@pytest.fixture
def stopped_machine(_machine: Machine) -> Machine:
    """The machine, none of whose parts runs: stopped politely, or left so by what came before."""
    if _machine.supervisor.is_running():
        _machine.yizhan("down")
    return _machine
