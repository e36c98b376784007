"""Calls `yizhan` many times, each in a fork of its own, and tells what was opened: ports, connections, programs.

``python -m tests.machine.refusing`` reads ``[{"words", "variables"}, …]`` and answers with what each call said.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path

# what Python tells of before it does it (PEP 578)
_OPENING = frozenset(
    ("socket.bind", "socket.connect", "socket.sendto", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork")
)

_LOADED = (
    *("config.cli", "config.databases", "config.logs", "django.db", "django.forms", "django.http", "django.template"),
    *("foundation.crypto.keyring", "foundation.embedded_services.seaweed", "pydantic.type_adapter", "rich.console"),
    *(f"config.cli.{name}" for name in ("backups", "catalogue", "cluster", "halls", "keys", "relay", "search")),
)


def _call(words: list[str], variables: dict[str, str], folder: Path) -> dict[str, object]:
    child = os.fork()
    if child == 0:
        _answer(words, variables, folder)
    _, status = os.waitpid(child, 0)
    said = {name: (folder / name).read_text(encoding="utf-8") for name in ("out", "err", "opened")}
    return {"code": os.waitstatus_to_exitcode(status), **said}


def _answer(words: list[str], variables: dict[str, str], folder: Path) -> None:
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    opened = os.open(folder / "opened", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.environ.clear()
    os.environ |= variables
    sys.argv = ["yizhan", *words]

    def listen(event: str, given: tuple[object, ...]) -> None:
        if event in _OPENING:
            os.write(opened, f"{event} {given}\n".encode())

    sys.addaudithook(listen)
    code = 70
    try:
        from config.cli import app

        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _main() -> None:
    # once for all: a fork begins where this stands, and no settings are read yet
    for name in _LOADED:
        importlib.import_module(name)

    with tempfile.TemporaryDirectory() as folder:
        json.dump([_call(one["words"], one["variables"], Path(folder)) for one in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    _main()
