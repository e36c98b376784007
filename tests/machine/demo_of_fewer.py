"""``yizhan demo`` with the divisions of another file. Called by its path: the file, and then the command's words."""

import os
import sys
from pathlib import Path

# the folder of this file, which a command by itself does not have there
del sys.path[0]


def main() -> None:
    divisions = Path(sys.argv.pop(1))
    os.environ["YIZHAN_AS_OWNER"] = "1"
    from config.cli.frame import set_up_django

    set_up_django()
    from config.cli import app
    from config.demo import halls

    halls._FILE = divisions  # noqa: SLF001 - the demo itself has one file
    app()


if __name__ == "__main__":
    main()
