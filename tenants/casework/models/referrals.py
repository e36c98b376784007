"""What came with a case from another hall."""

from django.db import models

from foundation.sealing.fields import SealedJSONField, SealedRow
from tenants.casework.models.cases import Case


class CarriedPart(SealedRow):
    """Of a case that came by a referral: the sender's opinion, and what of its form has no field here."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="carried")
    # {"opinion": …, "rest": [{"label": …, "text": …}, …]}
    said = SealedJSONField()

    def __str__(self) -> str:
        return str(self.case_id)
