"""What the hall's interface takes and gives about citizens at the desk. Phones, names and numbers are masked."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.masking import MaskedText
from province.citizens.models import Citizen, Mandate

type _ActName = Annotated[str, Field(max_length=64)]


class CitizenSearchIn(Schema):
    who: str = Field(max_length=24, description="the whole phone or identity number", examples=["13800000000"])


class CitizenOut(Schema):
    id: UUID
    name: MaskedText
    phone: MaskedText
    number: MaskedText
    level: Citizen.Level
    checked_at: datetime | None


class CitizenRevealIn(Schema):
    """``reason``: at least 4 characters; the citizen sees it."""

    field: Literal["phone", "name", "number"]
    reason: str = Field(max_length=LONGEST_SHORT_REASON, examples=["核对低保申请"])


class CitizenRevealedOut(Schema):
    value: str


class MandateIn(Schema):
    """Confirmed by the code that the citizen's phone gets. ``acts``: names of acts or items; none is everything."""

    kind: Literal["code", "standing"]
    acts: list[_ActName] = Field([], max_length=50)


class MandateCodeIn(Schema):
    code: str = Field(max_length=6, examples=["123456"])


class MandateOut(Schema):
    """``has_paper``: a signed paper was scanned."""

    id: UUID
    citizen_id: UUID
    clerk: str
    kind: Mandate.Kind
    state: Mandate.State
    acts: list[str]
    ends_at: datetime
    has_paper: bool

    @staticmethod
    def resolve_clerk(found: Mandate) -> str:
        return found.clerk.name

    @staticmethod
    def resolve_has_paper(found: Mandate) -> bool:
        return bool(found.file_key)
