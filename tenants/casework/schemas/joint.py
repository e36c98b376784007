"""What the hall's interface takes and gives about 联办."""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from province.cases.states import CaseState
from tenants.casework.queries.opinions import OpinionView
from tenants.casework.schemas.cases import CaseMaterialOut, JointSaidOut, SaidText


class GivenOpinionIn(Schema):
    result: Literal["agreed", "refused"]
    reasons: SaidText = Field("", description="needed where it is refused")


class OpinionLineOut(JointSaidOut):
    """What a department is asked about a case."""

    case_id: UUID
    case_number: str
    item_name: str


class AskedOpinionOut(OpinionLineOut):
    """``materials``: of the case, empty once it has ended; ``due_on``: of the opinion, null while its time stands."""

    case_state: CaseState
    unit: str = Field(description="whose people give it")
    case_unit: str = Field(description="who has the case")
    due_on: date | None
    left: int | None = Field(description="working days, negative where it is late; null where nothing runs")
    is_late: bool
    may_give: bool
    materials: list[CaseMaterialOut]

    @classmethod
    def of(cls, view: OpinionView) -> "AskedOpinionOut":
        line = view.line
        return cls(
            **OpinionLineOut.from_orm(line.opinion).model_dump(),
            case_state=CaseState(view.case.state),
            unit=line.unit_name,
            case_unit=view.unit_name,
            due_on=line.clock.due_on if line.clock else None,
            left=line.left,
            is_late=line.is_late,
            may_give=view.may_give,
            materials=[CaseMaterialOut.of(one, files) for one, files in view.materials],
        )
