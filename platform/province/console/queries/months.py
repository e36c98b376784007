"""Months that people choose, for figures of months."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

# 2026-11, 2026/11, 2026.11, 2026年11月
_MONTH: Final = re.compile(r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2})月?")


def months_back(today: date, number: int) -> date:
    """The first day of the month so many before that of ``today``."""
    months = today.year * 12 + today.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)


def chosen_months(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """``from`` and ``to`` as 2026-11 or 2026年11月; the last twelve months where they say nothing, or nonsense."""
    first, last = (_month(asked.get(name, "")) for name in ("from", "to"))
    last = last or months_back(today, 0)
    first = first or months_back(last, 11)
    return (first, last) if first <= last else (last, first)


def _month(text: str) -> date | None:
    found = _MONTH.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
