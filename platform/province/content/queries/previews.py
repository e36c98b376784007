"""How a text would look on one hall's site, before it goes there.

The province does not know the pages of halls. Who does says how one is made, once at start.
"""

from collections.abc import Callable

from province.content.models import ManuscriptVersion
from province.halls.models import Hall

type PageMaker = Callable[[Hall, ManuscriptVersion, str], str]

_makers: list[PageMaker] = []


def makes_previews(maker: PageMaker) -> None:
    """Register what renders the page of a version in a column (its code) of a hall's site. Called in ``ready``."""
    if maker not in _makers:
        _makers.append(maker)


def page_preview(hall: Hall, version: ManuscriptVersion, column: str) -> str:
    """The whole page as HTML."""
    return _makers[-1](hall, version, column)
