"""How a text would look on one hall's site, before it goes there.

The province does not know the pages of halls. The app that renders them contributes how one is made.
"""

from collections.abc import Callable

from foundation.contributions import Slot
from province.content.models import ManuscriptVersion
from province.halls.models import Hall

type PageMaker = Callable[[Hall, ManuscriptVersion, str], str]

# one, which renders the page of a version in a column (its code) of a hall's site
PREVIEW = Slot[PageMaker]("content.preview", keys=lambda _: ["one"])


def page_preview(hall: Hall, version: ManuscriptVersion, column: str) -> str:
    """The whole page as HTML."""
    [make_page] = PREVIEW.entries()
    return make_page(hall, version, column)
