from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.editing.reasons import LONGEST_REASON, LONGEST_SHORT_REASON
from foundation.rows import Direction, PublicRow
from province.content.models.manuscripts import ManuscriptVersion
from province.content.states import PageAnswer, PushMode, PushState, Vantage, WithdrawalKind


class Push(PublicRow):
    """One approved version, shown on the sites of an audience (推稿). Nothing is deleted: a withdrawal is a state."""

    direction: ClassVar[Direction] = Direction.DOWN

    version = models.ForeignKey(ManuscriptVersion, on_delete=models.PROTECT, related_name="pushes")
    # what readers see: the version, or what was put in its place by a withdrawal
    shown = models.ForeignKey(ManuscriptVersion, on_delete=models.PROTECT, related_name="+")
    # of the manuscript's desk, whose name stands on the page
    desk_prefix = models.CharField(max_length=12)
    column = models.CharField("栏目", max_length=32)
    mode = models.CharField(max_length=7, choices=PushMode, default=PushMode.DIRECT)
    is_pinned = models.BooleanField("置顶", default=False)
    is_urgent = models.BooleanField("紧急横幅", default=False)
    # readers' installed apps hear of it, beside the sites and accounts
    sends_message = models.BooleanField("App 消息", default=False)
    state = models.CharField(max_length=9, choices=PushState)
    # counts what changed for readers (pushed, replaced, withdrawn, restored, expired): proofs and deliveries name the
    # turn that they belong to
    turn = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    withdrawal_kind = models.CharField(max_length=10, choices=WithdrawalKind, blank=True)
    withdrawal_reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    redirect_url = models.CharField(max_length=500, blank=True)
    substitute = models.ForeignKey(ManuscriptVersion, on_delete=models.PROTECT, null=True, related_name="+")

    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(fields=["desk_prefix", "state", "-created_at"], name="content_push_desk"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"

    @property
    def is_listed(self) -> bool:
        """Whether lists and search show it. A page that stays with a notice (说明) is reached by its address alone."""
        return self.state == PushState.LIVE or (
            self.state == PushState.WITHDRAWN and self.withdrawal_kind == WithdrawalKind.SUBSTITUTE
        )


class PushScope(PublicRow):
    """One prefix of a push's audience, or of its exclusions, with what a list needs, so that a hall's page reads index
    ranges of this table alone."""

    direction: ClassVar[Direction] = Direction.DOWN

    push = models.ForeignKey(Push, on_delete=models.CASCADE, related_name="scopes", db_index=False)
    prefix = models.CharField(max_length=12)
    # empty: every kind
    kinds = ArrayField(models.CharField(max_length=8), default=list)
    is_excluded = models.BooleanField(default=False)
    # the push's exclusions as keys ("420582", or "420582/village" where kinds narrow it): a list sorts out excluded
    # halls without leaving the row
    excluded_keys = ArrayField(models.CharField(max_length=24), default=list)
    # copied from the push by the operation that changes it
    is_listed = models.BooleanField(default=False)
    column = models.CharField(max_length=32)
    mode = models.CharField(max_length=7, choices=PushMode)
    is_pinned = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["push", "prefix", "is_excluded"], name="one_scope_per_push_and_prefix"),
        )
        indexes = (
            models.Index(
                fields=["prefix", "mode", "column", "-is_pinned", "-published_at", "-push"],
                condition=models.Q(is_listed=True, is_excluded=False),
                name="content_scope_listed",
            ),
            models.Index(
                fields=["prefix", "-published_at"],
                condition=models.Q(is_listed=True, is_excluded=False, is_urgent=True),
                name="content_scope_urgent",
            ),
        )

    def __str__(self) -> str:
        return f"{'-' if self.is_excluded else '+'}{self.prefix}"


class ScopeGeneration(models.Model):
    """Counted up in the transaction of every push, edit or withdrawal that touches the prefix. Part of every page's
    cache key and ETag: one row makes the pages of all halls below it stale at commit."""

    direction: ClassVar[Direction] = Direction.DOWN

    prefix = models.CharField(max_length=12, primary_key=True)
    generation = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.prefix} {self.generation}"


class HallPushDecision(PublicRow):
    """What a hall decided about one push; there is a row only where a hall acted."""

    direction: ClassVar[Direction] = Direction.UP

    class Decision(models.TextChoices):
        ADOPTED = "adopted", "已采用"
        DECLINED = "declined", "不采用"
        MOVED = "moved", "已调整栏目"

    hall_id = models.UUIDField()
    push_id = models.UUIDField()
    # a hall that declined a manuscript is not offered it again
    manuscript_id = models.UUIDField()
    decision = models.CharField(max_length=8, choices=Decision)
    column = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=LONGEST_SHORT_REASON, blank=True)
    decided_by_name = models.CharField(max_length=40)
    # of the push, copied so that a hall's adopted pushes are one index range
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hall_id", "push_id"], name="one_decision_per_hall_and_push"),)
        indexes = (
            models.Index(fields=["push_id", "decision"], name="content_decision_push"),
            models.Index(fields=["manuscript_id", "decision"], name="content_decision_text"),
            models.Index(
                fields=["hall_id", "column", "-published_at", "-push_id"],
                condition=models.Q(decision__in=("adopted", "moved")),
                name="content_decision_listed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.decision}"


class PushProof(PublicRow):
    """What a reader saw on every hall's site, fetched over HTTP. Never changed once it is finished.

    The roster (which halls, by what name and address, as of the beginning) and the batches of rows are packed; the
    digest goes over all of them in order (queries/pushes/evidence.py) and stands in the audit when the proof ends.
    """

    direction: ClassVar[Direction] = Direction.LOCAL

    push = models.ForeignKey(Push, on_delete=models.CASCADE, related_name="proofs")
    # of the push: a later turn ends the proof, which can no longer be right
    turn = models.PositiveIntegerField()
    expects = models.CharField("应看到", max_length=10, choices=PageAnswer)
    # what exactly every place must show (looking/expectations.py)
    expectation = models.JSONField()
    vantage = models.CharField("查看方", max_length=7, choices=Vantage, default=Vantage.INSIDE)
    # of the one who looked from outside
    looker_id = models.UUIDField(null=True)
    looker_name = models.CharField("查看人", max_length=40, blank=True)
    # the address of this machine at which all sites were asked; empty: each by its own name, through DNS
    address = models.CharField("核验地址", max_length=80, blank=True)
    started_at = models.DateTimeField()
    progress_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_overtaken = models.BooleanField(default=False)
    roster = models.BinaryField()
    expected = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["push", "-started_at"], name="content_proof_push"),
            models.Index(fields=["progress_at"], condition=models.Q(finished_at=None), name="content_proof_unfinished"),
        )

    def __str__(self) -> str:
        return f"{self.push_id} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_from_inside(self) -> bool:
        return self.vantage == Vantage.INSIDE


class ProofBatch(PublicRow):
    """Some hundred rows of a proof, packed as they were taken; ``digest``: of the proof up to here. ``wrong`` and
    ``unreachable``: numbers of the halls among them that were so, to be found without unpacking."""

    direction: ClassVar[Direction] = Direction.LOCAL

    proof = models.ForeignKey(PushProof, on_delete=models.CASCADE, related_name="batches", db_index=False)
    number = models.PositiveIntegerField()
    rows = models.BinaryField()
    wrong = ArrayField(models.IntegerField(), default=list)
    unreachable = ArrayField(models.IntegerField(), default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["proof", "number"], name="one_proof_batch_per_number"),)

    def __str__(self) -> str:
        return f"{self.proof_id} {self.number}"
