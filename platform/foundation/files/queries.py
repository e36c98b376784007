"""What a page says of the files that a text shows, read by the query that reads the text."""

from typing import Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, QuerySet
from django.db.models.functions import JSONObject


class FileFacts(TypedDict):
    """``id``: a UUID as text. ``size``: in bytes."""

    id: str
    name: str
    size: int


def facts_of_files(files: QuerySet[Any], ids: str) -> ArraySubquery:
    """A list of ``FileFacts``, as a column of a query that has the ids in its array ``ids``. ``files``: of one app."""
    is_shown = Func(
        F("pk"), OuterRef(ids), template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )
    facts = JSONObject(id="pk", name="name", size="size")
    return ArraySubquery(files.filter(is_shown).values(facts=facts))
