from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from foundation.editing.reasons import LONGEST_REASON
from foundation.masking import MaskedName
from province.catalogue.models import ItemChange
from province.catalogue.queries.changes import LARGEST_STEP
from province.catalogue.queries.differences import Differs
from province.catalogue.states import CodeState, HandlingState, ItemDeskState, ItemLife, PauseRequestState, VersionState
from standards.items.codelists import Family, HandlingKind, ItemType
from standards.items.codes import CodeOrigin

_VALUES = {"basic_code": "420131001000", "name": "食品经营许可", "levels": ["4"]}

# names and kinds of elements stand in docs/standards.md; the operation checks them and says so in Chinese
type Values = Annotated[dict[str, Any], Field(description="elements by name", examples=[_VALUES])]
type Reason = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_REASON}, examples=["依据有误，请核对。"])]


class ItemIn(Schema):
    """A new draft; ``department`` is the name of one that there is, ``values`` hold at least code and name."""

    family: str = Field(examples=[Family.POWER.value])
    item_type: str = Field(examples=[ItemType.LICENCE.value])
    department: str = Field(examples=["市场监督管理局"])
    values: Values


class ItemDraftIn(Schema):
    """Elements that are sent change, those that are null go out of the draft. ``revision`` is the one that was read."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[3])
    values: Values


class ItemReasonIn(Schema):
    reason: Reason


class AnswersIn(Schema):
    """``answers``: by the review's id, what the department answers to each reason of the last return."""

    answers: dict[UUID, str] = {}


class ItemSuspensionIn(ItemReasonIn):
    is_urgent: bool = Field(default=False, description="begins at once, and ends unless it is confirmed within a day")


class PauseRequestOut(Schema):
    id: UUID
    item_id: UUID
    kind: ItemLife
    reason: str
    state: PauseRequestState
    is_urgent: bool
    due_at: datetime | None = Field(description="until then an urgent suspension has to be confirmed")
    proposed_by_name: MaskedName
    decided_by_name: MaskedName
    decided_at: datetime | None
    decision_reason: str
    created_at: datetime


class AbolishIn(ItemReasonIn):
    knows_uses: bool = Field(default=False, description="halls that use it were shown; without, the answer is 409")


class ItemReviewIn(Schema):
    """``office``: the code of the office for which somebody decides."""

    office: str = Field(examples=["legal"])
    reason: Reason = ""


class PublishIn(Schema):
    """Without ``valid_from`` it holds at once; without ``required_from`` every hall shows it as soon as it holds."""

    valid_from: Moment | None = None
    required_from: Moment | None = Field(default=None, description="until then a hall may show the version before it")


class ItemLineOut(Schema):
    """An item as lists show it."""

    id: UUID
    family: Family
    item_type: ItemType
    basic_code: str
    origin: CodeOrigin = Field(description="in whose directory it stands")
    name: str
    department: str = Field(alias="department.name")
    state: ItemLife
    step: ItemDeskState = Field(description="of the latest version")
    step_label: str
    latest_id: UUID | None
    latest_number: int | None
    valid_id: UUID | None = Field(description="of the version that holds now")
    valid_number: int | None
    valid_public_number: int | None
    is_sample: bool = Field(description="nobody has checked the version that holds now")
    is_incomplete: bool = Field(description="the version that holds now lacks something: citizens read no guide of it")
    edited_by_name: MaskedName
    edited_at: datetime | None
    created_at: datetime


class HandlingItemOut(Schema):
    """A 业务办理项; its content stands in the values, under its code. ``removed``: the draft has it no more."""

    code: str = Field(description="two digits behind the 实施编码; never given to another one")
    name: str
    kind: HandlingKind
    state: HandlingState


class WayOut(Schema):
    """One way through the item: a handling item and answers (情形), and what it comes to."""

    words: str
    materials: int
    limit: str
    fee: str
    refusals: list[str] = Field(description="why it cannot be done so")
    contradictions: list[str]
    query: str = Field(description="of the page of the item on a hall's site, behind the question mark")


class ItemOut(ItemLineOut):
    """With the draft, and what it says against itself, for those who may see it."""

    revision: int
    values: dict[str, Any]
    parent_code: str | None = Field(None, alias="parent.basic_code", description="of the 主项 whose 子项 it is")
    handling_items: list[HandlingItemOut] = []
    contradictions: list[str] = Field([], description="in sentences; they keep the draft from being submitted")
    proposed_by_hall_id: UUID | None
    proposed_by_name: MaskedName


