"""Leave an entry."""

import json
from typing import Any, Protocol
from uuid import UUID

from structlog.contextvars import get_contextvars

from foundation.crypto.sm3 import hmac_sm3
from foundation.gathering import send
from foundation.plain_json import written
from foundation.rows import draw_id, moment_of
from province.audit.models import AuditEntry, canonical, facts_of
from province.audit.models.entries import ENTRY_FIELDS
from province.audit.models.facts import shortened
from province.audit.queries.keys import audit_keys

_COLUMNS = (*(name for name in ENTRY_FIELDS if name != "created_at"), "digest")
# both rows in one round trip, which costs a third less than one statement with a CTE
_INSERT = (
    f"INSERT INTO audit_auditentry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))});"  # noqa: S608
    "INSERT INTO audit_auditpending (id) VALUES (%s)"
)


class Doer(Protocol):
    """The one who acts: a person at a position, perhaps in somebody's place, or the system itself."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def position_id(self) -> UUID | None: ...
    @property
    def acting_for_id(self) -> UUID | None: ...
    @property
    def acting_for(self) -> str: ...


def record_act(
    *,
    by: Doer,
    act: str,
    object_type: str,
    object_id: UUID,
    hall_id: UUID | None = None,
    person_id: UUID | None = None,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    """Leave the entry in the caller's transaction; once that has committed, ``link_entries`` puts it into its chain.

    ``act`` is named beside the others of its app (queries/acts.py). ``changes``: field -> [before, after], personal
    data masked. ``person_id``: whose personal data was seen or changed.
    """
    # by the system's own clock, whatever the demo takes for now (config.demo.clock)
    id_ = draw_id()
    entry = AuditEntry(
        id=id_,
        created_at=moment_of(id_),
        hall_id=hall_id,
        actor_id=by.id,
        actor_name=by.name,
        position_id=by.position_id,
        acting_for_id=by.acting_for_id,
        acting_for_name=by.acting_for,
        person_id=person_id,
        act=act,
        object_type=object_type,
        object_id=object_id,
        reason=reason,
        changes=_as_kept(changes) if changes else {},
        request_id=str(get_contextvars().get("request_id", "")),
    )
    entry.digest = entry_digest(entry)
    kept = {"changes": written(entry.changes), "digest": bytes.fromhex(entry.digest)}
    send(_INSERT, [*(kept.get(name, getattr(entry, name)) for name in _COLUMNS), entry.id])


def entry_digest(entry: AuditEntry) -> str:
    return shortened(hmac_sm3(audit_keys().entries, canonical("entry/1", facts_of(entry, ENTRY_FIELDS))).hex())


def _as_kept(changes: dict[str, Any]) -> dict[str, Any]:
    """As PostgreSQL gives it back: it writes fractions in its own way, so they are kept as text."""
    kept: dict[str, Any] = json.loads(json.dumps(changes, allow_nan=False), parse_float=str)
    return kept
