"""Texts by which people found nothing, or went on with nothing of what was found, as work for who knows better."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from province.catalogue.queries.search.found import found_items
from province.catalogue.queries.search.questions import question
from province.catalogue.queries.search.speech import speech
from province.catalogue.queries.validity import items_valid_at
from standards.items.codelists import APPLIED

# what is asked seldom may be about somebody who can be told by it: it is on no list
PROVINCE_TIMES: Final = 5
HALL_TIMES: Final = 3
LEAST_DAYS: Final = 2
MOST_LISTED: Final = 200

# %(hall)s: NULL for the whole province. What the province has settled counts for all; what is not ours, for good; the
# rest opens again by what was searched for on later days
_LIST: Final = """
SELECT t.words, sum(t.missed), sum(t.found), sum(t.opened), count(DISTINCT t.day),
    count(DISTINCT t.hall_id), max(t.day), coalesce(bool_or(r.words IS NOT NULL), false)
FROM catalogue_searchtally AS t
LEFT JOIN catalogue_searchdecision AS p ON p.words = t.words
LEFT JOIN catalogue_hallsearchdecision AS h ON h.hall_id = %(hall)s AND h.words = t.words
LEFT JOIN LATERAL (
    SELECT words FROM catalogue_hallsearchdecision
    WHERE %(hall)s::uuid IS NULL AND verdict = 'reported' AND words = t.words
        AND decided_on >= coalesce(p.decided_on, '-infinity')
    LIMIT 1) AS r ON true
WHERE (%(hall)s::uuid IS NULL OR t.hall_id = %(hall)s)
    AND t.day > greatest(coalesce(p.decided_on, '-infinity'), coalesce(h.decided_on, '-infinity'))
    AND p.verdict IS DISTINCT FROM 'not_ours' AND h.verdict IS DISTINCT FROM 'not_ours'
    AND (h.verdict IS DISTINCT FROM 'reported' OR p.decided_on >= h.decided_on)
GROUP BY t.words
HAVING bool_or(r.words IS NOT NULL) OR (count(DISTINCT t.day) >= %(days)s
    AND (sum(t.missed) >= %(times)s OR (sum(t.found) >= %(times)s AND sum(t.opened) = 0)))
ORDER BY sum(t.missed) DESC, sum(t.found) DESC, t.words
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class MissedText:
    """A text of the last 30 days. ``missed``: searches that found nothing; ``found``: those that found something;
    ``opened``: what was opened from their results; ``halls``: where. ``is_reported``: a hall asks the province."""

    words: str
    missed: int
    found: int
    opened: int
    days: int
    halls: int
    last_on: date
    is_reported: bool


def missed_texts(hall_id: UUID | None = None, *, most: int = MOST_LISTED) -> list[MissedText]:
    """What nobody has settled, the most missed first, for one hall or for the province: one query. A text is on the
    province's list where it was missed five times (a hall's: three times) on two days; or found as often and never
    opened; or where a hall reports it."""
    parameters: dict[str, Any] = {
        "hall": hall_id,
        "times": HALL_TIMES if hall_id else PROVINCE_TIMES,
        "days": LEAST_DAYS,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST, parameters)
        return [MissedText(*row) for row in cursor.fetchall()]


def services_found_by(texts: Iterable[str]) -> dict[str, str]:
    """text -> the first service of the whole province that is found by it now, for those that find any: two queries,
    and one a text."""
    known = speech()
    services = items_valid_at(timezone.now()).filter(item__item_type__in=APPLIED, is_complete=True)
    ids = list(services.values_list("pk", flat=True))
    found = {words: found_items(question(words, known), version_ids=ids, limit=1) for words in texts}
    return {words: hits[0].name for words, hits in found.items() if hits}
