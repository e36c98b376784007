"""What the hall's interface takes and gives about 联办."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from province.cases.states import CaseState
from tenants.casework.operations.opinion_offers import MOST_OFFERED
from tenants.casework.queries.joint import OpinionLine
from tenants.casework.queries.joint_requests import AskedCase
from tenants.casework.queries.opinions import OpinionView
from tenants.casework.schemas.cases import CaseActIn, CaseFileOut, CaseMaterialOut, JointSaidOut, SaidText

# no ``type``: where a file comes along, the API's document has no name for one
GivenResult = Literal["agreed", "refused"]


class GivenOpinionIn(Schema):
    result: GivenResult
    reasons: SaidText = Field("", description="needed where it is refused")


class EnteredOpinionIn(CaseActIn, GivenOpinionIn):
    """What another hall, or an organ that is not on the platform, wrote."""


class AttachedPaperOut(Schema):
    """``url``: opens the file for five minutes."""

    url: str


class AskAnotherIn(CaseActIn):
    """``hall_id``: null for this hall; ``unit_id``: null for those who work for the whole hall."""

    hall_id: UUID | None = None
    unit_id: UUID | None = None


class OpinionBackIn(Schema):
    reason: SaidText


class OpinionOffersIn(Schema):
    unit_ids: list[UUID | None] = Field(max_length=MOST_OFFERED, description="null: those who work for the whole hall")


class OpinionGiverOut(Schema):
    """A department of another hall that can be asked."""

    hall_id: UUID
    unit_id: UUID | None
    name: str


class OpinionOffersOut(Schema):
    """``unit_ids``: of this hall, whom others may ask; ``givers``: whom this one may ask."""

    unit_ids: list[UUID | None]
    givers: list[OpinionGiverOut]


class OpinionFieldOut(Schema):
    label: str
    text: str


class OpinionLineOut(JointSaidOut):
    """What a department is asked about a case. ``case_id``: null for another hall's."""

    case_id: UUID | None
    case_number: str
    item_name: str


class AskedOpinionOut(OpinionLineOut):
    """``from_hall``: which other hall asks, "" for one's own; ``materials`` and ``form``: of the case, empty once it
    has ended, or another hall needs no answer any more; ``due_on``: of the opinion, null while its time stands."""

    number: str = Field(description="联办编号")
    from_hall: str
    case_state: CaseState | None
    unit: str = Field(description="whose people give it")
    case_unit: str = Field(description="who has the case")
    due_on: date | None
    is_assumed: bool = Field(description="the notice of a year on the way is not published, so that due_on may move")
    left: int | None = Field(description="working days, negative where it is late; null where nothing runs")
    is_late: bool
    may_give: bool
    materials: list[CaseMaterialOut]
    form: list[OpinionFieldOut]

    @classmethod
    def of(cls, view: OpinionView) -> "AskedOpinionOut":
        return cls._made(
            view.line,
            CaseState(view.case.state),
            view.unit_name,
            [CaseMaterialOut.of(one, files) for one, files in view.materials],
            [OpinionFieldOut(label=label, text=text) for label, text in view.words],
            may_give=view.may_give,
        )

    @classmethod
    def of_other_hall(cls, view: AskedCase) -> "AskedOpinionOut":
        materials = [
            CaseMaterialOut(
                id=one.id,
                name=one.name,
                is_needed=one.is_needed,
                state=one.state,
                owed_until=one.owed_until,
                files=[CaseFileOut.from_orm(file) for file in one.files],
            )
            for one in view.materials
        ]
        form = [OpinionFieldOut(label=one.label, text=one.text) for one in view.form]
        return cls._made(view.line, view.state, view.unit_name, materials, form, may_give=view.may_give)

    @classmethod
    def _made(
        cls,
        line: OpinionLine,
        case_state: CaseState | None,
        case_unit: str,
        materials: Sequence[CaseMaterialOut],
        form: Sequence[OpinionFieldOut],
        *,
        may_give: bool,
    ) -> "AskedOpinionOut":
        return cls(
            **OpinionLineOut.from_orm(line.opinion).model_dump(),
            number=line.number,
            from_hall=line.from_hall,
            case_state=case_state,
            unit=line.unit_name,
            case_unit=case_unit,
            due_on=line.clock.due_on if line.clock else None,
            is_assumed=bool(line.clock and line.clock.is_assumed),
            left=line.left,
            is_late=line.is_late,
            may_give=may_give,
            materials=list(materials),
            form=list(form),
        )
