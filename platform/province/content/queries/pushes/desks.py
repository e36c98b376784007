"""Pushes as the desk that sent them sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.audit.queries import act_label, entries_about
from province.content.models import ManuscriptVersion, Push, PushScope
from province.content.queries.desks import at_desks_of
from province.content.states import PushState
from province.rights.actors import Actor


def pushes_at_desk(by: Actor, *, state: str = "", search: str = "") -> QuerySet[Push]:
    """What the actor's desks have pushed, the newest first; ``search``: part of the title."""
    pushes = Push.objects.filter(at_desks_of(by, "content.read", text="version__manuscript__"))
    pushes = pushes.select_related("version__manuscript", "shown", "substitute")
    if state:
        pushes = pushes.filter(state=state)
    if search.strip():
        pushes = pushes.filter(Q(version__title__icontains=search.strip()) | Q(shown__title__icontains=search.strip()))
    return pushes.order_by("-created_at", "-pk")


def push_at_desk(by: Actor, push_id: UUID) -> Push:
    """A push of the actor's desks. Raises NotFound, also for another desk's."""
    push = pushes_at_desk(by).filter(pk=push_id).first()
    if push is None:
        raise NotFound("没有这次推稿。")
    return push


def pushes_at(prefixes: Collection[str]) -> int:
    """Live and scheduled pushes whose audience, or whose exclusions, name exactly one of these prefixes."""
    named = PushScope.objects.filter(prefix__in=prefixes, push__state__in=(PushState.LIVE, PushState.SCHEDULED))
    return named.values("push").distinct().count()


def is_shown_everywhere(push: Push) -> bool:
    """Whether the whole province is its audience: to take such a one back is asked about once more."""
    return push.scopes.filter(prefix=settings.PROVINCE_CODE, is_excluded=False).exists()


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
        HistoryLine(entry.created_at, entry.shown_actor, entry.act, act_label(entry.act), entry.reason, entry.changes)
        for entry in entries_about(push.pk).filter(hall_id=None)
    ]


def pushes_of_version(version: ManuscriptVersion) -> QuerySet[Push]:
    """The latest first."""
    return Push.objects.filter(version=version).order_by("-created_at")
