"""What the departments say that take part in a 联办件."""

from django.db import models

from foundation.rows import HallRow
from tenants.casework.models.cases import LONGEST_SAID, Case
from tenants.casework.states import JointState

LONGEST_BODY = 100


class JointOpinion(HallRow):
    """联办意见: what one of the departments says that take part in a case (行政许可法 art. 26). It reads the case's
    form and files and has none of its own; its clock's owner is of ``JOINT_KIND``. Every act on it holds the case's
    row first."""

    # the constraint below leads with it
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="joint_opinions", db_index=False)
    # in the guide's order
    position = models.PositiveSmallIntegerField()
    # 联办机构, as the guide calls it
    body = models.CharField("联办机构", max_length=LONGEST_BODY)
    # whose people give it, None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)
    state = models.CharField("意见", max_length=7, choices=JointState, default=JointState.WAITING)
    reasons = models.CharField("理由", max_length=LONGEST_SAID, blank=True)
    given_at = models.DateTimeField(null=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField("出具人", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "body"], name="one_joint_opinion_per_body"),
            models.CheckConstraint(
                condition=models.Q(state=JointState.AGREED, given_at__isnull=False)
                | models.Q(state=JointState.REFUSED, given_at__isnull=False)
                | models.Q(state=JointState.WAITING, given_at__isnull=True)
                | models.Q(state=JointState.ENDED, given_at__isnull=True),
                name="joint_opinion_is_given_or_not",
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "-id"], name="casework_joint_of_unit"),
            models.Index(
                fields=["unit_id"], condition=models.Q(state=JointState.WAITING), name="casework_joint_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.body} {self.state}"