class ItemReviewOut(Schema):
    id: UUID
    office: str = Field(alias="office.code")
    office_name: str = Field(alias="office.name")
    is_passed: bool
    reason: str
    reviewer_name: MaskedName
    created_at: datetime


class ItemVersionLineOut(Schema):
    id: UUID
    item_id: UUID
    number: int = Field(description="of the submission")
    public_number: int | None = Field(description="as citizens count the published ones, from 1 on")
    name: str
    department: str = Field(alias="department.name")
    basic_code: str = Field(alias="item.basic_code")
    family: Family = Field(alias="item.family")
    item_type: ItemType = Field(alias="item.item_type")
    state: VersionState
    valid_from: datetime | None
    valid_to: datetime | None
    required_from: datetime | None
    sample_note: str
    submitted_by_name: MaskedName
    created_at: datetime


class ValidOut(ItemVersionLineOut):
    """What halls show at a moment, with the province's part of the elements."""

    values: dict[str, Any]


class ReviewedOut(ItemVersionLineOut):
    reviews: list[ItemReviewOut]


class AnsweredReasonOut(Schema):
    """For what the version before came back, and what the department answers."""

    review_id: UUID
    office: str
    reason: str
    answer: str


class ItemVersionOut(ReviewedOut):
    values: dict[str, Any]
    answered: list[AnsweredReasonOut] = []


class ItemUseOut(Schema):
    label: str
    number: int
    halls: int
    hall_names: list[str]
    sentence: str


class CellDifferenceOut(Schema):
    name: str
    label: str
    before: str
    after: str


class RowDifferenceOut(Schema):
    name: str
    change: Differs
    cells: list[CellDifferenceOut]


class ElementDifferenceOut(Schema):
    name: str
    label: str
    change: Differs
    before: str
    after: str
    rows: list[RowDifferenceOut]
    sentence: str


class CodeLineOut(Schema):
    """A code that leads to the item. ``current``: its own; ``former``: 曾用编码; ``coming``: of a version that is to
    come, or of the draft. ``borne_by``: the name of the item that bore it, where that was another one."""

    code: str
    state: CodeState
    origin: CodeOrigin = Field(description="in whose directory: the nation's (00…) or the place's own")
    since: datetime | None
    borne_by: str


class SuccessorOut(Schema):
    """An item that takes, or took, over from another one, or from which others do."""

    item_id: UUID = Field(alias="pk")
    basic_code: str
    name: str


class CodeAnswerOut(Schema):
    """The item that answers to the code that was ``asked``; ``state``: how the code stands to it."""

    asked: str
    state: CodeState
    item_id: UUID = Field(alias="item.pk")
    basic_code: str = Field(alias="item.basic_code")
    name: str = Field(alias="item.name")
    item_state: ItemLife = Field(alias="item.state")
    successors: list[SuccessorOut] = Field([], description="of an item that was split and ended: all that took over")


class CodePreviewOut(Schema):
    """What another code would touch. ``refusal``: why it cannot be taken; ``dropped``: elements that the draft would
    lose, since the other type has no place for them."""

    code: str
    refusal: str
    type_before: str
    type_after: str
    dropped: list[str]
    uses: list[ItemUseOut]
    parts: int
    assignments: int


class ItemChangeOut(Schema):
    position: int
    kind: ItemChange.Kind
    happened_at: datetime
    item_id: UUID
    basic_code: str = Field(alias="item.basic_code")
    name: str = Field(alias="item.name")
    version_id: UUID | None
    version_number: int | None = Field(None, alias="version.number")
    valid_from: datetime | None = Field(None, alias="version.valid_from")
    former_code: str = Field("", description="of a succession: the code that leads to ``new_code`` from now on")
    new_code: str = ""


class ChangesQuery(Schema):
    """``after``: the cursor of the answer before; 0: from the beginning."""

    after: int = Field(0, ge=0, le=2**63 - 1)
    limit: int = Field(100, ge=1, le=LARGEST_STEP)


class DifferenceQuery(Schema):
    """Numbers of versions; 0 is the draft."""

    before: int = Field(ge=0, le=2**31 - 1, examples=[1])
    after: int = Field(0, ge=0, le=2**31 - 1)


class ChangesOut(Schema):
    """``cursor``: where to go on, also where nothing has happened since."""

    changes: list[ItemChangeOut]
    cursor: int
    has_more: bool
