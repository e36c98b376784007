"""Entries of the audit, and their chains."""

from itertools import cycle
from uuid import UUID, uuid4

from province.audit.operations import link_entries, record_act
from province.halls.models import Hall
from province.rights.queries import system_actor


def leave_entries(count: int, *, hall: Hall | UUID | None = None) -> None:
    """So many entries of one hall, or of none; nothing is linked yet."""
    hall_id = hall.id if isinstance(hall, Hall) else hall
    acts = cycle(("content.push", "content.withdraw", "halls.update"))
    for number, act in zip(range(count), acts, strict=False):
        record_act(
            by=system_actor(f"第{number}人"),
            act=act,
            object_type="push",
            object_id=uuid4(),
            hall_id=hall_id,
            reason="群众反映",
            changes={"state": ["live", "withdrawn"], "attempts": [number, None]},
        )


def link_all() -> None:
    while link_entries():
        pass
