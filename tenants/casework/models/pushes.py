"""Systems of departments that push what was done with a case, and each call of theirs."""

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from province.cases.models import LONGEST_CASE_NUMBER
from tenants.casework.states import PushedKind, PushedState

# hexadecimal digits of SM3
_DIGEST = 64
LONGEST_NONCE = 64


class DepartmentKey(SealedRow):
    """The key of a department's own system: what it pushes is done at this position of somebody of the department, and
    by their rights. Once the position is gone, the key opens nothing."""

    name = models.CharField("系统", max_length=80)
    position_id = models.UUIDField()
    # what calls are signed with: shown once
    secret = SealedJSONField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class PushedCall(HallRow):
    """One call, in the order of the ids. It is here before anything is done, so that none can be made again."""

    # the index below leads with it
    key = models.ForeignKey(DepartmentKey, on_delete=models.PROTECT, related_name="calls", db_index=False)
    kind = models.CharField("推送", max_length=7, choices=PushedKind)
    # as the caller drew it; "" where the signature did not hold
    nonce = models.CharField(max_length=LONGEST_NONCE, blank=True)
    # SM3 of the body
    digest = models.CharField(max_length=_DIGEST)
    case_number = models.CharField("办件编号", max_length=LONGEST_CASE_NUMBER, blank=True)
    state = models.CharField("结果", max_length=8, choices=PushedState, default=PushedState.RECEIVED)
    # what was answered, in Chinese
    said = models.CharField("答复", max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key", "nonce"], condition=~models.Q(nonce=""), name="one_pushed_call_per_nonce"
            ),
            FrozenFields(fields=["key", "kind", "nonce", "digest"], name="pushed_call_stays"),
        )
        indexes = (models.Index(fields=["key", "-id"], name="casework_call_of_key"),)

    def __str__(self) -> str:
        return f"{self.case_number} {self.state}"
