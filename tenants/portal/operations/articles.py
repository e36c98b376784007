"""A hall's own articles: written, read by others, shown, taken down."""

from typing import Any, Unpack
from uuid import UUID

from django.db import transaction

from foundation.editing.drafts import (
    check_lock,
    check_revision,
    count_edit,
    end_lock,
    hold_lock,
    sign_draft,
    take_lock,
)
from foundation.editing.reasons import clean_reason
from foundation.editing.texts import write_texts
from foundation.errors import Conflict, Invalid, NotFound
from foundation.texts import SideTexts, Texts
from province.audit.operations import record_act
from province.halls.models import Hall
from province.people.operations.work import note_open_work
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, require_work_at
from province.rights.roles import WRITERS, Reach
from tenants.portal.models import Article, HallAsset
from tenants.portal.operations.article_reports import report_article
from tenants.portal.operations.columns import list_column
from tenants.portal.operations.figures import check_inside, renew_site
from tenants.portal.queries.access import may_over
from tenants.portal.states import ARTICLE_TRANSITIONS, REVIEW_STEPS, ArticleState, DraftState

declare("portal.write", "撰写本厅文章", reach=Reach.OWN, roles=WRITERS)

# what identity calls an article of which somebody's work is not done
ARTICLE = "article"


class ArticleTexts(Texts, total=False):
    """What somebody writes into an article; fields left out stay as they are."""

    # an image of the hall, or None
    cover_id: UUID | None


class NewArticleTexts(SideTexts, total=False):
    """What ``create_article`` takes besides a title and a body."""

    cover_id: UUID | None


@transaction.atomic
def create_article(
    *, by: Actor, hall: Hall, column: str, title: str, body: str = "", **texts: Unpack[NewArticleTexts]
) -> Article:
    """A draft in the column of this code. Raises Invalid with a fault for every field that is wrong."""
    check_inside(hall)
    whose = require_work_at(by, "portal.write", hall_id=hall.id)
    article = Article(column=list_column(column), owner_id=whose.owner_id, unit_id=whose.unit_id)
    write_texts(article, _with_cover({"title": title, "body": body, **texts}))
    if not article.title:
        raise Invalid.at("title", "请填写标题。")
    sign_draft(article, by)
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
    check_lock(article, by)
    if article.draft_state in REVIEW_STEPS:
        message = f"文章{article.get_draft_state_display()}，审核期间不能修改。要修改，请先撤回送审。"
        raise Conflict(message)
    check_revision(article, revision)
    _move(by, hall, article, column)
    if write_texts(article, _with_cover(texts)):
        if article.draft_state == DraftState.DONE:
            note_work(hall, article)
        article.draft_state = DraftState.EDITING
        if count_edit(article, by):
            record(by, hall, article, "edit_article")
    hold_lock(article, by)
    article.save()
    return article


@transaction.atomic
def lock_article(*, by: Actor, hall: Hall, article_id: UUID) -> Article:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the owner."""
    article = locked_article(by, hall, "portal.write", article_id)
    take_lock(article, by)
    return article


@transaction.atomic
def unlock_article(*, by: Actor, hall: Hall, article_id: UUID, is_forced: bool = False) -> Article:
    """Let others write. Somebody else's lock is broken only when forced, and by somebody who manages the hall's
    site; the audit tells that."""
    article = locked_article(by, hall, "portal.manage" if is_forced else "portal.write", article_id)
    if broken := end_lock(article, by, is_forced=is_forced):
        record(by, hall, article, "break_lock", changes={"locked_by_name": [broken, None]})
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
    article.withdrawal_reason = clean_reason(reason, ask="请填写原因。")
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


def note_work(hall: Hall, article: Article, *, is_open: bool = True) -> None:
    """Note whether somebody's work at it is not done: for the person who takes over from them."""
    note_open_work(hall_id=hall.id, kind=ARTICLE, object_id=article.id, owner_id=article.owner_id, is_open=is_open)


def record(by: Actor, hall: Hall, article: Article, act: str, **facts: Any) -> None:
    record_act(by=by, act=f"portal.{act}", object_type="article", object_id=article.id, hall_id=hall.id, **facts)


def _show(by: Actor, hall: Hall, article: Article, state: ArticleState, act: str, reason: str = "") -> None:
    record(by, hall, article, act, reason=reason, changes={"state": [article.state, str(state)]})
    article.state = state
    article.save(update_fields=["state", "withdrawal_reason"])
    report_article(hall, article)
    renew_site(hall)


def _move(by: Actor, hall: Hall, article: Article, code: str) -> None:
    """The column is no part of the reviewed text: a published article moves at once, by somebody who manages the
    site."""
    if not code or code == article.column.code:
        return
    before, article.column = article.column, list_column(code)
    # who has read the old place does not move it back unseen
    article.revision += 1
    record(by, hall, article, "move_article", changes={"column": [before.code, code]})
    if article.state == ArticleState.PUBLISHED:
        require(by, "portal.manage", hall_id=hall.id)
        article.save(update_fields=["column"])
        report_article(hall, article)
        renew_site(hall)


def _with_cover(texts: ArticleTexts) -> dict[str, Any]:
    """The texts as the draft takes them. Raises Invalid for a cover that is no image of the hall."""
    given: dict[str, Any] = {**texts}
    if "cover_id" in given:
        given["cover"] = _cover(given.pop("cover_id"))
    return given


def _cover(asset_id: UUID | None) -> HallAsset | None:
    if asset_id is None:
        return None
    asset = HallAsset.objects.filter(pk=asset_id, width__isnull=False).first()
    if asset is None:
        raise Invalid.at("cover_id", "封面应为本厅上传的图片。")
    return asset
