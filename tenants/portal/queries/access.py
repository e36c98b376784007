"""Who writes this hall's texts, and which of them are theirs."""

from django.db.models import QuerySet, UUIDField, Value

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, require_work_at, within_reach
from province.workdays.operations.hall_days import SET_DAYS
from tenants.portal.models import Article
from tenants.shell.slots import Desk


def require_writer(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not write here."""
    require_work_at(by, "portal.write", hall_id=hall.id)


def require_calendar(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not keep this hall's own calendar."""
    require_work_at(by, SET_DAYS, hall_id=hall.id)


def may_over(by: Actor, permission: str, hall: Hall, article: Article) -> bool:
    """Whether one of the positions carries the permission over this article: over its hall, its department, or one's
    own."""
    return may(by, permission, hall_id=hall.id, unit_id=article.unit_id, owner_id=article.owner_id)


def articles_reviewed_by(desk: Desk, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the ``articles`` (as of ``articles_of``) that the person may review, by the rule of ``may_over``."""
    return articles.filter(within_reach(desk.by, "portal.review", hall="at_hall", unit="unit_id", owner="owner_id"))


def articles_of(desk: Desk) -> QuerySet[Article]:
    """The articles that the person at this desk may write, by the rule of ``may_over``."""
    here = Article.objects.alias(at_hall=Value(desk.hall.id, output_field=UUIDField()))
    return here.filter(within_reach(desk.by, "portal.write", hall="at_hall", unit="unit_id", owner="owner_id"))
