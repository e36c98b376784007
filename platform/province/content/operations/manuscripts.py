from datetime import timedelta
from typing import TypedDict, Unpack, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.html import images_without_alt, media_ids, text_of
from foundation.texts import TEXT_FIELDS, Texts, clean_texts, files_of
from foundation.words import search_words
from province.audit.operations import record_act
from province.content.models import Asset, Manuscript, ManuscriptVersion
from province.content.queries.desks import check_desk, check_desk_reach, check_reach, require_at_desk
from province.content.states import OPEN_REVIEWS, ReviewState
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, require_work_at

declare("content.write", "撰写稿件", reach=Reach.OWN)

# an editor's lock ends so long after the last autosave: long enough to think, short enough for whoever waits
LOCK_LASTS = timedelta(minutes=5)


class ManuscriptTexts(Texts, total=False):
    """What somebody writes into a manuscript; fields left out stay as they are."""

    cover: Asset | None


class NewTexts(TypedDict, total=False):
    """The same without what ``create_manuscript`` names itself."""

    subtitle: str
    source: str
    author: str
    summary: str
    keywords: list[str]
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
    _write(manuscript, by, {"title": title, "body": body, **texts})
    if not manuscript.title:
        raise _missing("title", "请填写标题。")
    manuscript.save()
    record_act(by=by, act="content.create_manuscript", object_type="manuscript", object_id=manuscript.id)
    return manuscript


@transaction.atomic
def save_draft(*, by: Actor, manuscript: Manuscript, revision: int, **texts: Unpack[ManuscriptTexts]) -> Manuscript:
    """Write the draft anew (autosave), and hold the lock on. ``revision`` is the one that the editor has read.

    Raises Conflict, naming the other editor, where somebody else holds the lock or has saved since. A draft may be
    without a title for a while. Whoever saves what stands there already has no hand in the text, and the revision
    stays. The audit tells who began to edit, not every autosave.
    """
    locked = lock_row(by, manuscript)
    require_at_desk(by, "content.write", locked)
    _check_lock(locked, by)
    if locked.revision != revision:
        raise Conflict(_changed_by_other(locked))
    last_by, last_at = locked.edited_by_id, locked.edited_at
    _hold_lock(locked, by)
    if _write(locked, by, texts):
        locked.revision += 1
        if last_by != by.id or last_at is None or timezone.now() - last_at > LOCK_LASTS:
            record_act(by=by, act="content.edit_manuscript", object_type="manuscript", object_id=locked.id)
    locked.save()
    return locked


@transaction.atomic
def lock_manuscript(*, by: Actor, manuscript: Manuscript) -> Manuscript:
    """Take the lock, or hold it on. Raises Conflict naming its holder. The audit has no entry: nothing changes."""
    locked = lock_row(by, manuscript)
    require_at_desk(by, "content.write", locked)
    _check_lock(locked, by)
    _hold_lock(locked, by)
    locked.save(update_fields=["locked_by_id", "locked_by_name", "locked_until"])
    return locked


@transaction.atomic
def unlock_manuscript(*, by: Actor, manuscript: Manuscript) -> Manuscript:
    """Give one's own lock back; somebody else's is left alone."""
    locked = lock_row(by, manuscript)
    if locked.locked_by_id == by.id:
        _drop_lock(locked)
        locked.save(update_fields=["locked_by_id", "locked_by_name", "locked_until"])
    return locked


@transaction.atomic
def submit_manuscript(*, by: Actor, manuscript: Manuscript, is_urgent: bool = False) -> ManuscriptVersion:
    """Freeze the draft as the next version, which waits for its first review.

    Raises Invalid for what is missing (title, text, alternative texts of pictures), Conflict while an earlier version
    is under review, somebody else edits, or nothing has changed since the approved version.
    """
    draft = lock_row(by, manuscript)
    require_at_desk(by, "content.write", draft)
    _check_lock(draft, by)
    latest = draft.versions.order_by("-number").first()
    if latest is not None:
        _check_follows(latest, draft)
    _check_complete(draft)
    version = ManuscriptVersion.objects.create(
        manuscript=draft,
        number=latest.number + 1 if latest else 1,
        **{name: getattr(draft, name) for name in TEXT_FIELDS},
        cover_id=draft.cover_id,
        asset_ids=files_of(draft.body, draft.cover_id),
        is_urgent=is_urgent,
        author_ids=_with(draft.editor_ids, by.id),
        submitted_by_id=by.id,
        submitted_by_name=by.name,
        search_words=search_words(draft.title, draft.subtitle, *draft.keywords, draft.summary, text_of(draft.body)),
        # and not the transaction's beginning: it must not lie before the draft's last change
        created_at=timezone.now(),
    )
    _drop_lock(draft)
    draft.save(update_fields=["locked_by_id", "locked_by_name", "locked_until"])
    record_act(
        by=by,
        act="content.submit",
        object_type="manuscript",
        object_id=draft.id,
        changes={"version": [None, version.number], "is_urgent": [None, is_urgent]},
    )
    return version


