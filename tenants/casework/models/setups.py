"""How applications for one item are taken."""

from django.db import models

from foundation.digests import DigestField
from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from province.cases.states import CaseChannel
from standards.items.elements.handling import CODE_LENGTH
from tenants.casework.states import SetupState
from tenants.services.models import Adoption
from tenants.workflow.models import FilledForm, Flow, Form


class CaseSetup(HallRow):
    """An item for which the hall takes applications (办理设置). What is needed and how long it takes, the item's guide
    says."""

    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="+", db_index=False)
    item_id = models.UUIDField()
    # 业务办理项: its two digits; "": the item as a whole
    handling_code = models.CharField(max_length=CODE_LENGTH, blank=True)
    # 申请表: what is filled in, online and at the window
    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="+")
    # who examines in which order; None: the department decides by itself
    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, null=True, related_name="+")
    # whose people accept and decide; None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)
    state = models.CharField("状态", max_length=6, choices=SetupState, default=SetupState.DRAFT)
    # of a 联办件, for each 联办机构 of the guide: {"body": …, "unit_id": hex or null, "workdays": …}
    partners = models.JSONField(default=list)
    # citizens may apply on the site; otherwise at the window alone
    is_online = models.BooleanField(default=False)
    # 先缴费后发证: what was granted is served once its fee was paid or waived
    is_paid_first = models.BooleanField(default=False)
    # named in decisions against the applicant (行政复议法 art. 24, 行政诉讼法 art. 14)
    review_body = models.CharField("复议机关", max_length=100, blank=True)
    court = models.CharField("管辖法院", max_length=100, blank=True)
    # what was served electronically is to be opened within so many working days
    opening_workdays = models.PositiveSmallIntegerField("查收工作日", default=5, db_default=5)
    # 归档 keeps a case for so many years after its end
    retention_years = models.PositiveSmallIntegerField(default=10)
    # flows that it had before, in their order, each with until when: [{"flow": hex or null, "until": …}]. Cases that
    # were received by then on a form which no later flow reads are examined by them
    former_flows = models.JSONField(null=True)
    # drafts as they were before the province's newer ones were merged into them, until that is published or undone:
    # {"form": {…}, "flow": {…} or null}, each with its definition, origin and which version was published
    before_merge = models.JSONField(null=True)
    # of the province's form and flow that the hall does not want to be told of any more
    declined_digest = DigestField(null=True)
    # counts saves: who saves over a newer state is refused
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["adoption", "handling_code"], name="one_case_setup_per_handling_item"),
        )
        indexes = (models.Index(fields=["item_id"], name="casework_setup_of_item"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class CaseCounter(HallRow):
    """The last number that was given for an item on one day. Its row is held until the case is kept: no number comes
    twice."""

    # 实施编码 and day, as they begin the number
    prefix = models.CharField(max_length=46)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["prefix"], name="one_case_counter_per_prefix"),)

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"


class Intake(SealedRow):
    """An application that somebody fills in: by which way it comes, and how documents are to reach who applies, is
    known when it is begun. Gone when it is a case, which says it then."""

    filled = models.OneToOneField(FilledForm, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=7, choices=CaseChannel)
    # way, version of the text, address and when (``operations.serving``); None: not said
    service = SealedJSONField(null=True)

    def __str__(self) -> str:
        return f"{self.filled_id} {self.channel}"
