"""One process that writes, or reads, one workbook of items; it says how long it took and how much memory, as JSON."""

import json
import os
import re
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import django

from benchmarks.measuring import timed


def main(act: str, path: Path, count: int, *, is_whole: bool) -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Django first
    from province.catalogue.base_list.reading import read_base_list  # noqa: PLC0415
    from standards.items.exchange import (  # noqa: PLC0415
        ExchangeItem,
        read_json,
        read_national_xml,
        read_workbook,
        write_json,
        write_national_xml,
        write_tables,
    )

    def items() -> Iterator[ExchangeItem]:
        base = [item for item in read_base_list() if item.is_complete or not is_whole]
        for number, item in enumerate(islice(cycle(base), count), start=1):
            code = f"{item.values['basic_code'][:6]}{number:06d}"
            hall = dict(item.hall_values)
            if "task_code" in hall:
                hall["task_code"] = hall["task_code"][:-12] + code
            values = {**item.values, "basic_code": code, "name": f"{item.name}{number}"}
            yield ExchangeItem(item.item_type.value, values, hall)

    program = _megabytes("VmRSS")
    with timed() as taken:
        if act == "write":
            with path.open("wb") as out:
                if path.suffix == ".xlsx":
                    write_tables(items(), out)
                else:
                    out.writelines((write_json if path.suffix == ".json" else write_national_xml)(items()))
            found, faults = count, 0
        else:
            read = {".xlsx": read_workbook, ".json": read_json, ".xml": read_national_xml}[path.suffix]
            reading = read(path.read_bytes())
            found, faults = len(reading.items), len(reading.faults)
    return {
        "seconds": round(taken.seconds, 1),
        "peak_mb": _megabytes("VmHWM"),
        "program_mb": program,
        "items": found,
        "faults": faults,
        "file_mb": round(path.stat().st_size / 2**20, 1),
    }


def _megabytes(what: str) -> int:
    """Of this process alone; VmHWM is the most it ever had."""
    found = re.search(rf"^{what}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    return round(int(found[1]) / 1024) if found else 0


if __name__ == "__main__":
    act, path, count, share = sys.argv[1:]
    print(json.dumps(main(act, Path(path), int(count), is_whole=share == "whole")))
