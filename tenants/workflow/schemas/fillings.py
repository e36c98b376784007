"""What the hall's interface takes and gives about forms that are filled in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import ProblemFault
from tenants.workflow.states import FilledState


class FillableFormOut(Schema):
    id: UUID
    code: str
    title: str


class FormSchemaOut(Schema):
    """A form's newest version, for who begins it now. ``schema``: JSON schema (2020-12) of its values."""

    id: UUID
    version: int
    title: str
    values_schema: dict[str, Any] = Field(serialization_alias="schema")


class BeginIn(Schema):
    form_id: UUID
    is_another: bool = Field(default=False, description="begin a further one although there is a draft")


class SaveFillingIn(Schema):
    """``values``: by the names of fields; those that are left out stay. ``page``: the page that is judged, by
    the name of its first field; "" for the whole form."""

    values: dict[str, Any]
    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])
    page: str = ""


class SendFillingIn(Schema):
    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])


class FillingLineOut(Schema):
    id: UUID
    form_id: UUID
    title: str = Field(examples=["请假申请"])
    version: int
    state: FilledState
    revision: int
    page: str
    saved_at: datetime
    sent_at: datetime | None


class FillingOut(FillingLineOut):
    """``values``: what this person sees, computed values and what follows from others with them (``name.remark``: what
    has to be known of a value that may not stay right); ``faults``: what is
    still wrong; ``origins``: where a value came from that nobody has overwritten."""

    values: dict[str, Any]
    faults: list[ProblemFault]
    origins: dict[str, str]


class ChoiceOut(Schema):
    """``id``: stands as ``code`` in the value of the field; ``hint``: what the page says beneath the name."""

    id: UUID
    name: str = Field(examples=["当阳市民政局"])
    hint: str


class UploadOut(Schema):
    """``id``: stands in the value of the field for which it was uploaded."""

    id: UUID
    name: str
    media_type: str
    size: int


class UploadLinkOut(Schema):
    """``url``: opens the file for five minutes."""

    url: str


class SentLineOut(Schema):
    id: UUID
    number: str
    version: int
    state: FilledState
    sent_at: datetime | None


class SentSheetOut(Schema):
    """As a sheet of the workbook: personal values masked."""

    title: str
    heading: list[str]
    rows: list[list[Any]]


class PartialIn(Schema):
    """``size``: of the whole file, in bytes; ``mark``: by which the sender knows the same file again."""

    name: str = Field(examples=["合同.pdf"])
    size: int
    mark: str = ""


class PartialOut(Schema):
    """``received``: how many bytes are here."""

    id: UUID
    name: str
    size: int
    received: int


class ChunkOut(Schema):
    """``offset``: where to go on; ``upload``: the file, once it is whole."""

    offset: int
    upload: UploadOut | None


# how a piece is sent: its bytes are the whole body
PIECE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
