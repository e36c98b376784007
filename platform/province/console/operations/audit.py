"""Take entries of the audit away: that, too, leaves an entry."""

from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from foundation.errors import Invalid
from province.audit.models import AuditEntry
from province.audit.operations import record_act
from province.audit.queries import EntryFilter
from province.audit.queries.files import write_export
from province.audit.queries.records import one_moment, records
from province.console.queries.audit import READ, entries_in_reach
from province.console.queries.halls import named_hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import has_anywhere, require
from province.rights.roles import Reach, Role

declare(
    READ,
    "查看审计记录",
    reach=Reach.HALL,
    roles={Role.PROVINCE_OPERATOR, Role.HALL_ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR, Role.AUDIT_ADMINISTRATOR},
)

# what Excel and a person can still work with
MOST_EXPORTED = 20_000


@transaction.atomic
def export_entries(*, by: Actor, asked: EntryFilter, hall: str = "") -> list[AuditEntry]:
    """What the filter finds, for a table to be taken away. Raises Invalid where it is too much.

    ``hall`` as in ``entries_in_reach``.
    """
    if not has_anywhere(by, READ):
        require(by, READ)
    found = entries_in_reach(by, asked, hall=hall)
    entries = list(islice(found.iterator(2_000), MOST_EXPORTED + 1))
    if len(entries) > MOST_EXPORTED:
        message = f"符合条件的记录超过 {MOST_EXPORTED:,} 条，请缩小时间范围后分次导出。"
        raise Invalid(message)
    _record(by, None, len(entries))
    return entries


def export_chain(*, by: Actor, path: Path, hall_id: UUID | None = None) -> int:
    """Write the signed file of everything, or of one hall's chain; returns its number of records."""
    hall = named_hall(hall_id) if hall_id else None
    require(by, READ, hall_id=hall_id, prefix=hall.prefix if hall else None)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file, one_moment():
        count = write_export(
            file, records(hall_id), chain_id=str(hall_id) if hall_id else "", name=hall.name if hall else ""
        )
    draft.replace(path)
    _record(by, hall_id, count)
    return count


def _record(by: Actor, hall_id: UUID | None, count: int) -> None:
    record_act(
        by=by,
        act="audit.export",
        object_type="audit",
        object_id=uuid4(),
        hall_id=hall_id,
        changes={"entries": [None, count]},
    )
