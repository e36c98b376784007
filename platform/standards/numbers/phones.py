"""Telephone numbers: 手机号 and 固话."""

import re
from typing import Final

from foundation.text_encoding import nfkc

MOBILE_LENGTH: Final = 11
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CARD: Final = re.compile(r"[0-9+()（） -]{3,24}")

# several numbers, and a switchboard with 转
_SERVICE: Final = re.compile(r"[0-9+()（） 、,，转\-—]{3,40}")
_DIALLED: Final = re.compile(r"(\d(?:[\d-]{3,16})\d)(?!\S)", re.ASCII)


def normal_phone(phone: str) -> str:
    """Digits alone, without +86: as people write it, as machines compare it."""
    digits = "".join(one for one in nfkc(phone) if one.isdigit())
    return digits.removeprefix("86") if len(digits) > MOBILE_LENGTH else digits


def is_mobile(number: str) -> bool:
    """Whether normal digits are a mobile's (11 digits that begin with 13 to 19)."""
    return _MOBILE.fullmatch(number) is not None


def is_office_phone(text: str) -> bool:
    """Whether it can be dialled from a card: digits, brackets, blanks, hyphens."""
    return _CARD.fullmatch(text) is not None


def is_service_phone(text: str) -> bool:
    """Whether a service can publish it: several numbers too, and a switchboard with 转."""
    return _SERVICE.fullmatch(text) is not None


def dialled(text: str) -> str:
    """The number with which the text begins, and which can be dialled; "" where it begins with none."""
    found = _DIALLED.match(text)
    return found.group(1) if found else ""
