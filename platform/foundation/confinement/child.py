"""The process that does one confined work. It is run as a file, so that it loads nothing but what the work needs."""

import json
import os
import resource
import sys
from importlib import import_module

# exit codes: the work says no (and why, on the error output); it needs more than it was given
REFUSED = 3
TOO_MUCH = 4


def main() -> int:
    order = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = order["path"]
    os.nice(order["nice"])
    for name, bounds in order["limits"].items():
        resource.setrlimit(getattr(resource, name), tuple(bounds))
    module, _, name = order["task"].partition(":")
    try:
        work = getattr(import_module(module), name)
        for piece in work(sys.stdin.buffer, **order["options"]):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except MemoryError:
        return TOO_MUCH
    except Exception as error:
        # a refusal of ours (foundation.errors), told by what it has: nothing of ours is loaded here
        if not hasattr(error, "faults"):
            raise
        faults = [[fault.where, fault.message] for fault in error.faults]
        sys.stderr.write(json.dumps({"message": str(error), "faults": faults}))
        return REFUSED
    return 0


if __name__ == "__main__":
    # nothing is worth tidying up
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
