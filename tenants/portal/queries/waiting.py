"""What of the hall's texts waits for the person at the desk, and the desk's figures of them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.masking import masked
from province.console.slots import Figure
from province.content.queries.pushes import offered_pushes
from province.rights.queries import works_at
from tenants.portal.models import Article
from tenants.portal.queries.desk import articles_at_desk, articles_to_review, desk_counts, in_review_number
from tenants.shell.slots import MOST_THINGS, Desk, Once, WaitingThing


def waiting_texts(desk: Desk) -> Iterator[WaitingThing]:
    """Articles to review, for those who may review them, and articles that came back, and pushes to adopt."""
    if not works_at(desk.by, "portal.write", hall_id=desk.hall.pk):
        return
    # what one wrote oneself waits for others
    for article in articles_to_review(desk).exclude(editor_ids__contains=[desk.by.id])[: MOST_THINGS + 1]:
        yield _article(article, article.get_draft_state_display(), "warning")
    for article in articles_at_desk(desk, state="returned")[: MOST_THINGS + 1]:
        yield _article(article, "已退回", "error")
    for push in offered_pushes(desk.hall, limit=MOST_THINGS + 1):
        day = in_words(timezone.localtime(push.published_at), "n月j日")
        yield WaitingThing("推荐采用", "accent", push.title, day, "desk-push", push.id)


def _article(article: Article, tag: str, look: str) -> WaitingThing:
    note = f"{masked(article.edited_by_name)} {_moment(article.edited_at)}"
    return WaitingThing(tag, look, article.title, note, "desk-article", article.pk)


def _moment(at: datetime | None) -> str:
    return in_words(timezone.localtime(at), "n月j日 H:i") if at else ""


def articles_in_review(desk: Desk, once: Once) -> int:
    return once(in_review_number, desk)


def pushes_offered(desk: Desk, once: Once) -> int:
    return len(once(offered_pushes, desk.hall))


def text_figures(desk: Desk, once: Once) -> tuple[Figure, ...]:
    counts = once(desk_counts, desk)
    articles = reverse("desk-articles")
    return (
        Figure(counts.in_review, "待审核文章", f"{articles}?state=review"),
        Figure(counts.returned, "被退回文章", f"{articles}?state=returned"),
        Figure(pushes_offered(desk, once), "待处置推稿", reverse("desk-pushes")),
        Figure(counts.published, "已发布文章", f"{articles}?state=published"),
    )
