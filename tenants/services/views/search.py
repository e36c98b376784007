"""What the site's search finds among the items: those of this hall first, then who does what this hall does not."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.catalogue.operations.searches import count_opened
from province.catalogue.queries import found_items
from province.halls.models import Hall
from tenants.services.queries.elsewhere import find_elsewhere
from tenants.services.queries.finding import find_here
from tenants.services.queries.shown import shown_items
from tenants.shell.slots import Once

_HITS, _POWERS, _LISTED, _ELSEWHERE = 8, 5, 5, 5
# what is applied for comes first among equals alone, so some more are looked at
_SEEN = 30


def found_services(hall: Hall, once: Once, words: str) -> SafeString | None:
    shown = once(shown_items)
    asked, found = find_here(words, version_ids=shown.guides, most=_SEEN)
    hits = [hit for hit in found if hit.item.is_applied]
    listed = find_here(words, version_ids=shown.listed, most=_LISTED)[1] if shown.listed else []
    powers = [hit for hit in found if not hit.item.is_applied][:_POWERS]
    elsewhere = find_elsewhere(hall, asked, besides=shown.item_ids, most=_ELSEWHERE)
    if not hits and not powers and not listed and not elsewhere:
        return None
    if not hits and not powers and not listed:
        # who goes on to another hall's site does not say from where: for this hall the way there is the answer
        count_opened(hall.pk, words)
    context = {
        "words": words,
        "hits": hits[:_HITS],
        "has_more": len(hits) > _HITS,
        "powers": powers,
        "listed": listed,
        "elsewhere": elsewhere,
    }
    return render_to_string("services/site/found.html", context)


def suggested_services(_: Hall, words: str, most: int) -> Sequence[str]:
    return [one.name for one in found_items(words, version_ids=shown_items().guides, limit=most)]
