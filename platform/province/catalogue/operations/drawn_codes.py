"""Codes that nobody has to think of."""

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Final

from foundation.tokenizing import sounds_of

_NO_CODE: Final = re.compile(r"[^a-z0-9]")
# a number still fits behind it where a code has 30 characters
_LONGEST: Final = 24


def code_drawn_from(name: str, *, taken: Iterable[str], otherwise: str) -> str:
    """Return a code that is not ``taken``, by the sound of the name, with a number where that is; ``otherwise``: what
    it begins with where the name has no sound."""
    code, known = _NO_CODE.sub("", sounds_of(name)[0])[:_LONGEST] or otherwise, set(taken)
    return next(one for one in chain([code], (f"{code}-{number}" for number in count(2))) if one not in known)
