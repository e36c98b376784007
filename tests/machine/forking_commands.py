"""A program of a test's machine that has done what ``yizhan`` does before every command, and forks for each that is
asked for; by itself each would take two seconds of a processor for it.

It is called by its path, and with ``owner`` for the commands of the tables' owner. A line of JSON asks for a command:
``words``, and ``out`` and ``err``, the files that take what it says; the answer is a line with its exit code.
"""

import json
import os
import sys
from typing import Any

# the folder of this file, which a command by itself does not have there
del sys.path[0]


def main() -> None:
    if sys.argv[1] == "owner":
        os.environ["YIZHAN_AS_OWNER"] = "1"
    from config.cli.frame import set_up_django

    set_up_django()
    _answer("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        if pid := os.fork():
            _answer(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        else:
            _become(asked)
            return


def _answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY | os.O_CREAT),
        (2, asked["err"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["yizhan", *asked["words"]]
    from config.cli import app

    app()


if __name__ == "__main__":
    main()
