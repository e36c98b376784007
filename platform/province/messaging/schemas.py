"""What the HTTP interface of notices says and takes."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.messaging.queries.notices import ChosenKind, NoticeLine


class NoticeQuery(Schema):
    unread: bool = False


class OwnNoticeOut(Schema):
    """``address``: of the page that says more, "" where its hall is there no more; ``acting_for_name``: in whose place
    one is told, "" for oneself."""

    id: UUID
    created_at: datetime
    kind: str
    kind_label: str
    title: str
    place: str
    address: str
    acting_for_name: MaskedName
    read_at: datetime | None

    @classmethod
    def of(cls, line: NoticeLine) -> "OwnNoticeOut":
        one = line.notice
        return cls(
            id=one.pk,
            created_at=one.created_at,
            kind=one.kind,
            kind_label=line.kind,
            title=one.title,
            place=line.place,
            address=line.address,
            acting_for_name=line.acting_for,
            read_at=one.read_at,
        )


class UnreadOut(Schema):
    """``unread``: at most 100, which stands for more than 99."""

    unread: int


class NoticeKindOut(Schema):
    name: str
    label: str
    is_on: bool
    can_be_switched_off: bool

    @classmethod
    def of(cls, chosen: ChosenKind) -> "NoticeKindOut":
        kind = chosen.kind
        return cls(name=kind.name, label=kind.label, is_on=chosen.is_on, can_be_switched_off=kind.can_be_switched_off)


class NoticeKindsIn(Schema):
    kinds: list[str] = Field(max_length=200, description="names of the kinds that one wants; all others end")
