"""What a hall reports of its site, and the mark that its pages have changed."""

from django.db.models import Count, Max, Q

from foundation import schemas
from province.halls.models import Hall
from province.halls.operations import touch_hall
from province.halls.operations.figures import lock_figures, report_figures
from province.rights.actors import Actor
from province.rights.queries import require
from tenants.portal.models import Article, Column
from tenants.portal.states import ArticleState


def require_in_hall(by: Actor, permission: str, hall: Hall) -> None:
    """Raises NotAllowed where the actor may not; LookupError where the work is not inside that hall's schema."""
    require(by, permission, hall_id=hall.id)
    check_inside(hall)


def check_inside(hall: Hall) -> None:
    """Raises LookupError where the work is not inside that hall's schema."""
    if schemas.current_schema() != hall.schema_name:
        message = f"{hall.schema_name} is not entered, but {schemas.current_schema()}"
        raise LookupError(message)


def renew_site(hall: Hall) -> None:
    """Make every page of the hall stale and rewrite its figures, in the caller's transaction.

    The figures' row is locked before anything is counted, so that two acts at once do not count each without the other.
    """
    lock_figures(hall.id)
    published = Q(articles__state=ArticleState.PUBLISHED)
    columns = Column.objects.filter(is_visible=True).annotate(
        published=Count("articles", filter=published), latest=Max("articles__published_at", filter=published)
    )
    shown = {
        column.code: {
            "name": column.name,
            # a single page or a link is filled by what it says itself
            "articles": column.published or int(bool(column.body or column.link_url)),
            "last_published_at": column.latest.isoformat() if column.latest else None,
        }
        for column in columns
    }
    articles = Article.objects.filter(state=ArticleState.PUBLISHED)
    totals = articles.aggregate(number=Count("id"), latest=Max("published_at"))
    report_figures(hall.id, own_articles=totals["number"], last_published_at=totals["latest"], columns=shown)
    touch_hall(hall.id)