def lock_row(by: Actor, manuscript: Manuscript) -> Manuscript:
    """The manuscript as it stands, locked in the database until the transaction ends. Raises NotFound."""
    locked = Manuscript.objects.select_for_update(of=("self",)).get(pk=manuscript.pk)
    check_reach(by, locked)
    return locked


def _write(manuscript: Manuscript, by: Actor, texts: ManuscriptTexts) -> bool:
    """Whether that changed anything."""
    before = _state_of(manuscript)
    written = {name: value for name, value in texts.items() if name in TEXT_FIELDS}
    cleaned = clean_texts(cast("Texts", written))
    for name, value in cleaned.items():
        setattr(manuscript, name, value)
    if "cover" in texts:
        manuscript.cover = _own_cover(manuscript, texts["cover"])
    if _state_of(manuscript) == before:
        return False
    manuscript.editor_ids = _with(manuscript.editor_ids, by.id)
    manuscript.edited_by_id = by.id
    manuscript.edited_by_name = by.name
    manuscript.edited_at = timezone.now()
    return True


def _state_of(manuscript: Manuscript | ManuscriptVersion) -> tuple[object, ...]:
    return (manuscript.cover_id, *(getattr(manuscript, name) for name in TEXT_FIELDS))


def _own_cover(manuscript: Manuscript, cover: Asset | None) -> Asset | None:
    if cover is not None and (cover.desk_prefix != manuscript.desk_prefix or cover.width is None):
        raise _missing("cover", "封面应为本编辑部上传的图片。")
    return cover


def _with(ids: list[UUID], new: UUID | None) -> list[UUID]:
    return ids if new is None or new in ids else [*ids, new]


def _missing(field: str, message: str) -> Invalid:
    return Invalid(message, faults=[Fault(field, message)])


def _is_locked_by_other(manuscript: Manuscript, by: Actor) -> bool:
    return (
        manuscript.locked_until is not None
        and manuscript.locked_until > timezone.now()
        and manuscript.locked_by_id != by.id
    )


def _check_lock(manuscript: Manuscript, by: Actor) -> None:
    if _is_locked_by_other(manuscript, by):
        assert manuscript.locked_until is not None  # noqa: S101 - says _is_locked_by_other
        until = timezone.localtime(manuscript.locked_until)
        message = f"{manuscript.locked_by_name}正在编辑这篇稿件，{until:%H:%M} 后如无新的改动会自动解除占用。"
        raise Conflict(message)


def _changed_by_other(manuscript: Manuscript) -> str:
    when = f" {timezone.localtime(manuscript.edited_at):%H:%M} " if manuscript.edited_at else ""
    return (
        f"{manuscript.edited_by_name}已于{when}保存了较新的内容，您的改动没有保存。"
        "请先复制您的文字，再刷新页面查看最新稿。"
    )


def _hold_lock(manuscript: Manuscript, by: Actor) -> None:
    manuscript.locked_by_id = by.id
    manuscript.locked_by_name = by.name
    manuscript.locked_until = timezone.now() + LOCK_LASTS


def _drop_lock(manuscript: Manuscript) -> None:
    manuscript.locked_by_id = None
    manuscript.locked_by_name = ""
    manuscript.locked_until = None


def _check_follows(latest: ManuscriptVersion, draft: Manuscript) -> None:
    """Whether a version may follow the latest one."""
    if latest.state in OPEN_REVIEWS:
        message = f"第 {latest.number} 版正在审核（{ReviewState(latest.state).label}），退回或通过之后才能再次送审。"
        raise Conflict(message)
    if latest.state == ReviewState.APPROVED and _state_of(latest) == _state_of(draft):
        message = f"内容与已通过的第 {latest.number} 版相同，无需再次送审。"
        raise Conflict(message)


def _check_complete(draft: Manuscript) -> None:
    faults = []
    if not draft.title:
        faults.append(Fault("title", "请填写标题。"))
    files = media_ids(draft.body)
    if not text_of(draft.body) and not files:
        faults.append(Fault("body", "请填写正文。"))
    if count := images_without_alt(draft.body):
        faults.append(Fault("body", f"正文中有 {count} 张图片没有替代文字，请为看不见图片的读者说明图片内容。"))
    if files and Asset.objects.filter(id__in=files, desk_prefix=draft.desk_prefix).count() < len(files):
        faults.append(Fault("body", "正文引用了不属于本编辑部的文件，请重新上传。"))
    if draft.cover is not None and not draft.cover.alt:
        faults.append(Fault("cover", "封面图片没有替代文字，请补充。"))
    if faults:
        message = faults[0].message if len(faults) == 1 else "稿件还不完整，请按提示补充后再送审。"
        raise Invalid(message, faults=faults)
