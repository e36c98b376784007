"""The way of a hall's own article from a draft to its readers."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.html import images_without_alt, media_ids, text_of
from foundation.texts import TEXT_FIELDS, files_of
from foundation.words import search_words
from province.halls.models import Hall
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, require, require_work_at
from tenants.portal.models import Article, ArticleReview, ArticleVersion
from tenants.portal.operations.articles import (
    drop_lock,
    given_reason,
    locked_article,
    missing,
    note_work,
    record,
)
from tenants.portal.operations.figures import check_inside, renew_site
from tenants.portal.queries.desk import why_not_pass
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import ARTICLE_TRANSITIONS, DRAFT_TRANSITIONS, REVIEW_STEPS, ArticleState, DraftState

declare("portal.review", "审核本厅文章", reach=Reach.UNIT)


@transaction.atomic
def submit_article(*, by: Actor, hall: Hall, article_id: UUID) -> ArticleVersion:
    """Freeze the draft as a version and hand it to the first review; in a hall without reviews it is published."""
    article = locked_article(by, hall, "portal.write", article_id)
    return _submit(by, hall, article)


@transaction.atomic
def recall_article(*, by: Actor, hall: Hall, article_id: UUID) -> Article:
    """Take a submitted draft back to the desk before its reviews end."""
    article = locked_article(by, hall, "portal.write", article_id)
    if article.draft_state not in REVIEW_STEPS:
        message = f"文章当前是“{article.get_draft_state_display()}”，没有在审核。"
        raise Conflict(message)
    _advance(article, DraftState.EDITING)
    record(by, hall, article, "recall_article")
    return article


@transaction.atomic
def pass_article_review(*, by: Actor, hall: Hall, version_id: UUID, step: str = "", reason: str = "") -> Article:
    """Pass the step at which the version stands; after the hall's last one, readers see it.

    ``step`` is the one that the reviewer saw: where somebody else was quicker, this is a Conflict, not the next step.
    """
    article, version = _under_review(by, hall, version_id, step)
    _pass(by, hall, article, version, reason)
    return article


@transaction.atomic
def return_article(*, by: Actor, hall: Hall, version_id: UUID, reason: str, step: str = "") -> Article:
    """Hand the version back to its authors, who read the reason."""
    article, version = _under_review(by, hall, version_id, step)
    _note(by, article, version, is_passed=False, reason=given_reason(reason))
    record(by, hall, article, "return_article", reason=reason, changes={"step": [article.draft_state, "returned"]})
    _advance(article, DraftState.RETURNED)
    return article


@transaction.atomic
def publish_article(*, by: Actor, hall: Hall, article_id: UUID) -> Article:
    """From the draft to the readers in one act, by somebody who may write and review.

    Every review of the hall is passed and noted on the way, by the same rules: nobody passes the last one over a text
    that they wrote themselves.
    """
    article = locked_article(by, hall, "portal.write", article_id)
    require(by, "portal.review", hall_id=hall.id, unit_id=article.unit_id, owner_id=article.owner_id)
    version = _submit(by, hall, article)
    while article.draft_state in REVIEW_STEPS:
        _pass(by, hall, article, version, "")
    return article


def _submit(by: Actor, hall: Hall, article: Article) -> ArticleVersion:
    steps = review_steps(hall)
    target = steps[0] if steps else DraftState.DONE
    DRAFT_TRANSITIONS.check(article.draft_state, target)
    _check_completeness(article)
    last = article.versions.aggregate(last=Max("number"))["last"] or 0
    version = ArticleVersion.objects.create(
        article=article,
        number=last + 1,
        **{name: getattr(article, name) for name in TEXT_FIELDS},
        cover_id=article.cover_id,
        asset_ids=files_of(article.body, article.cover_id),
        author_ids=article.editor_ids,
        submitted_by_name=by.name,
        # and not the transaction's beginning: it must not lie before the draft's last change
        created_at=timezone.now(),
        search_words=search_words(
            article.title, article.subtitle, *article.keywords, article.summary, text_of(article.body)
        ),
    )
    drop_lock(article)
    record(by, hall, article, "submit_article", changes={"version": [last or None, version.number]})
    if target == DraftState.DONE:
        _publish(by, hall, article, version)
    else:
        _advance(article, target)
    return version


def _check_completeness(article: Article) -> None:
    """A draft may be bare; what others read may not."""
    if not article.title:
        raise missing("title", "请填写标题。")
    if not text_of(article.body) and not media_ids(article.body):
        raise missing("body", "正文还是空的，请先写正文再提交。")
    if silent := images_without_alt(article.body):
        message = f"有 {silent} 张图片没有替代文字，请为每张图片写一句话，说明图上有什么。"
        raise missing("body", message)


def _under_review(by: Actor, hall: Hall, version_id: UUID, step: str) -> tuple[Article, ArticleVersion]:
    check_inside(hall)
    require_work_at(by, "portal.review", hall_id=hall.id)
    version = ArticleVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotFound("没有这个版本，可能属于其他服务厅。")
    article = locked_article(by, hall, "portal.review", version.article_id)
    is_latest = not article.versions.filter(number__gt=version.number).exists()
    if article.draft_state not in REVIEW_STEPS or not is_latest or (step and step != article.draft_state):
        message = f"这一步已由他人处理，文章现在是“{article.get_draft_state_display()}”。请刷新页面。"
        raise Conflict(message)
    return article, version


def _pass(by: Actor, hall: Hall, article: Article, version: ArticleVersion, reason: str) -> None:
    later = [step for step in review_steps(hall) if REVIEW_STEPS.index(step) > _place(article)]
    version.article = article
    if why := why_not_pass(by, hall, version):
        raise NotAllowed(why)
    _note(by, article, version, is_passed=True, reason=reason.strip()[:500])
    target = later[0] if later else DraftState.DONE
    record(
        by, hall, article, "pass_article_review", reason=reason, changes={"step": [article.draft_state, str(target)]}
    )
    if later:
        _advance(article, target)
    else:
        _publish(by, hall, article, version)


def _place(article: Article) -> int:
    return REVIEW_STEPS.index(DraftState(article.draft_state))


def _note(by: Actor, article: Article, version: ArticleVersion, *, is_passed: bool, reason: str) -> None:
    ArticleReview.objects.create(
        version=version,
        step=article.draft_state,
        is_passed=is_passed,
        reason=reason,
        reviewer_id=by.id,
        reviewer_name=by.name,
    )


def _publish(by: Actor, hall: Hall, article: Article, version: ArticleVersion) -> None:
    """What was published before keeps its date: nobody chooses the date that readers see."""
    record(
        by,
        hall,
        article,
        "publish_article",
        changes={"state": [article.state, str(ArticleState.PUBLISHED)], "version": version.number},
    )
    ARTICLE_TRANSITIONS.check(article.state, ArticleState.PUBLISHED)
    article.published = version
    article.published_at = article.published_at or timezone.now()
    article.state = ArticleState.PUBLISHED
    article.withdrawal_reason = ""
    article.editor_ids = []
    article.save(update_fields=["published", "published_at", "state", "withdrawal_reason", "editor_ids"])
    _advance(article, DraftState.DONE)
    note_work(hall, article, is_open=False)
    renew_site(hall)


def _advance(article: Article, state: DraftState) -> None:
    DRAFT_TRANSITIONS.check(article.draft_state, state)
    article.draft_state = state
    article.save(update_fields=["draft_state"])
