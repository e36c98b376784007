"""What the hall's interface takes and gives about cases."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.many import MOST_AT_ONCE
from foundation.masking import MaskedName
from province.cases.states import (
    LONGEST_SERVICE_ADDRESS,
    ApplicantNature,
    CaseChannel,
    CaseOutcome,
    CaseState,
    DeliveryWay,
)
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType, ExcludedStep
from tenants.casework.models import LONGEST_SAID, CaseMaterial
from tenants.casework.operations.acceptance import MOST_ASKED
from tenants.casework.operations.acceptance import MOST_WORKDAYS as MOST_CORRECTION
from tenants.casework.operations.examining import MOST_JOINT_WORKDAYS
from tenants.casework.schemas.serving import ServiceOut, ServiceWishIn
from tenants.casework.states import HolderConsent, JointState, LackingState, MaterialState, ServiceTask
from tenants.licences.states import LicenceStanding
from tenants.workflow.models import FormUpload

# the operations check how long they are, and say so in Chinese
type SaidText = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_SAID}, examples=["不符合规定的条件。"])]
# counts acts: where somebody did something since it was read, the answer is 409
type Revision = Annotated[
    int | None, Field(description="of the case as it was read; null: act on whatever stands there")
]


class ApplicantOut(Schema):
    """Masked, but for a body's name and code."""

    kind: ApplicantNature
    name: MaskedName
    number: str
    phone: str
    body_name: str
    credit_code: str
    agent_name: MaskedName
    agent_phone: str

    @staticmethod
    def resolve_number(one: Any) -> str:
        return str(one.number)

    @staticmethod
    def resolve_phone(one: Any) -> str:
        return str(one.phone)

    @staticmethod
    def resolve_agent_phone(one: Any) -> str:
        return str(one.agent_phone)


class CaseLineOut(Schema):
    id: UUID
    number: str = Field(description="办件编号")
    item_id: UUID
    item_name: str
    case_type: CaseType
    channel: CaseChannel
    state: CaseState
    outcome: CaseOutcome | Literal[""]
    lacking: LackingState | Literal[""] = Field(description="容缺: how it stands with what was promised")
    unit_id: UUID | None
    owner_id: UUID | None
    owner_name: MaskedName
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    was_late: bool
    revision: int


class CaseClockOut(Schema):
    """``left``: working days, negative where it is late; null where it does not run. ``is_assumed``: the notice of a
    year on the way is not published, so that ``due_on`` may move."""

    kind: ClockKind
    state: ClockState
    began_on: date
    limit: str = Field(examples=["20wd"])
    due_on: date | None
    is_assumed: bool
    ended_on: date | None
    left: int | None
    story: str


class CaseFileOut(Schema):
    id: UUID
    name: str
    size: int


class CaseMaterialOut(Schema):
    id: UUID
    name: str
    is_needed: bool
    state: MaterialState
    owed_until: date | None = Field(description="容缺: by when it was promised")
    files: list[CaseFileOut]

    @classmethod
    def of(cls, material: CaseMaterial, files: Iterable[FormUpload]) -> "CaseMaterialOut":
        return cls(
            id=material.pk,
            name=material.name,
            is_needed=material.is_needed,
            state=MaterialState(material.state),
            owed_until=material.owed_until,
            files=[CaseFileOut.from_orm(file) for file in files],
        )


class CaseActOut(Schema):
    """``said``: what the applicant is told; ``note``: what the staff alone read."""

    act: str
    by_name: MaskedName
    created_at: datetime
    state: CaseState
    said: str
    note: str


class CaseDecisionOut(Schema):
    number: int
    outcome: CaseOutcome
    reasons: str
    by_name: MaskedName
    corrects: str
    created_at: datetime


class JointSaidOut(Schema):
    """What one department says of a 联办件. ``body``: 联办机构, as the guide calls it."""

    id: UUID
    body: str
    unit_id: UUID | None
    state: JointState
    reasons: str
    by_name: MaskedName
    given_at: datetime | None
    paper_name: str = Field(description="of the document that came with it")


class JointPartOut(JointSaidOut):
    """``left``: working days, negative where it is late; null where nothing runs. ``is_assumed``: ``due_on`` may
    move, as ``CaseClockOut`` says."""

    number: str = Field(description="联办编号")
    unit: str
    due_on: date | None
    is_assumed: bool
    left: int | None
    is_late: bool


class UsedLicenceOut(Schema):
    """A licence of this hall that stands in the application. ``material``: in whose place; ``standing_then``: when it
    was used; ``standing``: now."""

    licence_id: UUID
    number: str
    name: str
    material: str
    consent: HolderConsent
    used_at: datetime
    standing_then: LicenceStanding
    standing: LicenceStanding


class SpecialPaperOut(Schema):
    id: UUID
    name: str
    size: int


class SpecialProcedureOut(Schema):
    """``limit``: what 特别程序 may take; ``ends_on``: null while it lasts; ``papers``: what came with the result."""

    kind: ExcludedStep
    basis: str
    limit: str
    begins_on: date
    ends_on: date | None
    result: str
    papers: list[SpecialPaperOut]


