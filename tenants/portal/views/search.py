"""What the site's search finds among a hall's texts and columns."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.halls.models import Hall
from tenants.portal.queries.search import search_site
from tenants.portal.queries.site import shown_columns
from tenants.shell.slots import Once

_HITS = 50


def found_texts(hall: Hall, once: Once, words: str) -> SafeString | None:
    """Articles and pushes with these words, and columns that are called so."""
    columns = once(shown_columns)
    names = {one.code: one.name for one in columns}
    hits = search_site(hall, words, limit=_HITS)
    called = [one for one in columns if words in one.name]
    if not hits and not called:
        return None
    context = {"hits": [(hit, names.get(hit.column, "")) for hit in hits], "columns": called, "most": _HITS}
    return render_to_string("portal/site/found.html", context)


def suggested_columns(_: Hall, words: str, most: int) -> Sequence[str]:
    return [one.name for one in shown_columns() if words in one.name][:most]
