"""Pushes as the desk that sent them sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.audit.queries import entries_about
from province.content.models import Push
from province.content.queries.desks import at_desks_of
from province.identity.models import Actor

ACTS = {
    "content.push": "发布",
    "content.schedule": "定时发布",
    "content.begin": "到时发布",
    "content.replace": "换版",
    "content.withdraw": "撤稿",
    "content.restore": "撤销撤稿",
    "content.stop": "取消定时",
    "content.resume": "恢复定时",
    "content.expire": "到期下线",
    "content.prove": "核验",
}


def pushes_at_desk(by: Actor, *, state: str = "", search: str = "") -> QuerySet[Push]:
    """What the actor's desks have pushed, the newest first; ``search``: part of the title."""
    pushes = Push.objects.filter(at_desks_of(by, "content.read"))
    pushes = pushes.select_related("version__manuscript", "shown", "substitute")
    if state:
        pushes = pushes.filter(state=state)
    if search.strip():
        pushes = pushes.filter(Q(version__title__icontains=search.strip()) | Q(shown__title__icontains=search.strip()))
    return pushes.order_by("-created_at", "-pk")


def push_at_desk(by: Actor, push_id: UUID) -> Push:
    """One of them. Raises NotFound for another desk's, too."""
    push = pushes_at_desk(by).filter(pk=push_id).first()
    if push is None:
        raise NotFound("没有这次推稿。")
    return push


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on a push. ``changes``: field -> [before, after]."""

    at: datetime
    actor_name: str
    act: str
    label: str
    reason: str
    changes: dict[str, Any]


def push_history(push: Push) -> list[HistoryLine]:
    """Everything that desks and the clock did to it, oldest first. What halls decided is in their own records."""
    return [
        HistoryLine(
            entry.created_at, entry.actor_name, entry.act, ACTS.get(entry.act, "其他"), entry.reason, entry.changes
        )
        for entry in entries_about(push.pk).filter(hall_id=None)
    ]
