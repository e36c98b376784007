"""What the hall's desk shows of its own articles and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet

from foundation.counting import count_once
from foundation.editing.versions import has_hand_in
from foundation.errors import NotFound
from province.content.queries import name_of
from province.halls.models import Hall
from province.people.models import Account, Unit
from province.people.queries.people import accounts_who_may
from province.rights.actors import Actor
from tenants.portal.models import Article, ArticleVersion, Column
from tenants.portal.queries.access import articles_of, articles_reviewed_by, may_over
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import REVIEW_STEPS, ArticleState, DraftState
from tenants.shell.slots import Desk

# how the table of articles is filtered; an article may be in several of them (published, and corrected anew)
ARTICLE_FILTERS: dict[str, tuple[str, Q]] = {
    "editing": ("编辑中", Q(draft_state=DraftState.EDITING)),
    "returned": ("已退回", Q(draft_state=DraftState.RETURNED)),
    "review": ("审核中", Q(draft_state__in=REVIEW_STEPS)),
    "published": ("已发布", Q(state=ArticleState.PUBLISHED)),
    "withdrawn": ("已撤下", Q(state=ArticleState.WITHDRAWN)),
}


def articles_at_desk(desk: Desk, *, search: str = "", state: str = "", column: str = "") -> QuerySet[Article]:
    """The hall's own articles, as far as they are the actor's business, last edited first. ``state`` is a key of
    ARTICLE_FILTERS, ``column`` a code. Annotated: ``owner_name`` and ``unit_name``, who is responsible, or ""."""
    rows = with_owner(articles_of(desk).select_related("column"))
    if state in ARTICLE_FILTERS:
        rows = rows.filter(ARTICLE_FILTERS[state][1])
    if column:
        rows = rows.filter(Q(column__code=column) | Q(column__parent__code=column))
    for word in search.replace("\0", "").split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(author__icontains=word)
            | Q(source__icontains=word)
            | Q(edited_by_name__icontains=word)
            | Q(keywords__contains=[word])
        )
    return rows.order_by(F("edited_at").desc(nulls_last=True), "-id")


def articles_to_review(desk: Desk) -> QuerySet[Article]:
    """Those of ``articles_at_desk`` that wait for a review which this person may pass or return."""
    return articles_reviewed_by(desk, articles_at_desk(desk, state="review"))


def with_owner(rows: QuerySet[Article]) -> QuerySet[Article]:
    return rows.annotate(
        owner_name=name_of(Account.objects.filter(pk=OuterRef("owner_id"))),
        unit_name=name_of(Unit.objects.filter(pk=OuterRef("unit_id"))),
    )


def articles_by_filter(desk: Desk) -> dict[str, int]:
    """How many articles every one of ARTICLE_FILTERS has: one query."""
    counts = {key: Count("id", filter=condition) for key, (_, condition) in ARTICLE_FILTERS.items()}
    return articles_of(desk).aggregate(**counts)


def article_at_desk(desk: Desk, article_id: UUID) -> Article:
    """Annotated as in ``articles_at_desk``. Raises NotFound, for an article of another hall, or of somebody else for
    who sees only their own, as for none."""
    rows = with_owner(articles_of(desk)).select_related("column", "cover", "published")
    article = rows.filter(pk=article_id).first()
    if article is None:
        raise NotFound("没有这篇文章，可能属于其他服务厅。")
    return article


def versions_of(article: Article) -> QuerySet[ArticleVersion]:
    """All versions with their reviews, the latest first."""
    return article.versions.select_related("cover").prefetch_related("reviews").order_by("-number")


def version_of(article: Article, number: int) -> ArticleVersion:
    """Raises NotFound."""
    version = versions_of(article).filter(number=number).first()
    if version is None:
        message = f"没有第 {number} 版。"
        raise NotFound(message)
    return version


def why_not_pass(by: Actor, hall: Hall, version: ArticleVersion) -> str:
    """Why this person may not pass the review for which the version waits; "" where they may.

    Nobody whose hand is in the text passes the last review before readers see it.
    """
    if not may_over(by, "portal.review", hall, version.article):
        return "您的岗位没有审核本厅文章的权限。"
    place = REVIEW_STEPS.index(DraftState(version.article.draft_state))
    is_last = all(REVIEW_STEPS.index(step) <= place for step in review_steps(hall))
    if is_last and has_hand_in(version, by):
        return "您参与了这篇文章的撰写，最后一道审核须由其他人通过。"
    return ""


def reviewers_but(by: Actor, hall: Hall) -> int:
    """How many people may review the hall's texts, beside this one."""
    return len(accounts_who_may("portal.review", prefix=hall.prefixes[-1]) - {by.id})


