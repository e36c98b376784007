"""The three reviews (三审). Who may give which: docs/decisions/0002-three-reviews.md."""

from django.db import transaction

from foundation.editing.reasons import clean_reason
from foundation.editing.versions import decision
from foundation.errors import Conflict, NotAllowed
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.content.events import VERSION_MOVED, VersionMoved
from province.content.models import ManuscriptVersion, Review
from province.content.queries.desks import check_reach, require_at_desk
from province.content.queries.reviews import review_permission, why_not_review
from province.content.states import OPEN_REVIEWS, REVIEW_TRANSITIONS, ReviewState
from province.rights.actors import Actor

RETURN_REASONS = (
    "事实或数据有误，请核对来源后重报。",
    "政治性、政策性表述不准确，请对照原文修改。",
    "有错别字或病句，请校对。",
    "标题与内容不符，请修改标题。",
    "来源或作者未注明，请补充。",
    "图片与内容无关、不清晰或缺少授权，请更换。",
    "涉及个人信息，请隐去身份证号、电话、住址等。",
    "内容已过时或与已发稿件重复。",
    "格式不规范，请按公文或新闻体例调整。",
)
_NEXT = {
    ReviewState.FIRST: ReviewState.SECOND,
    ReviewState.SECOND: ReviewState.FINAL,
    ReviewState.FINAL: ReviewState.APPROVED,
}


@transaction.atomic
def pass_review(
    *, by: Actor, version: ManuscriptVersion, reason: str = "", step: ReviewState | None = None
) -> ManuscriptVersion:
    """Give the review for which the version waits; ``reason`` is an opinion and may be empty.

    ``step`` is the review that the reviewer saw open (that of ``version``, if left out): where somebody else was
    quicker, this raises Conflict and does not give the next one by mistake. Raises NotAllowed for a person who may
    not give it.
    """
    locked = _lock_at(by, version, step)
    _give(locked, by, clean_reason(reason))
    return locked


@transaction.atomic
def approve_version(*, by: Actor, version: ManuscriptVersion, reason: str = "") -> ManuscriptVersion:
    """Give as many of the open reviews as ``by`` may: a person one of them, the machine itself (which is nobody's
    author) all that are left. Whether the version is approved now, its state says."""
    locked = _lock_at(by, version, None)
    reason = clean_reason(reason)
    _give(locked, by, reason)
    while by.id is None and locked.state in OPEN_REVIEWS:
        _give(locked, by, reason)
    return locked


@transaction.atomic
def return_version(
    *, by: Actor, version: ManuscriptVersion, reason: str, step: ReviewState | None = None
) -> ManuscriptVersion:
    """Send it back to its authors, with a reason (RETURN_REASONS has the usual ones). They submit a new version."""
    locked = _lock_at(by, version, step)
    reason = clean_reason(reason, ask="请写明退回的原因。")
    _record(locked, by, is_passed=False, reason=reason, after=ReviewState.RETURNED)
    return locked


def _lock_at(by: Actor, version: ManuscriptVersion, step: ReviewState | None) -> ManuscriptVersion:
    """The version, locked, if it still waits for the review that was seen open."""
    check_reach(by, version.manuscript)
    locked = ManuscriptVersion.objects.select_for_update().get(pk=version.pk)
    seen = step or version.state
    asked = ReviewState(seen if seen in OPEN_REVIEWS else OPEN_REVIEWS[0])
    require_at_desk(by, review_permission(by, asked, version.manuscript), version.manuscript)
    if locked.state not in OPEN_REVIEWS:
        message = f"这一版{ReviewState(locked.state).label}，不能再审核。"
        raise Conflict(message)
    if locked.state != seen:
        last = locked.reviews.order_by("-created_at", "-id").first()
        who = last.reviewer_name if last else "其他人"
        message = f"{who}刚刚审核过，现在是“{ReviewState(locked.state).label}”。请刷新后再决定。"
        raise Conflict(message)
    return locked


def _give(version: ManuscriptVersion, by: Actor, reason: str) -> None:
    if why := why_not_review(by, version):
        raise NotAllowed(why)
    _record(version, by, is_passed=True, reason=reason, after=_NEXT[ReviewState(version.state)])


def _record(version: ManuscriptVersion, by: Actor, *, is_passed: bool, reason: str, after: ReviewState) -> None:
    before = ReviewState(version.state)
    REVIEW_TRANSITIONS.check(before, after)
    Review.objects.create(version=version, step=before, **decision(by=by, is_passed=is_passed, reason=reason))
    version.state = after
    version.save(update_fields=["state"])
    record_act(
        by=by,
        act="content.pass_review" if is_passed else "content.return_version",
        object_type="manuscript",
        object_id=version.manuscript_id,
        reason=reason,
        changes={"version": [version.number, version.number], "state": [before.value, after.value]},
    )
    emit_event(kind=VERSION_MOVED, subject_id=version.pk, payload=VersionMoved(state=after, by_id=by.id))
