"""A hall's own articles: written, read by others, shown, taken down."""

from datetime import timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.texts import TEXT_FIELDS, Texts, clean_texts
from province.audit.operations import record_act
from province.halls.models import Hall
from province.identity.models import Actor, Reach
from province.identity.operations.work import note_open_work
from province.identity.queries.rights import declare, require, require_work_at
from tenants.portal.models import Article, Asset
from tenants.portal.operations.columns import list_column
from tenants.portal.operations.figures import check_inside, renew_site
from tenants.portal.queries.access import may_over
from tenants.portal.states import ARTICLE_TRANSITIONS, REVIEW_STEPS, ArticleState, DraftState

declare("portal.write", "撰写本厅文章", reach=Reach.OWN)

# what identity calls an article of which somebody's work is not done
ARTICLE = "article"
# an editor that says nothing for so long has gone home
LOCKED_FOR = timedelta(minutes=5)


class ArticleTexts(Texts, total=False):
    """What somebody writes into an article; fields left out stay as they are."""

    # an image of the hall, or None
    cover_id: UUID | None


class NewTexts(TypedDict, total=False):
    """The same without what ``create_article`` names itself."""

    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]
    cover_id: UUID | None


@transaction.atomic
def create_article(
    *, by: Actor, hall: Hall, column: str, title: str, body: str = "", **texts: Unpack[NewTexts]
) -> Article:
    """A draft in the column of this code. Raises Invalid with a fault for every field that is wrong."""
    check_inside(hall)
    whose = require_work_at(by, "portal.write", hall_id=hall.id)
    article = Article(column=list_column(column), owner_id=whose.owner_id, unit_id=whose.unit_id)
    _write(article, by, {"title": title, "body": body, **texts})
    if not article.title:
        raise missing("title", "请填写标题。")
    article.save()
    note_work(hall, article)
    record(by, hall, article, "create_article", changes={"title": [None, article.title]})
    return article


@transaction.atomic
def save_article(
    *, by: Actor, hall: Hall, article_id: UUID, revision: int, column: str = "", **texts: Unpack[ArticleTexts]
) -> Article:
    """Write the draft (autosave), and hold the lock on; readers see none of it before it is published again.

    ``revision`` is the one that the editor has read. Raises Conflict where somebody saved since, where somebody else
    has the article open, or while it is under review. The audit tells who began to edit, not every autosave.
    """
    article = locked_article(by, hall, "portal.write", article_id)
    _check_lock(article, by)
    if article.draft_state in REVIEW_STEPS:
        message = f"文章{article.get_draft_state_display()}，审核期间不能修改。要修改，请先撤回送审。"
        raise Conflict(message)
    if article.revision != revision:
        message = f"{article.edited_by_name}刚刚保存过这篇文章，您这次的修改没有保存。请复制您的文字，刷新后再改。"
        raise Conflict(message)
    _move(by, hall, article, column)
    before = _texts_of(article)
    last_by, last_at = article.edited_by_id, article.edited_at
    _write(article, by, texts)
    article.revision += 1
    if _texts_of(article) != before:
        if article.draft_state == DraftState.DONE:
            note_work(hall, article)
        article.draft_state = DraftState.EDITING
        if last_by != by.id or last_at is None or timezone.now() - last_at > LOCKED_FOR:
            record(by, hall, article, "edit_article")
    _hold_lock(article, by)
    article.save()
    return article