def review_shortage(by: Actor, hall: Hall) -> str:
    """Why a text that this person writes could not pass the hall's last review, and what to do; "" where it could."""
    if not review_steps(hall) or reviewers_but(by, hall):
        return ""
    return (
        "本厅除您以外没有人可审，而最后一道审核须由没有参与撰写的人通过：请管理员在“人员”里再安排一位有审核权限的人，"
        "或请上级代为审核，然后再写。"
    )


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the tree, with what stands in it."""

    column: Column
    depth: int
    articles: int
    is_first: bool
    is_last: bool
    # what hides it: itself, or the column above
    is_shown: bool


def column_tree() -> list[ColumnRow]:
    """All columns, each followed by those below it: one query."""
    rows = Column.objects.select_related("parent").annotate(
        published=Count("articles", filter=Q(articles__state=ArticleState.PUBLISHED))
    )
    columns = list(rows.order_by("order", "id"))
    found: list[ColumnRow] = []
    _add_level(found, columns, None)
    return found


def _add_level(found: list[ColumnRow], columns: Sequence[Column], parent: Column | None) -> None:
    level = [column for column in columns if column.parent_id == (parent.pk if parent else None)]
    for place, column in enumerate(level):
        found.append(
            ColumnRow(
                column,
                depth=1 if parent else 0,
                articles=column.published,  # type: ignore[attr-defined]  # annotated above
                is_first=place == 0,
                is_last=place == len(level) - 1,
                is_shown=column.is_visible and (parent is None or parent.is_visible),
            )
        )
        if parent is None:
            _add_level(found, columns, column)


def column_at_desk(code: str) -> Column:
    """Raises NotFound."""
    column = Column.objects.select_related("parent").filter(code=code).first()
    if column is None:
        message = f"本厅没有代码为“{code}”的栏目。"
        raise NotFound(message)
    return column


def column_choices(*, only_shown: bool = False) -> list[tuple[str, str]]:
    """The columns in which articles can stand, as a form offers them."""
    return [
        (row.column.code, f"{'— ' * row.depth}{row.column.name}")
        for row in column_tree()
        if row.column.kind in {Column.Kind.LIST, Column.Kind.GALLERY} and (row.is_shown or not only_shown)
    ]


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """What waits at the desk."""

    in_review: int
    returned: int
    editing: int
    published: int
    last_published_at: datetime | None


def in_review_number(desk: Desk) -> int:
    """How many articles wait for a review that this person may pass or return."""
    return count_once(_in_review, desk)


def _in_review(desk: Desk) -> QuerySet[Article]:
    return articles_reviewed_by(desk, articles_of(desk).filter(draft_state__in=REVIEW_STEPS))


def desk_counts(desk: Desk) -> DeskCounts:
    """What waits at the desk: one query."""
    totals = articles_of(desk).aggregate(
        in_review=Count("id", filter=Q(draft_state__in=REVIEW_STEPS)),
        returned=Count("id", filter=Q(draft_state=DraftState.RETURNED)),
        editing=Count("id", filter=Q(draft_state=DraftState.EDITING)),
        published=Count("id", filter=Q(state=ArticleState.PUBLISHED)),
        last_published_at=Max("published_at", filter=Q(state=ArticleState.PUBLISHED)),
    )
    return DeskCounts(**totals)
