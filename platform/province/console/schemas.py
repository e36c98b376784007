"""What the HTTP interface of the console says and takes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from foundation.masking import MaskedName
from province.audit.queries import EntryFilter
from province.audit.queries.acts import all_acts
from province.console.operations.wall_links import LONGEST_DAYS
from province.console.queries.audit import EntryLine


def _known_act(name: str) -> str:
    if name and name not in all_acts():
        message = "没有这种操作。"
        raise ValueError(message)
    return name


class AuditQuery(Schema):
    """Which entries; what is left out asks for nothing. ``hall``: a part of the name, the beginning of the code, or
    省级 for what belongs to no hall. ``since`` and ``until`` are both included."""

    person: str = Field("", max_length=40, description="a part of the name of who acted, or in whose place")
    act: Annotated[str, AfterValidator(_known_act)] = ""
    hall: str = Field("", max_length=40)
    object_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def asked(self) -> EntryFilter:
        return EntryFilter(
            person=self.person,
            acts=[self.act] if self.act else (),
            object_id=self.object_id,
            since_on=self.since,
            until_on=self.until,
        )


class AuditExportIn(AuditQuery):
    """At most 20,000 entries at a time."""

    format: Literal["csv", "xlsx"] = "csv"


class AuditChangeOut(Schema):
    label: str
    before: str
    after: str


class AuditEntryOut(Schema):
    """An entry, with its words as pages show them. ``actor``: who acted, and in whose place; ``hall``: its name, or
    省级."""

    id: UUID
    created_at: datetime
    actor: str
    actor_id: UUID | None
    hall_id: UUID | None
    hall: str
    act: str
    act_label: str
    object_type: str
    object_label: str
    object_id: UUID
    object_name: str
    reason: str
    changes: list[AuditChangeOut]
    request_id: str

    @classmethod
    def of(cls, line: EntryLine, **more: Any) -> "AuditEntryOut":
        same = ("id", "created_at", "actor_id", "hall_id", "act", "object_type", "object_id", "reason", "request_id")
        return cls(
            **{name: getattr(line.entry, name) for name in same},
            actor=line.entry.shown_actor,
            hall=line.hall,
            act_label=line.act,
            object_label=line.kind,
            object_name=line.name,
            changes=[AuditChangeOut.from_orm(one) for one in line.changes],
            **more,
        )


class AuditProofOut(AuditEntryOut):
    """``position``: in the chain of its hall or of the province, from 1; null until it is linked, within seconds."""

    position: int | None


class WallLinkIn(Schema):
    name: str = Field(max_length=40, examples=["省政务服务大厅东侧屏幕"])
    days: int = Field(90, ge=1, le=LONGEST_DAYS)


class WallLinkOut(Schema):
    id: UUID
    name: str
    made_by_name: MaskedName
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class MadeWallLinkOut(WallLinkOut):
    """The address is in this answer and nowhere else."""

    address: str
