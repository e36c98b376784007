"""A table as one person looks at it: as the address asks, and the views that they have saved of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from foundation.design.tables import TableKind, TableShown
from province.console.models import SavedView
from province.rights.actors import Actor


@dataclass(frozen=True, slots=True)
class OwnTable(TableShown):
    """``views``: the person's own, by name; ``present``: the one that is looked at now, if any."""

    views: Sequence[SavedView] = ()

    @property
    def present(self) -> SavedView | None:
        return next((one for one in self.views if one.query == self.query), None)

    @property
    def first_query(self) -> str:
        """What the address becomes where the table is opened without anything; "" where no view stands first."""
        return next((one.query for one in self.views if one.is_first), "")


def own_table(by: Actor, kind: TableKind, query: QueryDict, *, hall_id: UUID | None = None) -> OwnTable:
    """One query. ``hall_id``: of the hall at whose desk the table stands."""
    shown = kind.asked(query)
    views = views_of(by).filter(table=kind.name, hall_id=hall_id).order_by("name")
    return OwnTable(kind, shown.shown, shown.order, shown.query, list(views))


def views_of(by: Actor) -> QuerySet[SavedView]:
    """The person's own, of all tables."""
    return SavedView.objects.filter(account_id=by.id) if by.id else SavedView.objects.none()
