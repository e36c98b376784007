"""Numbers of questions, to be said on the telephone."""

import secrets
from typing import Final

from tenants.engagement.models import NUMBER_DIGITS, Question

_LEAST: Final[int] = 10 ** (NUMBER_DIGITS - 1)


def free_number() -> int:
    """Draw a free number at random, so that it does not tell how many questions there are."""
    while True:
        number = _LEAST + secrets.randbelow(9 * _LEAST)
        if not Question.objects.filter(number=number).exists():
            return number
