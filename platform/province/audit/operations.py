from typing import Any, Protocol
from uuid import UUID

from structlog.contextvars import get_contextvars

from province.audit.models import AuditEntry


class Doer(Protocol):
    """Whoever acts: a person at a post, or the system itself."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...


def record_act(
    *,
    by: Doer,
    act: str,
    object_type: str,
    object_id: UUID,
    hall_id: UUID | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    """Leave the entry in the caller's transaction. ``act`` is the permission's name (``content.push``)."""
    AuditEntry.objects.create(
        hall_id=hall_id,
        actor_id=by.id,
        actor_name=by.name,
        act=act,
        object_type=object_type,
        object_id=object_id,
        reason=reason,
        changes=changes or {},
        request_id=str(get_contextvars().get("request_id", "")),
    )
