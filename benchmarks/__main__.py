"""Starts servers, makes the halls, runs what is asked for, prints one JSON document; how far it is goes to stderr."""

import argparse
import importlib
import json
import pkgutil
import sys
import time
from pathlib import Path
from types import ModuleType

from benchmarks import world
from benchmarks.machine import machine_facts
from benchmarks.measuring import say

_FRAME = {"machine", "measuring", "world"}
# what takes long in any profile: the small one leaves it out, unless it is asked for by name
_LONG = {"audit", "cases", "catalogue", "demo", "keys", "list_export", "search", "store_copy"}
# what was measured once, and takes half an hour and 30 GB: never unless it is asked for by name
_APART = {"many_halls"}
_VERDICTS = {True: "held", False: "NOT held", None: "not judged"}


def _names() -> list[str]:
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return [one.name for one in found if not one.ispkg and one.name not in _FRAME and not one.name.startswith("_")]


def _run(module: ModuleType, profile: world.Profile) -> list[dict[str, object]]:
    began_at = time.monotonic()
    lines: list[dict[str, object]] = module.run(profile)
    for line in lines:
        say(f"  {_VERDICTS[line['holds']]}: {line['what']}: {line['measured']} (bound {line['bound']})")
    say(f"  {time.monotonic() - began_at:.1f} s")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--profile", choices=sorted(world.PROFILES), default="full")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_names())}; all without one")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="keep the hall of a million cases here, and measure the one that is here already; for `cases` alone",
    )
    asked = parser.parse_args()
    if asked.keep and asked.names != ["cases"]:
        parser.error("--keep is for `cases` alone")
    if unknown := set(asked.names) - set(_names()):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    profile = world.PROFILES[asked.profile]
    results = {}
    with world.servers(asked.keep):
        # always in the order of names: `upgrade` comes late, for it leaves the halls ahead of the program
        for name in sorted(asked.names or set(_names()) - _APART - (set() if profile.is_full else _LONG)):
            say(f"{name} …")
            results[name] = _run(importlib.import_module(f"benchmarks.{name}"), profile)
    json.dump(
        {"profile": asked.profile, "machine": machine_facts(), "results": results},
        sys.stdout,
        ensure_ascii=False,
        indent=1,
        default=str,
    )
    print()
    return 1 if any(line["holds"] is False for lines in results.values() for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
