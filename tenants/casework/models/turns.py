"""What a case goes through on its way: what was asked for, what took its own time, what was decided and served."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from province.cases.states import CaseOutcome, DeliveryWay
from standards.items.codelists import ExcludedStep
from tenants.casework.models.cases import LONGEST_SAID, Case


class Correction(HallRow):
    """补正告知: what is still needed, said once and all at once (行政许可法 art. 32)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="correction")
    # what and why, a line each
    asked = models.JSONField(default=list)
    # of the form, what the applicant may change meanwhile; none: the files of all materials
    fields = ArrayField(models.CharField(max_length=40), default=list)
    # by when it is to be brought
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (FrozenFields(fields=["case", "asked", "fields"], name="correction_stays"),)

    def __str__(self) -> str:
        return str(self.case_id)


class LackingPromise(HallRow):
    """容缺受理: what the applicant has promised to bring after acceptance, and by when. How it stands with it says
    ``Case.lacking``."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="lacking_promise")
    # their names, a line each
    asked = models.JSONField(default=list)
    # of the form, those into which their files go: what the applicant may change meanwhile
    fields = ArrayField(models.CharField(max_length=40), default=list)
    # how the applicant has promised it: 在窗口签了承诺书
    promise = models.CharField("申请人的承诺", max_length=LONGEST_SAID)
    workdays = models.PositiveSmallIntegerField()
    # as the applicant was told; the clock knows where it has moved since
    due_on = models.DateField()

    class Meta:
        constraints = (
            FrozenFields(
                fields=["case", "asked", "fields", "promise", "workdays", "due_on"], name="lacking_promise_stays"
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class SpecialProcedure(HallRow):
    """特别程序 (行政许可法 art. 45): while it lasts, the case's clocks stand."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="special_procedures")
    kind = models.CharField("种类", max_length=10, choices=ExcludedStep)
    basis = models.CharField("依据", max_length=400)
    # its own allowed time, as ``standards.workdays.Limit`` is written
    limit = models.CharField("所需时限", max_length=8)
    begins_on = models.DateField()
    # the day on which work resumes; None: it lasts
    ends_on = models.DateField(null=True)
    result = models.CharField("结果", max_length=LONGEST_SAID, blank=True)
    # documents.DocumentFile, of which none is ever deleted: what came with the result, in this order
    paper_ids = ArrayField(models.UUIDField(), default=list, db_default=[])

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ends_on=None), name="one_special_procedure_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Extension(HallRow):
    """延期 (行政许可法 art. 42): once, by working days, approved by the head of the organ, told with its reason."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="extension")
    workdays = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=LONGEST_SAID)
    approved_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (FrozenFields(fields=["case", "workdays", "reason", "approved_by_name"], name="extension_stays"),)

    def __str__(self) -> str:
        return f"{self.case_id} +{self.workdays}"


class CaseDecision(HallRow):
    """A decision with its reasons. A wrong one is put right by a later one; neither changes. Of a closed case it lies
    in its ``ArchiveSheet``."""

    # the constraint below leads with it
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    # from 1 on
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=7, choices=CaseOutcome)
    reasons = models.CharField("理由", max_length=LONGEST_SAID)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    # why it takes the place of the one before
    corrects = models.CharField("更正原因", max_length=LONGEST_SAID, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="one_decision_per_number"),
            FrozenFields(
                fields=["case", "number", "outcome", "reasons", "by_id", "by_name", "corrects"], name="decision_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Delivery(HallRow):
    """送达: how the decision reached the applicant, and what shows it."""

    decision = models.OneToOneField(CaseDecision, on_delete=models.CASCADE, related_name="delivery")
    way = models.CharField("方式", max_length=10, choices=DeliveryWay)
    served_on = models.DateField()
    # who signed, the number of the parcel, when it was opened
    proof = models.CharField("凭证", max_length=200)

    def __str__(self) -> str:
        return f"{self.decision_id} {self.way}"
