"""What the hall's interface takes and gives about its items."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.api import OutcomeOut
from foundation.editing.reasons import LONGEST_REASON
from foundation.many import MOST_AT_ONCE
from foundation.masking import MaskedName
from province.catalogue.models.searches import LONGEST_ASKED
from province.catalogue.states import AdoptionState, HallGuideState, ImportState, ItemLife, LineKind, LineState
from standards.items.codelists import Family, ItemType

_NUMBERS = 2**31 - 1

# names and kinds of elements stand in docs/standards.md; the operation checks them and says so in Chinese
type Values = Annotated[
    dict[str, Any], Field(description="elements by name", examples=[{"consult": "0717-3251234", "channels": ["1"]}])
]
type Reason = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_REASON}, examples=["窗口号与现场不符"])]


class AdoptIn(Schema):
    """``reason``: asked for where the hall's level does not exercise one of the items."""

    item_ids: list[UUID] = Field(min_length=1, max_length=2_000)
    reason: str = Field("", max_length=500)


class AdoptedOut(Schema):
    """``complete`` of the ``added`` lack nothing; ``known`` were the hall's already."""

    added: int
    complete: int
    known: int
    outcomes: list[OutcomeOut]


class GiveToUnitIn(Schema):
    """``unit_id``: of a department of the hall; null: they belong to none."""

    adoption_ids: list[UUID] = Field(min_length=1, max_length=2_000)
    unit_id: UUID | None = None


class HallGuideIn(Schema):
    """The whole guide. ``revision`` is the one that was read; ``number``: the item's version for which it is
    written, where that is a newer one than before."""

    revision: int = Field(ge=0, le=_NUMBERS, examples=[3])
    values: Values
    number: int | None = Field(None, ge=1, le=_NUMBERS)


class PickedIn(Schema):
    """``ids``: of the hall's items, as they are listed."""

    ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ReadRow(Schema):
    """``number``: of the guide, or of the item's version, that was read."""

    id: UUID
    number: int = Field(ge=1, le=_NUMBERS, examples=[3])


class ReadIn(Schema):
    rows: list[ReadRow] = Field(min_length=1, max_length=MOST_AT_ONCE)

    @property
    def numbers(self) -> dict[UUID, int]:
        return {one.id: one.number for one in self.rows}


class AdoptionReasonIn(Schema):
    reason: Reason


class ItemOfferOut(Schema):
    """An item that the hall could adopt; ``number`` and ``version_id`` are of the version that holds now."""

    item_id: UUID
    version_id: UUID = Field(alias="id")
    number: int
    name: str
    basic_code: str = Field(alias="item.basic_code")
    family: Family = Field(alias="item.family")
    item_type: ItemType = Field(alias="item.item_type")
    department: str = Field(alias="department.name")


class AdoptionLineOut(Schema):
    """An item of this hall as lists show it."""

    id: UUID
    item_id: UUID
    basic_code: str
    name: str
    family: Family
    item_type: ItemType
    department: str = Field(alias="department_name")
    unit_id: UUID | None = Field(description="the department of the hall whose people fill it in")
    ends_on: date | None = Field(description="the day from which on nobody handles it, as the province plans")
    item_state: ItemLife
    state: AdoptionState
    guide_state: HallGuideState
    score: int = Field(description="how many percent of what the province and the hall must say are there")
    version_number: int = Field(description="the newest version that the hall has accepted")
    newest_number: int | None = Field(description="of the newest published version")
    newest_from: datetime | None
    required_from: datetime | None = Field(description="from then on it is shown, accepted or not")
    guide_number: int | None = Field(description="of the guide that was submitted last")
    stop_reason: str
    published_at: datetime | None
    edited_by_name: MaskedName
    edited_at: datetime | None


class ContradictionOut(Schema):
    """What the draft says against itself, and how to mend it; it keeps the draft from being submitted."""

    code: str
    message: str
    elements: list[str]
    remedy: str


