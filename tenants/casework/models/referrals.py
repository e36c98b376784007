"""What came with a case from another hall, and what is taken in for another one."""

from django.db import models

from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from tenants.casework.models.cases import LONGEST_SAID, Case
from tenants.casework.states import Consent
from tenants.workflow.models import FilledForm, Form


class CarriedPart(SealedRow):
    """Of a case that came by a referral: the sender's opinion, and what of its form has no field here."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="carried")
    # {"opinion": …, "rest": [{"label": …, "text": …}, …]}
    said = SealedJSONField()

    def __str__(self) -> str:
        return str(self.case_id)


class CollectedForm(HallRow):
    """The form of a hall above (``CaseOffer``), to be filled in here for it."""

    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="+")
    offer_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.offer_id)


class Collection(HallRow):
    """代收: an application that somebody of the staff takes in for a person and another hall. Once its form is sent it
    is a referral, whose ``case_id`` is the form's."""

    filled = models.OneToOneField(FilledForm, on_delete=models.CASCADE, related_name="+")
    offer_id = models.UUIDField()
    item_name = models.CharField("事项", max_length=200)
    hall_name = models.CharField("办理的服务厅", max_length=80)
    # 代办人
    clerk_id = models.UUIDField()
    clerk_name = models.CharField("代办人", max_length=80)
    # how the person has agreed that it is done for them
    consent = models.CharField("委托方式", max_length=7, choices=Consent)
    note = models.CharField("委托说明", max_length=LONGEST_SAID, blank=True)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.item_name} {self.clerk_id}"