@transaction.atomic
def lock_article(*, by: Actor, hall: Hall, article_id: UUID) -> Article:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the owner."""
    article = locked_article(by, hall, "portal.write", article_id)
    _check_lock(article, by)
    _hold_lock(article, by)
    article.save(update_fields=["locked_by_id", "locked_by_name", "locked_until"])
    return article


@transaction.atomic
def unlock_article(*, by: Actor, hall: Hall, article_id: UUID, is_forced: bool = False) -> Article:
    """Let others write. Somebody else's lock is broken only when forced, and by whoever manages the hall's site."""
    article = locked_article(by, hall, "portal.manage" if is_forced else "portal.write", article_id)
    if not is_forced:
        _check_lock(article, by)
    elif article.locked_by_id != by.id:
        record(by, hall, article, "break_lock", changes={"locked_by_name": [article.locked_by_name, None]})
    drop_lock(article)
    return article


@transaction.atomic
def pin_article(*, by: Actor, hall: Hall, article_id: UUID, is_pinned: bool) -> Article:
    """Put it before everything else in its column, or let it stand by its date again."""
    article = locked_article(by, hall, "portal.manage", article_id)
    if article.is_pinned != is_pinned:
        record(by, hall, article, "pin_article", changes={"is_pinned": [article.is_pinned, is_pinned]})
        article.is_pinned = is_pinned
        article.save(update_fields=["is_pinned"])
        renew_site(hall)
    return article


@transaction.atomic
def withdraw_article(*, by: Actor, hall: Hall, article_id: UUID, reason: str) -> Article:
    """Take it down at once; its page says 410 with the reason."""
    article = locked_article(by, hall, "portal.manage", article_id)
    ARTICLE_TRANSITIONS.check(article.state, ArticleState.WITHDRAWN)
    article.withdrawal_reason = given_reason(reason)
    _show(by, hall, article, ArticleState.WITHDRAWN, "withdraw_article", reason=article.withdrawal_reason)
    return article


@transaction.atomic
def restore_article(*, by: Actor, hall: Hall, article_id: UUID) -> Article:
    """Undo a withdrawal: the version that readers last saw stands again, with its date."""
    article = locked_article(by, hall, "portal.manage", article_id)
    if article.state != ArticleState.WITHDRAWN:
        message = f"文章当前是“{article.get_state_display()}”，无需恢复。"
        raise Conflict(message)
    article.withdrawal_reason = ""
    _show(by, hall, article, ArticleState.PUBLISHED, "restore_article")
    return article


def locked_article(by: Actor, hall: Hall, permission: str, article_id: UUID) -> Article:
    """The article, for who has the permission over it, locked until the transaction ends: whatever is done to it is
    done one after the other.

    Raises NotAllowed for who has the permission over nothing in the hall, or not over this article; NotFound also for
    one that the actor may not see; LookupError where the work is not inside that hall's schema.
    """
    check_inside(hall)
    require_work_at(by, permission, hall_id=hall.id)
    article = Article.objects.select_for_update(of=("self",)).select_related("column").filter(pk=article_id).first()
    if article is None or not (may_over(by, "portal.write", hall, article) or may_over(by, permission, hall, article)):
        raise NotFound("没有这篇文章，可能属于其他服务厅。")
    require(by, permission, hall_id=hall.id, unit_id=article.unit_id, owner_id=article.owner_id)
    return article


def given_reason(reason: str) -> str:
    """Raises Invalid where there is none."""
    cleaned = reason.strip()
    if not 1 <= len(cleaned) <= 500:  # noqa: PLR2004 - the column's width
        message = "请填写原因，最多 500 字。"
        raise Invalid(message, faults=[Fault("reason", message)])
    return cleaned


def missing(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])


def note_work(hall: Hall, article: Article, *, is_open: bool = True) -> None:
    """Whether somebody's work at it is not done: for whoever takes over from them."""
    note_open_work(hall_id=hall.id, kind=ARTICLE, object_id=article.id, owner_id=article.owner_id, is_open=is_open)


def drop_lock(article: Article) -> None:
    article.locked_by_id, article.locked_by_name, article.locked_until = None, "", None
    article.save(update_fields=["locked_by_id", "locked_by_name", "locked_until"])


def record(by: Actor, hall: Hall, article: Article, act: str, **facts: Any) -> None:
    record_act(by=by, act=f"portal.{act}", object_type="article", object_id=article.id, hall_id=hall.id, **facts)


def _show(by: Actor, hall: Hall, article: Article, state: ArticleState, act: str, reason: str = "") -> None:
    record(by, hall, article, act, reason=reason, changes={"state": [article.state, str(state)]})
    article.state = state
    article.save(update_fields=["state", "withdrawal_reason"])
    renew_site(hall)


def _check_lock(article: Article, by: Actor) -> None:
    if article.locked_until and article.locked_until > timezone.now() and article.locked_by_id != by.id:
        message = f"{article.locked_by_name}正在编辑这篇文章，请等其保存退出后再改。"
        raise Conflict(message)


def _hold_lock(article: Article, by: Actor) -> None:
    article.locked_by_id, article.locked_by_name = by.id, by.name
    article.locked_until = timezone.now() + LOCKED_FOR


def _write(article: Article, by: Actor, texts: ArticleTexts) -> None:
    if "cover_id" in texts:
        article.cover = _cover(texts["cover_id"])
    written = {name: value for name, value in texts.items() if name in TEXT_FIELDS}
    for name, value in clean_texts(Texts(**written)).items():  # type: ignore[typeddict-item]  # the names are those of texts
        setattr(article, name, value)
    article.edited_by_id, article.edited_by_name, article.edited_at = by.id, by.name, timezone.now()
    if by.id is not None and by.id not in article.editor_ids:
        article.editor_ids = [*article.editor_ids, by.id]


def _move(by: Actor, hall: Hall, article: Article, code: str) -> None:
    """The column is no part of the reviewed text: a published article moves at once, by whoever manages the site."""
    if not code or code == article.column.code:
        return
    before, article.column = article.column, list_column(code)
    record(by, hall, article, "move_article", changes={"column": [before.code, code]})
    if article.state == ArticleState.PUBLISHED:
        require(by, "portal.manage", hall_id=hall.id)
        article.save(update_fields=["column"])
        renew_site(hall)


def _texts_of(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in (*TEXT_FIELDS, "cover_id")}


def _cover(asset_id: UUID | None) -> Asset | None:
    if asset_id is None:
        return None
    asset = Asset.objects.filter(pk=asset_id, width__isnull=False).first()
    if asset is None:
        raise missing("cover_id", "封面应为本厅上传的图片。")
    return asset
