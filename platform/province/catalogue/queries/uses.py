"""What halls do with an item, as they report it themselves, and what other apps know of its use."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from province.catalogue.models import Item, ItemVersion
from province.catalogue.queries.validity import newest_numbers_sql
from province.catalogue.slots import ITEM_USES, Use

# names that a sentence can hold
_NAMED = 5

_USED = f"""
WITH used AS (
    SELECT hall.short_name, hall.number, report.state, report.version_number, newest.latest, newest.required,
        coalesce(report.version_number = ANY(newest.incomplete), false) AS is_listed
    FROM catalogue_hallitem AS report JOIN halls_directory AS hall ON hall.id = report.hall_id
        LEFT JOIN ({newest_numbers_sql()}) AS newest ON newest.item_id = report.item_id
    WHERE report.item_id = %(item)s AND hall.state <> 'retired'),
named AS (SELECT short_name FROM used ORDER BY number LIMIT {_NAMED})
SELECT count(*), count(*) FILTER (WHERE state = 'published' AND NOT is_listed),
    count(*) FILTER (WHERE state = 'published' AND is_listed), count(*) FILTER (WHERE state = 'stopped'),
    count(*) FILTER (WHERE state = 'published' AND version_number < latest),
    count(*) FILTER (WHERE state = 'published' AND version_number < required),
    (SELECT coalesce(array_agg(short_name), '{{}}') FROM named)
FROM used
"""  # noqa: S608 - only constants of ours


@dataclass(frozen=True, slots=True)
class AdoptionFigures:
    """How many halls have adopted an item, show a guide of it, show no more than its name because the province's part
    is not complete (``listed``), have stopped it, have not accepted a newer version (``behind``),
    and show that one already although nobody has accepted it (``overdue``, also counted in ``behind``)."""

    adopted: int
    shown: int
    listed: int
    stopped: int
    behind: int
    overdue: int
    hall_names: tuple[str, ...]


def adoption_figures(item: Item, at: datetime | None = None) -> AdoptionFigures:
    """What halls do with the item: one query, however many halls there are."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, {"item": item.pk, "now": at or timezone.now()})
        adopted, shown, listed, stopped, behind, overdue, names = cursor.fetchone()
    return AdoptionFigures(adopted, shown, listed, stopped, behind, overdue, tuple(names))


def adoptions_of(item: Item) -> list[Use]:
    """The halls that have adopted it; nothing where none has."""
    figures = adoption_figures(item)
    return [Use("认领", figures.adopted, figures.adopted, figures.hall_names)] if figures.adopted else []


def uses_of(item: Item) -> list[Use]:
    """How the item is used: by halls that have adopted it, and what other apps say (cases that are not done). Nothing
    where nobody uses it."""
    return [*adoptions_of(item), *(one for use in ITEM_USES.entries() if (one := use(item.pk)))]


def touches_of(version: ItemVersion) -> list[Use]:
    """What the publication of this version touches: every use of its item."""
    return uses_of(version.item)
