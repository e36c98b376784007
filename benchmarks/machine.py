"""On what the figures were measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import django
import psutil

from foundation.embedded_services import postgres


def machine_facts() -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        # above the number of cores, others were at work, and times are longer than they need be
        "load_average": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": subprocess.run(
            [postgres.binaries() / "postgres", "--version"], check=True, capture_output=True, text=True
        ).stdout.strip(),
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
