from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.halls.models import Division, Hall, HallKind
from provisioning.states import RolloutState, StepState


class HallTemplate(PublicRow):
    """What every new hall of one kind is made from: the kind's schema, migrated once and dumped once."""

    direction: ClassVar[Direction] = Direction.LOCAL

    kind = models.CharField(max_length=8, choices=HallKind, unique=True)
    # of the migrations' names and of their text; the template is made anew when the latter changes
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    # DDL and migration records; the schema's name in it is a placeholder
    script = models.TextField()
    migrations = ArrayField(models.CharField(max_length=200))
    tables = ArrayField(models.CharField(max_length=63))

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class HallSchema(models.Model):
    """The ledger: which migrations a hall's schema bears. "Is there anything to do" is one query here."""

    direction: ClassVar[Direction] = Direction.LOCAL

    hall = models.OneToOneField(Hall, on_delete=models.CASCADE, primary_key=True, related_name="schema_row")
    kind = models.CharField(max_length=8, choices=HallKind)
    digest = models.CharField(max_length=64)
    migrations = ArrayField(models.CharField(max_length=200))

    class Meta:
        indexes = (models.Index(fields=["kind", "digest"], name="provisioning_schema_digest"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.digest[:8]}"


class Rollout(PublicRow):
    """One act on many halls. Starting the act again while it runs carries it on instead of beginning it anew."""

    direction: ClassVar[Direction] = Direction.LOCAL

    class Act(models.TextChoices):
        PROVISION = "provision", "开通"
        UPGRADE = "upgrade", "升级"

    act = models.CharField("操作", max_length=9, choices=Act)
    under = models.CharField("区划代码", max_length=12, blank=True)
    kinds = ArrayField(models.CharField(max_length=8, choices=HallKind), default=list)
    state = models.CharField("状态", max_length=11, choices=RolloutState, default=RolloutState.RUNNING)
    started_by_id = models.UUIDField(null=True)
    started_by_name = models.CharField(max_length=80)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["act", "under", "kinds"],
                condition=models.Q(state=RolloutState.RUNNING),
                name="one_running_rollout_per_act",
            ),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.under}"


class UpgradeScript(PublicRow):
    """What a rollout runs in every schema of one kind that bears the same migrations; rendered once.

    The owner of all tables runs it, so the application cannot write here (provisioning/grants.py).
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="scripts")
    kind = models.CharField(max_length=8, choices=HallKind)
    # of the migrations before and after
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    migrations = ArrayField(models.CharField(max_length=200))
    sql = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rollout", "kind", "before"], name="one_upgrade_script_per_beginning"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.before[:8]}"


class RolloutStep(PublicRow):
    """One hall in a rollout. What a new hall will be called is settled here, so that workers need not agree later."""

    direction: ClassVar[Direction] = Direction.LOCAL

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=HallKind)
    number = models.PositiveIntegerField()
    slug = models.CharField(max_length=63)
    state = models.CharField(max_length=7, choices=StepState, default=StepState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rollout", "division"], name="one_step_per_rollout_and_division"),
        )
        indexes = (
            models.Index(
                fields=["rollout", "attempts", "position"],
                condition=models.Q(state=StepState.WAITING),
                name="provisioning_step_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rollout_id} {self.position}"


class BackupState(PublicRow):
    """How the last backup, moment, drill or comparing of files went. Written by the owner of all tables, so that
    nothing that the application does can make a light green."""

    direction: ClassVar[Direction] = Direction.LOCAL

    class Kind(models.TextChoices):
        # everything up to then can be brought back
        MOMENT = "moment", "持续备份"
        BASE = "base", "完整备份"
        DRILL = "drill", "恢复演练"
        # the whole store listed, beside what the moments have copied
        FILES = "files", "文件核对"

    kind = models.CharField(max_length=6, choices=Kind, unique=True)
    # of the last that went well: what it holds, when it ended, how many seconds it took
    moment = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    # of the last of all; a fault in plain words, or ""
    begun_at = models.DateTimeField()
    fault = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.kind
