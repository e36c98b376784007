"""居民身份证号 (GB 11643-1999)."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from foundation.text_encoding import without_spaces

_LENGTH: Final = 18
_OLDEST: Final = date(1850, 1, 1)
# one time zone for the whole country
_CLOCK: Final = ZoneInfo("Asia/Shanghai")


def normal_number(number: str) -> str:
    """Without blanks and full-width characters, its X in capitals."""
    return without_spaces(number).upper()


def birthday_of(number: str) -> date | None:
    """Out of a resident number, or None where it is none: wrong length, date or check digit.

    The place is not looked up: numbers keep the code of the division in which they were issued, which may be older or
    younger than its holder, and no list of codes is ever complete.
    """
    text = normal_number(number)
    if len(text) != _LENGTH or not text.isascii() or not text[:17].isdigit():
        return None
    try:
        born_on = ric.get_birth_date(text)
    except ValidationError:
        return None
    is_right = ric.calc_check_digit(text) == text[-1] and _OLDEST < born_on <= datetime.now(_CLOCK).date()
    return born_on if is_right else None


def age_on(born_on: date, day: date) -> int:
    """Whole years; the birthday itself counts."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
