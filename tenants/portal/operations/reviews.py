"""The way of a hall's own article from a draft to its readers."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.drafts import release_lock
from foundation.editing.reasons import clean_reason
from foundation.editing.texts import text_gaps, text_submission
from foundation.editing.versions import decision
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.operations import emit_event
from province.halls.models import Hall
from province.messaging.operations.reviews import set_review_limits
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, require_work_at
from province.rights.roles import HALL_EDITORS, Reach
from tenants.portal.events import ARTICLE_LATE, ARTICLE_MOVED, ArticleMoved
from tenants.portal.models import Article, ArticleReview, ArticleVersion
from tenants.portal.operations.article_reports import report_article
from tenants.portal.operations.articles import locked_article, note_work, record
from tenants.portal.operations.figures import check_inside, renew_site
from tenants.portal.queries.desk import why_not_pass
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import ARTICLE_TRANSITIONS, DRAFT_TRANSITIONS, REVIEW_STEPS, ArticleState, DraftState

declare("portal.review", "审核本厅文章", reach=Reach.UNIT, roles=HALL_EDITORS)


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
    reason = clean_reason(reason, ask="请填写原因。")
    _note(by, article, version, is_passed=False, reason=reason)
    record(by, hall, article, "return_article", reason=reason, changes={"step": [article.draft_state, "returned"]})
    _advance(article, DraftState.RETURNED)
    _announce(by, hall, version, DraftState.RETURNED)
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
    if gaps := text_gaps(article):
        raise Invalid.of(gaps, many="文章还不完整，请按提示补充后再提交。")
    latest = article.versions.order_by("-number").first()
    # who only submits has no hand in it: where a hall has few people, they may still decide on it
    version = ArticleVersion.objects.create(
        article=article, **text_submission(article, by=by, after=latest, author_ids=article.editor_ids)
    )
    release_lock(article)
    changes = {"version": [latest.number if latest else None, version.number]}
    record(by, hall, article, "submit_article", changes=changes)
    if target == DraftState.DONE:
        _publish(by, hall, article, version)
    else:
        _advance(article, target)
        _announce(by, hall, version, target)
        set_review_limits(kind=ARTICLE_LATE, version_ids=[version.pk], code=hall.division.code, hall_id=hall.pk)
    return version


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
    reason = clean_reason(reason)
    _note(by, article, version, is_passed=True, reason=reason)
    target = later[0] if later else DraftState.DONE
    record(
        by, hall, article, "pass_article_review", reason=reason, changes={"step": [article.draft_state, str(target)]}
    )
    if later:
        _advance(article, target)
        _announce(by, hall, version, target)
    else:
        _publish(by, hall, article, version)


def _place(article: Article) -> int:
    return REVIEW_STEPS.index(DraftState(article.draft_state))


def _note(by: Actor, article: Article, version: ArticleVersion, *, is_passed: bool, reason: str) -> None:
    ArticleReview.objects.create(
        version=version, step=article.draft_state, **decision(by=by, is_passed=is_passed, reason=reason)
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
    report_article(hall, article)
    renew_site(hall)
    _announce(by, hall, version, DraftState.DONE)


def _advance(article: Article, state: DraftState) -> None:
    DRAFT_TRANSITIONS.check(article.draft_state, state)
    article.draft_state = state
    article.save(update_fields=["draft_state"])


def _announce(by: Actor, hall: Hall, version: ArticleVersion, state: DraftState) -> None:
    emit_event(
        kind=ARTICLE_MOVED,
        payload=ArticleMoved(state=DraftState(state), by_id=by.id),
        subject_id=version.pk,
        hall_id=hall.pk,
    )
