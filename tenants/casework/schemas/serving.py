"""What the hall's interface takes and gives about how documents of a case are served (送达)."""

from datetime import datetime
from typing import Literal, Self

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.cases.states import LONGEST_SERVICE_ADDRESS, CaseChannel, DeliveryWay
from tenants.casework.queries.serving import CONSENT_TEXTS, CONSENT_VERSION, ServiceView
from tenants.casework.states import Opener, ServedPaper


class ServiceChoiceOut(Schema):
    """How documents are to reach the applicant. ``text``: the version of the text that they have agreed to, 0 for none;
    ``by_name``: who of the staff has written it down, "" where the applicant has said it."""

    way: DeliveryWay
    text: int
    at: datetime
    channel: CaseChannel
    by_name: MaskedName


class ServedOut(Schema):
    """Served electronically: ``arrived_at`` is the moment of service; ``opened_at``: when it was first opened, by
    ``opener``; ``otherwise``: how it was served later on, or that the decision was put right."""

    what: ServedPaper
    arrived_at: datetime
    opened_at: datetime | None
    opener: Opener | Literal[""]
    otherwise: DeliveryWay | Literal["corrected", ""]


class ServiceOut(Schema):
    """``choice``: null where nothing was said; then nothing is served electronically. ``address``: masked."""

    choice: ServiceChoiceOut | None
    address: str
    served: list[ServedOut]
    can_change: bool
    wants_paper: bool

    @classmethod
    def of(cls, view: ServiceView) -> Self:
        return cls(
            choice=ServiceChoiceOut.from_orm(view.choice) if view.choice else None,
            address=view.address,
            served=[ServedOut.from_orm(one) for one in view.served],
            can_change=view.can_change,
            wants_paper=view.wants_paper,
        )


class OwnServiceOut(ServiceOut):
    """``consent``, ``consent_text``: to which version of the text one agrees for electronic service now."""

    consent: int = CONSENT_VERSION
    consent_text: str = CONSENT_TEXTS[CONSENT_VERSION]


class ServiceWishIn(Schema):
    """``consent``: for electronic service, the version of the text that was shown and agreed to; ``address``: for
    post."""

    way: DeliveryWay
    consent: int = Field(0, ge=0, le=32_767)
    address: str = Field("", max_length=LONGEST_SERVICE_ADDRESS, examples=["湖北省当阳市玉泉街道长坂路 1 号"])


class OwnServiceWishIn(ServiceWishIn):
    channel: CaseChannel = Field(CaseChannel.SITE, description="site, or app where it is installed")
