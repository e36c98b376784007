from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from province.cases.states import CaseChannel, CaseState
from tenants.casework.schemas.serving import ServiceWishIn


class PackageAnswersQuery(Schema):
    answer: list[str] = Field(
        default=[], max_length=400, description="each the code of a question, a colon, the code of an answer: 1:2"
    )


class PackageAnswerOut(Schema):
    code: str
    label: str


class PackageQuestionOut(Schema):
    """``answered``: the codes that count now; null while it is open."""

    code: str
    text: str
    is_multiple: bool
    answers: list[PackageAnswerOut]
    answered: list[str] | None


class PackageItemOut(Schema):
    """``is_here``: citizens can apply for it at this hall online; ``elsewhere``: otherwise the name of the nearest hall
    that takes it, "" where none does; ``is_sent``: it is applied for here and sent to that hall; ``after``: codes of
    those that have to be granted before it is received."""

    code: str
    name: str
    is_here: bool
    is_sent: bool
    elsewhere: str
    after: list[str]


class PackageMaterialOut(Schema):
    """``needed_by``: the names of the items that ask for it; it is brought once."""

    name: str
    needed_by: list[str]
    is_needed: bool


class PackageGuideOut(Schema):
    id: UUID
    name: str
    version: int
    summary: str
    questions: list[PackageQuestionOut]
    items: list[PackageItemOut]
    materials: list[PackageMaterialOut]
    notes: list[str]
    refusals: list[str] = Field(description="why it cannot be done in one; then nothing can be begun")
    is_whole: bool = Field(description="all of it can be applied for online here, some of it perhaps for halls above")


class PackageBeginIn(Schema):
    package_id: UUID
    answers: dict[str, list[str]] = Field(default={}, description="code of a question → codes of its answers")
    is_another: bool = False
    channel: CaseChannel = Field(default=CaseChannel.SITE, description="site, or app where it is installed")
    service: ServiceWishIn | None = Field(default=None, description="how documents of all items shall reach one")


class PackageTakenIn(Schema):
    """As ``PackageBeginIn``, by somebody at the desk for who comes (``window``) or phones (``phone``)."""

    package_id: UUID
    answers: dict[str, list[str]] = Field(default={}, description="code of a question → codes of its answers")
    channel: CaseChannel
    service: ServiceWishIn | None = Field(default=None, description="how documents of all items shall reach them")


class PackageBegunOut(Schema):
    """``filled_id``: of the one form, which is gone on with on the site, or at the desk."""

    id: UUID
    filled_id: UUID


class OwnPackageStepOut(Schema):
    """``case_id``: null while it waits for others, or will not be received (``ended``: why); ``hall``: of another hall
    that does it, its name, whose the case is then; ``is_late``: one of the limits is over of the hall that does it;
    ``waits``: what the applicant has to do now."""

    name: str
    hall: str
    is_late: bool
    case_id: UUID | None
    number: str
    state: CaseState | None
    sentence: str
    waits: str
    ended: str


class OwnPackageLineOut(Schema):
    id: UUID
    number: str
    name: str
    sent_at: datetime
    withdrawn_at: datetime | None


class OwnPackageOut(OwnPackageLineOut):
    sentence: str
    steps: list[OwnPackageStepOut]
    can_withdraw: bool


class PackageAtDeskOut(OwnPackageLineOut):
    """``cases``: the numbers of those of its items that have become cases."""

    cases: list[str]
