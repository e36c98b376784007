"""What the hall's interface takes and gives of cases in the national exchange."""

from typing import Any
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.reasons import LONGEST_SHORT_REASON
from province.cases.queries.feed import LARGEST_STEP
from tenants.casework.operations.exchange import MOST_EXPORTED

# by table its rows, by column its text (docs/standards.md)
_RECORD = "by table its rows, by column its text: `up-pro.schema.json`, a case"


class CaseExportIn(Schema):
    ids: list[UUID] = Field(max_length=MOST_EXPORTED)
    is_masked: bool = Field(
        default=True, description="names and numbers of people with stars; false needs a right and a reason"
    )
    reason: str = Field("", json_schema_extra={"maxLength": LONGEST_SHORT_REASON}, examples=["向省平台补报 9 月的办件"])


class CaseExportOut(Schema):
    """A document of the exchange."""

    format: str
    version: int
    is_masked: bool
    cases: list[dict[str, Any]] = Field(description=_RECORD)


class CaseFeedQuery(Schema):
    """``after``: the cursor of the answer before, 0 from the beginning."""

    after: int = Field(0, ge=0, le=2**63 - 1)
    limit: int = Field(50, ge=1, le=LARGEST_STEP)


class CaseChangeOut(Schema):
    """A case that has changed, as it is now. ``record``: null where the schema refuses it (``refusal``)."""

    position: int
    case_id: UUID
    number: str
    revision: int
    record: dict[str, Any] | None = Field(description=_RECORD)
    refusal: str


class CaseChangesOut(Schema):
    """``cursor``: where to go on, also where nothing has changed since."""

    changes: list[CaseChangeOut]
    cursor: int
    has_more: bool
    is_masked: bool