class AdoptionOut(AdoptionLineOut):
    """With the draft of the hall's guide, what it lacks, and what the province's part lacks."""

    draft_number: int = Field(description="the version of the item for which the draft is written")
    revision: int
    values: dict[str, Any]
    missing: list[str]
    contradictions: list[ContradictionOut]
    province_missing: list[str] = Field(description="as long as there is any, citizens read no guide")


class HallGuideOut(Schema):
    """A guide as it was submitted; ``is_passed`` null: nobody has decided."""

    number: int
    item_version_number: int
    values: dict[str, Any]
    is_passed: bool | None
    reason: str
    reviewer_name: MaskedName
    reviewed_at: datetime | None
    submitted_by_name: MaskedName
    created_at: datetime


class ElementChangeOut(Schema):
    label: str
    sentence: str


class ComingOut(Schema):
    """The newest version, where the hall has not accepted it: what changes, and what of the published guide does not
    go with it."""

    number: int
    valid_from: datetime
    required_from: datetime
    changes: list[ElementChangeOut]
    refused: list[str]


class HallDefaultsIn(Schema):
    """Answers for the items of a department; without one, for all items."""

    department_id: UUID | None = None
    values: Values


class HallDefaultsOut(Schema):
    department_id: UUID | None
    values: dict[str, Any]
    edited_by_name: MaskedName
    edited_at: datetime | None


class FilledOut(Schema):
    changed: int = Field(description="how many drafts")


class WorkbookQuery(Schema):
    """The filters are those of the list of items."""

    words: str = ""
    state: str = ""
    family: str = ""
    department: str = ""


class GuideFileQuery(Schema):
    format: Literal["xml", "json"] = "xml"
    leaves_out: bool = Field(default=False, description="export the others where the schema refuses some")


class GuideImportLineOut(Schema):
    """One guide of the file: what an import would do with the draft, and what has become of it. ``changes``: sentences,
    of which ``removals`` take something out of the draft."""

    id: UUID
    place: str
    basic_code: str
    name: str
    adoption_id: UUID | None
    kind: LineKind
    state: LineState
    changes: list[str]
    removals: int
    faults: list[list[str]]
    refusal: str


class GuideImportOut(Schema):
    """``total``: how many drafts an import writes; ``settled``: how many of them it is done with. ``faults`` and
    ``notices`` belong to no item: place and message."""

    id: UUID
    file_name: str
    state: ImportState
    created_at: datetime
    confirmed_at: datetime | None
    finished_at: datetime | None
    faults: list[list[str]]
    notices: list[list[str]]
    kinds: dict[str, int]
    total: int
    settled: int


class HeldBackGuideOut(Schema):
    basic_code: str
    name: str
    message: str


class GuideReportOut(Schema):
    """``untold``: what the exchange has no place for, with how many guides say it; ``unreported``: adopted items of
    which no guide is published."""

    items: int
    held_back: list[HeldBackGuideOut]
    untold: dict[str, int]
    unreported: int


class GuideSchemaQuery(Schema):
    name: Literal["up-task.xsd", "up-task.schema.json", "items.schema.json"]


class MissedSearchOut(Schema):
    words: str = Field(description="masked; nothing says who asked")
    missed: int = Field(description="searches of the last 30 days that found nothing")
    found: int = Field(description="searches that found something")
    opened: int = Field(description="what was opened from their results")
    days: int
    last_on: date
    is_reported: bool = Field(description="the province is asked to see to it")


class SettleHallSearchIn(Schema):
    words: str = Field(max_length=LONGEST_ASKED, examples=["低保年审"])
    verdict: Literal["not_ours", "done", "reported"]


class HallFeatureOut(Schema):
    """What one of the hall's lists (办理特点) says of an item, and on which basis. ``feature``: promise, later,
    cross-province or intermediary."""

    item_id: UUID
    basic_code: str
    name: str
    department: str
    feature: str
    label: str
    words: list[str]
    basis: list[str]
