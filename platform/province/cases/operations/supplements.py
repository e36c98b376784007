"""What the applicant of something that was taken in for them (代办) has to bring later: asked for by the hall that has
the case, handed over by the one that took it in, each in its own rows.

Halls' operations call these in their transactions; they have asked for the permission and leave the audit's entry.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from foundation.events.operations import emit_event
from foundation.plain_json import written
from province.cases.events import REFERRAL_ASKED, SUPPLEMENT_SENT
from province.cases.models import ReferralReceipt, ReferralSupplement
from province.cases.queries.referrals import first_of
from province.cases.queries.supplements import WhatIsAsked, supplements_under_way


def report_asked(*, receipt: ReferralReceipt, asked: WhatIsAsked | None) -> None:
    """Report what is to be brought now, None: nothing. The hall that took it in hears of every new asking. The caller
    holds its case; once more changes nothing."""
    asking_id = asked.asking_id if asked else None
    if receipt.asking_id == asking_id:
        return
    receipt.asking_id = asking_id
    content = {"lines": [*asked.lines], "fields": [*asked.fields], "is_promised": asked.is_promised} if asked else None
    receipt.asked = written(content) if content else ""
    receipt.save()
    if asked:
        first = first_of(receipt.referral)
        emit_event(kind=REFERRAL_ASKED, subject_id=first.pk, hall_id=first.hall_id)


def send_supplement(*, receipt: ReferralReceipt, asking_id: UUID, content: Mapping[str, Any]) -> ReferralSupplement:
    """Hand over what was asked for. The caller holds the referral, and has seen that there is none yet; a constraint
    says that there is one."""
    made = ReferralSupplement.objects.create(receipt=receipt, asking_id=asking_id, content=written(content))
    emit_event(kind=SUPPLEMENT_SENT, subject_id=made.pk, hall_id=receipt.hall_id)
    return made


def note_taken(*, receipt: ReferralReceipt, supplement: ReferralSupplement) -> None:
    """The receiver has taken it."""
    receipt.taken_id = supplement.pk
    receipt.save(update_fields=["taken_id"])


def send_supplements_again(*, hall_id: UUID) -> None:
    """The hall's rows came out of an archive: what was handed over for what it asks for now is there to be taken
    again."""
    for one in supplements_under_way().filter(receipt__hall_id=hall_id):
        emit_event(kind=SUPPLEMENT_SENT, subject_id=one.pk, hall_id=hall_id)
