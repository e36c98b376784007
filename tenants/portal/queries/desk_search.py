"""What the desk's search finds of the hall's own articles."""

from collections.abc import Iterator

from django.urls import reverse

from province.console.slots import MOST_HITS, Hit
from tenants.portal.queries.desk import articles_at_desk
from tenants.shell.slots import Desk


def find_articles(desk: Desk, words: str) -> Iterator[Hit]:
    """Those that are the person's business, the last edited first."""
    for article in articles_at_desk(desk, search=words)[:MOST_HITS]:
        detail = f"{article.column.name} · {article.get_state_display()}"
        yield Hit("文章", article.title or "（还没有标题）", detail, reverse("desk-article", args=[article.pk]))
