"""Submission of a draft, and who may decide on what was submitted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.editing.drafts import Editor
from foundation.editing.models import GivenDecision, SubmittedVersion
from foundation.errors import Conflict


def submission(*, by: Editor, after: SubmittedVersion | None, author_ids: list[UUID]) -> dict[str, Any]:
    """The fields of SubmittedVersion for the version that follows ``after`` (None: the first), and ``created_at``."""
    return {
        "number": after.number + 1 if after else 1,
        "author_ids": author_ids,
        "submitted_by_id": by.id,
        "submitted_by_name": by.name,
        # and not the transaction's beginning: it must not lie before the draft's last change
        "created_at": timezone.now(),
    }


def check_may_follow(
    latest: SubmittedVersion, *, state: str, is_open: bool, is_same: bool, verb: str, called: str = ""
) -> None:
    """Raises Conflict where no version may follow ``latest``: it is under review (``is_open``), or says already what
    the draft says (``is_same``). ``state``, ``verb`` (送审, 报送) and ``called`` (第 2 版) are words of the message."""
    called = called or f"第 {latest.number} 版"
    if is_open:
        message = f"{called}正在审核（{state}），退回或通过之后才能再次{verb}。"
        raise Conflict(message)
    if is_same:
        message = f"内容与{called}（{state}）相同，无需再次{verb}。"
        raise Conflict(message)


def decision(*, by: Editor, is_passed: bool, reason: str) -> dict[str, Any]:
    """The fields of GivenDecision."""
    return {"is_passed": is_passed, "reason": reason, "reviewer_id": by.id, "reviewer_name": by.name}


def has_hand_in(version: SubmittedVersion, by: Editor) -> bool:
    """Whether this person is one of the authors, who do not give the last decision on their own text."""
    return by.id is not None and by.id in version.author_ids


def has_decided(decisions: Iterable[GivenDecision], by: Editor) -> bool:
    """Whether this person gave one of these decisions, and may give no other where several people have to."""
    return by.id is not None and any(one.reviewer_id == by.id for one in decisions)
