"""Locks and autosave. Each function works on a row that the caller has locked (``select_for_update``); only those that
say so save it."""

from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, UUIDField, Value, When
from django.utils import timezone

from foundation.editing.models import Draft, LockedDraft
from foundation.errors import Conflict
from foundation.masking import masked

# a lock ends so long after the last autosave: long enough to think, short enough for those who wait
LOCK_LASTS: Final = timedelta(minutes=5)
_LOCK_FIELDS: Final = ("locked_by_id", "locked_by_name", "locked_until")


class Editor(Protocol):
    """Who acts. ``id`` is None for the machine itself, which has no hand in any text."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def name(self) -> str: ...


def lock_holder(draft: LockedDraft, by: Editor) -> str:
    """The name of somebody else who has the draft open now; "" where nobody has."""
    is_held = draft.locked_until is not None and draft.locked_until > timezone.now()
    return draft.locked_by_name if is_held and draft.locked_by_id != by.id else ""


def check_lock(draft: LockedDraft, by: Editor) -> None:
    """Raises Conflict, naming the holder and the end of the lock, where somebody else has the draft open."""
    if (holder := lock_holder(draft, by)) and draft.locked_until:
        until = timezone.localtime(draft.locked_until)
        message = f"{holder}正在编辑{draft.called}，{until:%H:%M} 后如无新的改动会自动解除占用。"
        raise Conflict(message)


def take_lock(draft: LockedDraft, by: Editor) -> None:
    """Take the lock, or hold it on for LOCK_LASTS from now, and save it. Raises Conflict as ``check_lock``."""
    check_lock(draft, by)
    hold_lock(draft, by)
    draft.save(update_fields=_LOCK_FIELDS)


def hold_lock(draft: LockedDraft, by: Editor) -> None:
    """Set the lock without saving it."""
    draft.locked_by_id, draft.locked_by_name = by.id, by.name
    draft.locked_until = timezone.now() + LOCK_LASTS


def end_lock(draft: LockedDraft, by: Editor, *, is_forced: bool) -> str:
    """Let others write, and save that. Returns the name of somebody else whose lock this broke, "" where nobody else
    held one. Raises Conflict as ``check_lock`` unless it is forced."""
    if not is_forced:
        check_lock(draft, by)
    broken = lock_holder(draft, by)
    release_lock(draft)
    return broken


def release_lock(draft: LockedDraft) -> None:
    """Let others write, and save that. Whose lock it is, the caller has looked at."""
    draft.locked_by_id, draft.locked_by_name, draft.locked_until = None, "", None
    draft.save(update_fields=_LOCK_FIELDS)


def check_revision(draft: Draft, revision: int) -> None:
    """Raises Conflict, naming who saved last, where the draft is no longer the one that the editor has read."""
    if draft.revision != revision:
        when = f" {timezone.localtime(draft.edited_at):%H:%M} " if draft.edited_at else ""
        message = (
            f"{masked(draft.edited_by_name) or '其他人'}已于{when}保存了较新的内容，您的改动没有保存。"
            "请先复制您的文字，再刷新页面查看最新稿。"
        )
        raise Conflict(message)


def count_edit(draft: Draft, by: Editor) -> bool:
    """Count a change that was just written into the draft, and sign it; the caller saves.

    Returns whether it begins a sitting: the audit tells who began to edit, not every autosave.
    """
    goes_on = (
        draft.edited_by_id == by.id and draft.edited_at is not None and timezone.now() - draft.edited_at <= LOCK_LASTS
    )
    draft.revision += 1
    sign_draft(draft, by)
    return not goes_on


def sign_draft(draft: Draft, by: Editor) -> None:
    """Note whose hand is in the draft, without counting a revision; the caller saves."""
    draft.editor_ids = with_hand(draft.editor_ids, by)
    draft.edited_by_id, draft.edited_by_name, draft.edited_at = by.id, by.name, timezone.now()


def with_hand(ids: list[UUID], by: Editor) -> list[UUID]:
    """These people and this one, each once."""
    return ids if by.id is None or by.id in ids else [*ids, by.id]


def pass_on_drafts(drafts: QuerySet[Any], *, from_id: UUID, to_id: UUID) -> list[UUID]:
    """Pass on all owned drafts, in every state, from the person responsible to another one; who wrote in them stays
    known. Returns their ids; none where it was done already."""
    ids = list(drafts.select_for_update().filter(owner_id=from_id).order_by("pk").values_list("pk", flat=True))
    holds_lock = Q(locked_by_id=from_id)
    drafts.filter(pk__in=ids).update(
        owner_id=to_id,
        # the person who left types no more
        locked_until=Case(When(holds_lock, then=Value(None)), default=F("locked_until")),
        locked_by_name=Case(When(holds_lock, then=Value("")), default=F("locked_by_name")),
        locked_by_id=Case(When(holds_lock, then=Value(None)), default=F("locked_by_id"), output_field=UUIDField()),
    )
    return ids
