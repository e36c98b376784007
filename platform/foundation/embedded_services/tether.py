"""Runs a program that ends when the process that started it ends, so that a killed supervisor leaves no orphans behind.

    python -m foundation.embedded_services.tether [--user NAME] [--environment FILE] [--signal TERM] -- PROGRAM …

It changes the user itself because that user may not be able to read this interpreter (/root is closed to others).
"""

import argparse
import ctypes
import json
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def command(
    program: Sequence[str],
    *,
    user: str | None = None,
    environment: Path | None = None,
    end_with: str = "TERM",
) -> list[str]:
    """The command that runs the program tethered. ``end_with`` is the signal it gets when its parent dies."""
    options = ["--signal", end_with]
    if user:
        options += ["--user", user]
    if environment:
        options += ["--environment", str(environment)]
    return [sys.executable, "-m", "foundation.embedded_services.tether", *options, "--", *program]


def end_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Send this process the signal when its parent dies; for children that a program forks by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number))


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--environment", type=Path)
    parser.add_argument("--signal", default="TERM")
    parser.add_argument("program", nargs="+")
    asked = parser.parse_args()
    if asked.environment:
        _take(json.loads(asked.environment.read_text(encoding="utf-8")))
    if asked.user:
        _become(asked.user)
    # after the change of user, which clears it
    end_with_parent(signal.Signals[f"SIG{asked.signal}"])
    os.execvp(asked.program[0], asked.program)  # noqa: S606 - the supervisor's own fixed programs


def _take(variables: dict[str, str | None]) -> None:
    """The supervisor's own environment is that of its first start; null means that a variable is no longer set."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _become(name: str) -> None:
    account = pwd.getpwnam(name)
    os.initgroups(name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    _main()
