"""Who sits at the hall's desk, and how much of what lies there is theirs."""

from dataclasses import dataclass

from django.db.models import QuerySet, UUIDField, Value
from django.http import HttpRequest

from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import may, require_work_at, within_reach
from tenants.portal.models import Article


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of the hall whose host was asked."""

    by: Actor
    hall: Hall


def desk_of_request(request: HttpRequest, by: Actor | None = None) -> Desk:
    """``by``, or whom the interface let in by token or session. Raises NotAllowed for who does not write here."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    actor: Actor = by or request.auth  # type: ignore[attr-defined]
    require_work_at(actor, "portal.write", hall_id=hall.id)
    return Desk(actor, hall)


def may_over(by: Actor, permission: str, hall: Hall, article: Article) -> bool:
    """Whether one of the posts carries the permission over this article: over its hall, its department, or one's
    own."""
    return may(by, permission, hall_id=hall.id, unit_id=article.unit_id, owner_id=article.owner_id)


def articles_of(desk: Desk) -> QuerySet[Article]:
    """Those over which whoever sits there may write, by the same rule as ``may_over``."""
    here = Article.objects.alias(at_hall=Value(desk.hall.id, output_field=UUIDField()))
    return here.filter(within_reach(desk.by, "portal.write", hall="at_hall", unit="unit_id", owner="owner_id"))
