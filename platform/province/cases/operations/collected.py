"""代收代办: an application that was taken in for somebody goes to the hall that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict
from province.cases.models import CaseOffer, Referral
from province.cases.operations.referrals import ReferralFacts, send_referral
from province.cases.queries.referrals import NO_OFFER, open_referral_of
from province.cases.states import CaseChannel, DeliveryWay, ReferralKind
from province.halls.models import Hall


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedService:
    """送达方式: what the person has said to who took their application in. ``address``: for post. No ``repr`` of it: it
    would stand in logs."""

    way: DeliveryWay
    by_name: str
    address: str = field(default="", repr=False)

    @property
    def kept(self) -> list[Any]:
        """Way, version of the text that was agreed to (none: nothing is served electronically so), address, when, by
        which channel, and who has noted it."""
        return [self.way, 0, self.address, timezone.now().isoformat(), CaseChannel.VILLAGE, self.by_name]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedForm:
    """``case_id``: the sender's own row; ``opinion``: who took it in and how the person agreed; ``fields`` and
    ``files``: as ``queries.parcels`` makes them. It is the citizen's, where one agreed with their account, or of the
    account that took it in. ``service``: how documents shall reach them, None: they have not said."""

    case_id: UUID
    case_number: str
    opinion: str
    account_id: UUID
    citizen_id: UUID | None
    fields: Mapping[str, Any]
    files: Mapping[str, Any]
    service: CollectedService | None = None


def send_collected(*, sender: Hall, offer_id: UUID, form: CollectedForm) -> Referral:
    """Hand it over, once: while it is on its way, the second finds the referral. The caller holds its own row.

    Raises Conflict, in a sentence for the clerk, where the other hall cannot take it now.
    """
    if known := open_referral_of(form.case_id):
        return known
    offer = CaseOffer.objects.select_related("hall").filter(pk=offer_id).first()
    if offer is None:
        raise Conflict(NO_OFFER)
    facts = ReferralFacts(
        kind=ReferralKind.COLLECTED,
        case_id=form.case_id,
        case_number=form.case_number,
        item_id=offer.item_id,
        handling_code=offer.handling_code,
        item_name=offer.item_name,
    )
    content: dict[str, Any] = {
        "opinion": form.opinion,
        "citizen_id": str(form.citizen_id) if form.citizen_id else None,
        "account_id": str(form.account_id),
        "fields": form.fields,
        "files": form.files,
        "materials": [],
        "service": form.service.kept if form.service else None,
    }
    return send_referral(sender=sender, to_hall=offer.hall, facts=facts, content=content)
