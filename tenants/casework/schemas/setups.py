"""What the hall's interface takes and gives about 办理设置: for which items it takes applications, and how."""

from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from tenants.casework.models.joint import LONGEST_BODY
from tenants.casework.operations.setup_partners import DEFAULT_WORKDAYS, MOST_PARTNERS
from tenants.casework.operations.setup_partners import MOST_WORKDAYS as MOST_OPINION
from tenants.casework.operations.setups import DEFAULT_OPENING, MOST_OPENING
from tenants.casework.states import SetupState


class JointPartnerData(Schema):
    """Who stands for a 联办机构 of the guide: a department of the hall, null: those who work for the whole hall.
    ``hall_id``: of another hall, one of ``opinion-offers``; null: of this one."""

    body: str = Field(max_length=LONGEST_BODY, examples=["公安局交通管理部门"])
    unit_id: UUID | None = None
    hall_id: UUID | None = None
    workdays: int = Field(DEFAULT_WORKDAYS, ge=1, le=MOST_OPINION)


class CaseSetupOut(Schema):
    id: UUID
    item_id: UUID
    handling_code: str
    form_id: UUID
    flow_id: UUID | None
    unit_id: UUID | None
    partners: list[JointPartnerData]
    state: SetupState
    is_online: bool
    is_paid_first: bool
    opening_workdays: int
    retention_years: int
    review_body: str
    court: str
    revision: int


class CaseSetupIn(Schema):
    item_id: UUID
    handling_code: str = Field("", max_length=2)


class SetupChangeIn(Schema):
    revision: int
    flow_id: UUID | None = None
    unit_id: UUID | None = None
    partners: list[JointPartnerData] = Field([], max_length=MOST_PARTNERS, description="of a joint case: who is asked")
    is_online: bool = False
    is_paid_first: bool = False
    opening_workdays: int = Field(
        DEFAULT_OPENING,
        ge=1,
        le=MOST_OPENING,
        description="to open what was served electronically",
    )
    retention_years: int = Field(10, ge=1, le=100)
    review_body: str = Field("", max_length=100, examples=["当阳市人民政府"])
    court: str = Field("", max_length=100, examples=["当阳市人民法院"])


class SetupRevisionIn(Schema):
    revision: int


class ReceivedCasesOut(Schema):
    """``kind``: ``new``: examined by the flow that is chosen; ``former``: by one before, since the chosen one does not
    read their form; ``alone``: by the department itself; ``waits``: once the flow was published anew. ``numbers``: of
    the first of them."""

    kind: Literal["new", "former", "alone", "waits"]
    said: str
    count: int
    numbers: list[str]


class FlowChangeOut(Schema):
    """``received``: cases that were received and not accepted; ``running``: how many stay as they are."""

    received: list[ReceivedCasesOut]
    running: int