class CaseOut(CaseLineOut):
    applicant: ApplicantOut | None
    unit: str
    run_id: UUID | None
    is_deemed_accepted: bool
    asked: list[str] = Field(description="what was asked for (补正)")
    materials: list[CaseMaterialOut]
    used_licences: list[UsedLicenceOut]
    licence_ids: list[UUID] = Field(description="that it has granted")
    clocks: list[CaseClockOut]
    acts: list[CaseActOut]
    decisions: list[CaseDecisionOut]
    joint: list[JointPartOut] = Field(description="what departments say; nothing is decided before all have")
    special_procedures: list[SpecialProcedureOut]
    service: ServiceOut
    service_task: ServiceTask | None = Field(description="what is to be done about what was served electronically")
    related: list[CaseLineOut] = Field(
        description="the newest other cases of the same person or body that who asks may handle, five at most"
    )
    archived_at: datetime | None


class CaseActIn(Schema):
    revision: Revision = None


class AcceptanceIn(CaseActIn):
    takes_papers: bool = Field(default=False, description="the needed materials that are missing lie on the counter")


class CasesIn(Schema):
    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)


class DecliningIn(CaseActIn):
    said: SaidText


class CorrectionIn(CaseActIn):
    asked: list[SaidText] = Field(max_length=MOST_ASKED, examples=[["身份证复印件看不清，请重新提交。"]])
    fields: list[str] = Field(
        [],
        max_length=500,
        description="names of fields of the form that the applicant may change; none: the files of all materials",
        examples=[["material_1", "applicant_mobile"]],
    )
    workdays: int | None = Field(None, ge=1, le=MOST_CORRECTION, description="within how many it is to be brought")


class LackingIn(CaseActIn):
    materials: list[UUID] = Field(max_length=200, description="those that are missing and may come later")
    workdays: int = Field(ge=1, le=MOST_CORRECTION, description="within how many they are to be brought")
    promise: SaidText = Field(examples=["本人在窗口签了容缺承诺书。"])


class BringingIn(Schema):
    said: SaidText = ""


class MaterialStatesIn(CaseActIn):
    states: dict[UUID, MaterialState] = Field(max_length=200)


class SpecialProcedureIn(CaseActIn):
    kind: ExcludedStep
    basis: SaidText
    limit: str = Field(examples=["30d"], max_length=8)
    begins_on: date | None = None


class SpecialResultIn(CaseActIn):
    result: SaidText
    ends_on: date | None = Field(None, description="the day on which the clocks go on; today if left out")


class ExtensionIn(CaseActIn):
    workdays: int = Field(ge=1, le=MOST_JOINT_WORKDAYS, description="of a case that is no 联办件, at most 10")
    reason: SaidText


class CaseReasonIn(CaseActIn):
    reason: SaidText


class CaseWithdrawalIn(Schema):
    reason: SaidText


class CaseTransferIn(CaseActIn):
    to: str = Field(max_length=200, examples=["市公安局"])
    reason: SaidText


class CaseDecisionIn(CaseActIn):
    outcome: CaseOutcome
    reasons: SaidText = ""


class DecisionCorrectionIn(CaseDecisionIn):
    corrects: SaidText


class ServiceIn(CaseActIn):
    way: DeliveryWay = Field(description="electronic: with the applicant's consent alone")
    proof: str = Field("", max_length=200, examples=["本人签收"], description="electronically none is needed")
    served_on: date | None = None


class ReceiptIn(CaseActIn):
    way: DeliveryWay = Field(description="electronic: once the decision was served so")
    address: str = Field(
        "", max_length=200, examples=["政务服务中心 3 号窗口"], description="of post: or the applicant's"
    )


class ServiceChoiceIn(CaseActIn):
    """``is_signed``: the signed 送达地址确认书 is in the file."""

    way: DeliveryWay
    address: str = Field("", max_length=LONGEST_SERVICE_ADDRESS)
    is_signed: bool


class OtherServiceIn(CaseActIn):
    way: Literal[DeliveryWay.POST, DeliveryWay.WINDOW]
    proof: str = Field(max_length=200, examples=["EMS 1099 2026 0000"])
    served_on: date | None = None


class AtOnceIn(CaseDecisionIn, AcceptanceIn):
    proof: str = Field(max_length=200, examples=["本人当场领取"])


class IntakeIn(Schema):
    """``service``: how documents shall reach who applies, where they have said it."""

    setup_id: UUID
    channel: CaseChannel = CaseChannel.WINDOW
    service: ServiceWishIn | None = None


class BegunApplicationOut(Schema):
    """The form to fill in, by the interface of forms (``/workflow/fillings``); once it is sent, it is a case."""

    filled_id: UUID
    revision: int


class ArchivedOut(Schema):
    digest: str
    kept_until: date
    contents: list[dict[str, str]]


class LicenceOfferOut(Schema):
    """A licence of one's own that could stand in a field of the form. ``is_used``: it does."""

    field: str = Field(examples=["material_2"])
    material: str
    licence_id: UUID
    number: str
    name: str
    is_used: bool


class LicenceUseIn(Schema):
    """``consent``: how the holder has agreed; a citizen's own program says ``own``, the desk the others."""

    field: str = Field(max_length=40, examples=["material_2"])
    licence_id: UUID
    consent: HolderConsent
