"""What the departments say that take part in a 联办件."""

from django.db import models

from foundation.rows import HallRow
from tenants.casework.models.cases import LONGEST_SAID, Case
from tenants.casework.states import JointState
from tenants.documents.models import DocumentFile

LONGEST_BODY = 100


class JointOpinion(HallRow):
    """联办意见: what one of the departments says that take part in a case (行政许可法 art. 26). It reads the case's
    form and files and has none of its own; its clock's owner is of ``JOINT_KIND``. Every act on it holds the case's
    row first.

    Asked of another hall it is a row in each of the two (``Referral`` of kind OPINION): here with its case and its
    clock, there without either."""

    # None: another hall asks. The constraint below leads with it
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="joint_opinions", db_index=False)
    # by which another hall is asked, or asks; None: a department of this hall is asked about this hall's case
    referral_id = models.UUIDField(null=True, unique=True)
    # in the guide's order
    position = models.PositiveSmallIntegerField()
    # 联办机构, as the guide calls it
    body = models.CharField("联办机构", max_length=LONGEST_BODY)
    # whose people give it, None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)
    state = models.CharField("意见", max_length=7, choices=JointState, default=JointState.WAITING)
    reasons = models.CharField("理由", max_length=LONGEST_SAID, blank=True)
    given_at = models.DateTimeField(null=True)
    # what came with the answer: one file
    paper = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField("出具人", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "body"], name="one_joint_opinion_per_body"),
            models.CheckConstraint(
                condition=models.Q(state=JointState.AGREED, given_at__isnull=False)
                | models.Q(state=JointState.REFUSED, given_at__isnull=False)
                | models.Q(state=JointState.WAITING, given_at__isnull=True)
                | models.Q(state=JointState.ENDED, given_at__isnull=True)
                | models.Q(state=JointState.SENT_BACK, given_at__isnull=True),
                name="joint_opinion_is_given_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(case__isnull=False) | models.Q(referral_id__isnull=False),
                name="joint_opinion_is_asked_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "-id"], name="casework_joint_of_unit"),
            models.Index(
                fields=["unit_id"], condition=models.Q(state=JointState.WAITING), name="casework_joint_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id or self.referral_id} {self.body} {self.state}"

    @property
    def paper_name(self) -> str:
        return self.paper.name if self.paper else ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether another hall was asked."""
        return self.case_id is not None and self.referral_id is not None
