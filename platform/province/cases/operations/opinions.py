"""Which departments of a hall others may ask, and when their time for it runs out.

Halls' operations call these in their transactions; they have asked for the permission and leave the audit's entry.
"""

from collections.abc import Collection
from uuid import UUID

from foundation.events.operations import emit_event
from province.cases.events import REFERRAL_DUE, ReferralTime
from province.cases.models import OpinionOffer, Referral
from province.cases.states import ReferralState


def report_opinion_offers(*, hall_id: UUID, unit_ids: Collection[UUID | None]) -> None:
    """Report which of the hall's departments others may ask; None: those who work for the whole hall. Once more changes
    nothing."""
    known = {one.unit_id: one for one in OpinionOffer.objects.select_for_update().filter(hall_id=hall_id)}
    for unit_id, one in known.items():
        if unit_id not in unit_ids:
            one.delete()
    made = [OpinionOffer(hall_id=hall_id, unit_id=one) for one in {*unit_ids} - known.keys()]
    OpinionOffer.objects.bulk_create(made, ignore_conflicts=True)


def report_referral_time(*, referral_id: UUID, is_over: bool) -> None:
    """Have the hall that is asked hear that its time is nearly over, or over; nothing once the referral has ended."""
    referral = Referral.objects.filter(pk=referral_id, state=ReferralState.SENT).first()
    if referral:
        payload = ReferralTime(is_over=is_over)
        emit_event(kind=REFERRAL_DUE, subject_id=referral_id, hall_id=referral.to_hall_id, payload=payload)
