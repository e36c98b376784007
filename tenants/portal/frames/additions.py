"""What other apps add to a hall's site: a word in its navigation, a block on its home page, pages of their own.

The portal knows none of them. Who adds something says so once, at start.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from province.halls.models import Hall


@dataclass(frozen=True, slots=True)
class MappedPage:
    """As search engines are told of it."""

    path: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Addition:
    """``word`` and ``path``: in the navigation, where ``is_there`` (one query) says that this hall has something of it.
    ``find_path``: where its own search is. ``home_block``: HTML for the home page, "" for nothing. ``pages``: all that
    search engines should know. All of them are asked inside the hall's schema."""

    word: str
    path: str
    find_path: str
    is_there: Callable[[], bool]
    home_block: Callable[[Hall], SafeString]
    pages: Callable[[], Iterable[MappedPage]]


_additions: dict[str, Addition] = {}


def adds_to_site(addition: Addition) -> None:
    """Called in ``ready``."""
    _additions[addition.path] = addition


def additions_here() -> list[Addition]:
    """Those of which this hall has something; one query each."""
    return [one for one in _additions.values() if one.is_there()]
