from typing import ClassVar

from django.db import models
from django.utils import timezone

from foundation.editing.reasons import LONGEST_SHORT_REASON
from foundation.rows import Direction, PublicRow
from province.halls.models.divisions import Division
from province.halls.states import ChangeState, PlanState


class DivisionPlan(PublicRow):
    """What a new year's file would change; nothing happens before somebody has decided on it, line by line."""

    direction: ClassVar[Direction] = Direction.DOWN

    source = models.CharField(max_length=200)
    effective_on = models.DateField()
    state = models.CharField(max_length=9, choices=PlanState, default=PlanState.DRAFT)
    # the whole file's fingerprint: the same file again finds its plan
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.source} {self.effective_on}"

    @property
    def is_early(self) -> bool:
        """Whether its day has not come yet: it can be decided, and not carried out."""
        return self.effective_on > timezone.localdate()


class DivisionChange(PublicRow):
    """One line of a plan: what was guessed, what was decided, and whether it has been carried out.

    ``kind``, ``new_code`` and ``new_name`` (and of a split its ``division``) say what will be done. ``note``: why the
    file was read so. ``revision`` counts the decisions: who decides says which one they saw.
    """

    direction: ClassVar[Direction] = Direction.DOWN

    class Kind(models.TextChoices):
        ADD = "add", "新设"
        RENAME = "rename", "更名"
        RECODE = "recode", "变更代码"
        MERGE = "merge", "并入"
        SPLIT = "split", "拆分"
        REMOVE = "remove", "撤销"
        KEEP = "keep", "维持现状"

    plan = models.ForeignKey(DivisionPlan, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=9, choices=ChangeState, default=ChangeState.PROPOSED)
    revision = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=6, choices=Kind)
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, related_name="+")
    old_code = models.CharField(max_length=12, blank=True)
    old_name = models.CharField(max_length=80, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    new_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    guessed_kind = models.CharField(max_length=6, choices=Kind)
    guessed_origin = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, related_name="+")
    guessed_code = models.CharField(max_length=12, blank=True)
    guessed_name = models.CharField(max_length=80, blank=True)

    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    # why it was decided so, or postponed
    reason = models.CharField(max_length=LONGEST_SHORT_REASON, blank=True)
    applied_at = models.DateTimeField(null=True)
    # a merged division's hall that moved to the one that took it in
    moved_hall = models.ForeignKey("halls.Hall", on_delete=models.SET_NULL, null=True, related_name="+")
    # the line whose correction takes this one's code, so that nothing is left to decide here
    taken_by = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="took")
    # the line whose correction left this code over
    left_by = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="left_over")

    class Meta:
        indexes = (models.Index(fields=["plan", "state"], name="halls_divisionchange_state"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.old_code} {self.new_code}"

    @property
    def is_of_a_division(self) -> bool:
        """Whether the file speaks of a division in force, and not of a code that is new."""
        return self.guessed_kind not in {self.Kind.ADD, self.Kind.SPLIT}


_Kind = DivisionChange.Kind
# of a division that there is
CHANGES_ONE = (_Kind.RENAME, _Kind.RECODE, _Kind.MERGE, _Kind.REMOVE)
# afterwards the new code is in force
MAKES_A_CODE = (_Kind.ADD, _Kind.SPLIT, _Kind.RECODE)
# afterwards the old code is nobody's
FREES_A_CODE = (_Kind.RECODE, _Kind.MERGE, _Kind.REMOVE)


class CodeMove(PublicRow):
    """What was carried out, in the order in which it was: a line applied, or taken back again. ``run``: all that was
    done together."""

    direction: ClassVar[Direction] = Direction.DOWN

    run = models.UUIDField(db_index=True)
    change = models.ForeignKey(DivisionChange, on_delete=models.CASCADE, related_name="moves")
    division = models.ForeignKey(Division, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=6, choices=DivisionChange.Kind)
    old_code = models.CharField(max_length=12, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    is_undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.old_code} {self.new_code}"
