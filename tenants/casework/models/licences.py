"""Licences that stand in an application in place of a paper."""

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.casework.states import HolderConsent
from tenants.licences.models import Licence
from tenants.licences.states import LicenceStanding
from tenants.workflow.models import FormUpload


class UsedLicence(HallRow):
    """A licence of this hall that was put into an application with its holder's consent. Its paper is a file of the
    form; where that is taken out again, the licence is used no more."""

    upload = models.OneToOneField(FormUpload, on_delete=models.CASCADE, related_name="used_licence")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+", db_index=False)
    consent = models.CharField("同意方式", max_length=7, choices=HolderConsent)
    # how it stood then
    standing = models.CharField(max_length=9, choices=LicenceStanding)
    # of the staff, who wrote the consent down; "": the holder, on the site
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            FrozenFields(
                fields=["upload", "licence", "consent", "standing", "by_id", "by_name"], name="used_licence_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.upload_id} {self.licence_id}"
