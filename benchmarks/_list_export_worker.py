"""A worker that writes one list of cases as a file: prints the seconds, those of the processor in this process, and the
most memory that it had in MB. It is started by ``list_export``."""

import os
import re
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.celery import app

# all that a worker loads
app.loader.import_default_modules()

from tenants.casework.tasks import carry_on  # noqa: E402

_began_at, _worked = time.perf_counter(), time.process_time()
carry_on(sys.argv[1])
_taken, _work = time.perf_counter() - _began_at, time.process_time() - _worked
# in kB; what getrusage says began with the memory of who started this process
_most = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
assert _most
print(_taken, _work, int(_most[1]) / 1024)
