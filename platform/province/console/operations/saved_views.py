"""A person's own views of tables. They are nobody else's affair, so that the audit holds nothing of them."""

from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from foundation.advisory_lock import hold_name
from foundation.errors import Conflict, Invalid, NotFound, NotSignedIn
from foundation.texts import line_of
from province.console.models import SavedView
from province.console.queries.tables import views_of
from province.rights.actors import Actor

MOST_VIEWS = 20
LONGEST_NAME = 20


@transaction.atomic
def save_view(
    *, by: Actor, table: str, hall_id: UUID | None, name: str, query: str, is_first: bool = False
) -> SavedView:
    """Keep what somebody looks at under a name of their own; the same name again replaces what it held. ``query``: as
    ``TableKind.kept`` says it; ``is_first``: shown when the table is opened, in place of the one that was.

    Raises Invalid for a name that is empty or too long and for a view of nothing, Conflict for more than 20.
    """
    name = line_of(name)
    if not 0 < len(name) <= LONGEST_NAME:
        message = f"请给视图起个名字，最多 {LONGEST_NAME} 个字。"
        raise Invalid.at("name", message)
    if not query:
        raise Invalid.at("name", "现在没有筛选、排序或列的选择，没有可以保存的。")
    if by.id is None:
        raise NotSignedIn("请先登录。")
    # as an address says it, whatever was sent
    query = QueryDict(query).urlencode()
    own = views_of(by).filter(table=table, hall_id=hall_id)
    _hold(by)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        message = f"每张表最多保存 {MOST_VIEWS} 个视图，请先删除不用的。"
        raise Conflict(message)
    if is_first:
        own.update(is_first=False)
    facts = {"query": query, "is_first": is_first}
    view, _ = SavedView.objects.update_or_create(
        account_id=by.id, table=table, hall_id=hall_id, name=name, defaults=facts
    )
    return view


@transaction.atomic
def set_first_view(*, by: Actor, view_id: UUID, is_first: bool) -> SavedView:
    """Show the view when its table is opened, or no longer. Raises NotFound, also for another person's."""
    _hold(by)
    view = _view_of(by, view_id)
    views_of(by).filter(table=view.table, hall_id=view.hall_id).update(is_first=False)
    view.is_first = is_first
    view.save(update_fields=["is_first"])
    return view


@transaction.atomic
def drop_view(*, by: Actor, view_id: UUID) -> None:
    """Raises NotFound, also for another person's."""
    _view_of(by, view_id).delete()


def _view_of(by: Actor, view_id: UUID) -> SavedView:
    found = views_of(by).filter(pk=view_id).first()
    if found is None:
        raise NotFound("没有这个视图，可能已经删除。")
    return found


def _hold(by: Actor) -> None:
    """Let one act of this person at a time: two at once would leave two first views, or more than there may be."""
    hold_name(f"console.saved_views {by.id}")
