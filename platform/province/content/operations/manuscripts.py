from typing import Any, Unpack

from django.db import transaction

from foundation.editing.drafts import (
    check_lock,
    check_revision,
    count_edit,
    hold_lock,
    release_lock,
    sign_draft,
    take_lock,
    with_hand,
)
from foundation.editing.texts import text_gaps, text_submission, words_of, write_texts
from foundation.editing.versions import check_may_follow
from foundation.errors import Fault, Invalid
from foundation.events.operations import emit_event
from foundation.html import media_ids
from foundation.texts import SideTexts, Texts
from province.audit.operations import record_act
from province.content.events import REVIEW_LATE, VERSION_MOVED, VersionMoved
from province.content.models import Asset, Manuscript, ManuscriptVersion
from province.content.queries.desks import check_desk, check_desk_reach, check_reach, require_at_desk
from province.content.states import OPEN_REVIEWS, ReviewState
from province.messaging.operations.reviews import set_review_limits
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import WRITERS, Reach, Role
from standards.numbers.divisions import CODE_LENGTH

declare("content.write", "撰写稿件", reach=Reach.OWN, roles=WRITERS | {Role.PROVINCE_OPERATOR})


class ManuscriptTexts(Texts, total=False):
    """What somebody writes into a manuscript; fields left out stay as they are."""

    cover: Asset | None


class NewTexts(SideTexts, total=False):
    """What ``create_manuscript`` takes besides a title and a body."""

    cover: Asset | None


@transaction.atomic
def create_manuscript(
    *, by: Actor, desk_prefix: str, title: str, body: str = "", **texts: Unpack[NewTexts]
) -> Manuscript:
    """A new draft at this desk. Raises Invalid for texts that are too long or hold what may not be there."""
    check_desk_reach(by, desk_prefix, "个编辑部")
    whose = require_work_at(by, "content.write", prefix=desk_prefix)
    check_desk(desk_prefix)
    manuscript = Manuscript(desk_prefix=desk_prefix, owner_id=whose.owner_id, unit_id=whose.unit_id)
    write_texts(manuscript, _own_files(manuscript, {"title": title, "body": body, **texts}))
    if not manuscript.title:
        raise Invalid.at("title", "请填写标题。")
    sign_draft(manuscript, by)
    manuscript.save()
    record_act(by=by, act="content.create_manuscript", object_type="manuscript", object_id=manuscript.id)
    return manuscript


@transaction.atomic
def save_draft(*, by: Actor, manuscript: Manuscript, revision: int, **texts: Unpack[ManuscriptTexts]) -> Manuscript:
    """Write the draft anew (autosave), and hold the lock on. ``revision`` is the one that the editor has read.

    Raises Conflict, naming the other editor, where somebody else holds the lock or has saved since. A draft may be
    without a title for a while. A save that changes nothing leaves the revision as it is and makes nobody an
    author. The audit tells who began to edit, not every autosave.
    """
    locked = lock_row(by, manuscript)
    require_at_desk(by, "content.write", locked)
    check_lock(locked, by)
    check_revision(locked, revision)
    hold_lock(locked, by)
    if write_texts(locked, _own_files(locked, texts)) and count_edit(locked, by):
        record_act(by=by, act="content.edit_manuscript", object_type="manuscript", object_id=locked.id)
    locked.save()
    return locked


@transaction.atomic
def lock_manuscript(*, by: Actor, manuscript: Manuscript) -> Manuscript:
    """Take the lock, or hold it on. Raises Conflict naming its holder. The audit has no entry: nothing changes."""
    locked = lock_row(by, manuscript)
    require_at_desk(by, "content.write", locked)
    take_lock(locked, by)
    return locked


@transaction.atomic
def unlock_manuscript(*, by: Actor, manuscript: Manuscript) -> Manuscript:
    """Give one's own lock back; somebody else's is left alone."""
    locked = lock_row(by, manuscript)
    if locked.locked_by_id == by.id:
        release_lock(locked)
    return locked


@transaction.atomic
def submit_manuscript(*, by: Actor, manuscript: Manuscript, is_urgent: bool = False) -> ManuscriptVersion:
    """Freeze the draft as the next version, which waits for its first review.

    Raises Invalid for what is missing (title, text, alternative texts of pictures), Conflict while an earlier version
    is under review, somebody else edits, or nothing has changed since the approved version.
    """
    draft = lock_row(by, manuscript)
    require_at_desk(by, "content.write", draft)
    check_lock(draft, by)
    latest = draft.versions.order_by("-number").first()
    if latest is not None:
        _check_follows(latest, draft)
    _check_complete(draft)
    version = ManuscriptVersion.objects.create(
        manuscript=draft,
        is_urgent=is_urgent,
        **text_submission(draft, by=by, after=latest, author_ids=with_hand(draft.editor_ids, by)),
    )
    release_lock(draft)
    record_act(
        by=by,
        act="content.submit",
        object_type="manuscript",
        object_id=draft.id,
        changes={"version": [None, version.number], "is_urgent": [None, is_urgent]},
    )
    moved = VersionMoved(state=ReviewState(version.state), by_id=by.id)
    emit_event(kind=VERSION_MOVED, subject_id=version.pk, payload=moved, is_urgent=is_urgent)
    set_review_limits(kind=REVIEW_LATE, version_ids=[version.pk], code=draft.desk_prefix.ljust(CODE_LENGTH, "0"))
    return version


def lock_row(by: Actor, manuscript: Manuscript) -> Manuscript:
    """The manuscript as it stands, locked in the database until the transaction ends. Raises NotFound."""
    locked = Manuscript.objects.select_for_update(of=("self",)).get(pk=manuscript.pk)
    check_reach(by, locked)
    return locked


def _own_files(manuscript: Manuscript, texts: ManuscriptTexts) -> dict[str, Any]:
    """The texts; raises Invalid for a cover that is no image of the manuscript's own desk."""
    cover = texts.get("cover")
    if cover is not None and (cover.desk_prefix != manuscript.desk_prefix or cover.width is None):
        raise Invalid.at("cover", "封面应为本编辑部上传的图片。")
    return {**texts}


def _check_follows(latest: ManuscriptVersion, draft: Manuscript) -> None:
    """Whether a version may follow the latest one."""
    check_may_follow(
        latest,
        state=ReviewState(latest.state).label,
        is_open=latest.state in OPEN_REVIEWS,
        is_same=latest.state == ReviewState.APPROVED and words_of(latest) == words_of(draft),
        verb="送审",
    )


def _check_complete(draft: Manuscript) -> None:
    faults = text_gaps(draft)
    files = media_ids(draft.body)
    if files and Asset.objects.filter(id__in=files, desk_prefix=draft.desk_prefix).count() < len(files):
        faults.append(Fault("body", "正文引用了不属于本编辑部的文件，请重新上传。"))
    if draft.cover is not None and not draft.cover.alt:
        faults.append(Fault("cover", "封面图片没有替代文字，请补充。"))
    if faults:
        raise Invalid.of(faults, many="稿件还不完整，请按提示补充后再送审。")
