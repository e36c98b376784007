"""Runs of flows, whose turn it is in them, and what was done. A run's state is where its tokens are."""

from datetime import datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from standards.workdays import ASSUMED_BRIEFLY
from tenants.workflow.models.filled import FilledForm, FilledMoment
from tenants.workflow.models.flows import FlowVersion
from tenants.workflow.states import ItemPart, RunStatus, WorkState

LONGEST_OPINION = 1_000


def _words_of_end(moment: datetime) -> str:
    ends = timezone.localtime(moment)
    if ends.time() == time.min:
        return in_words(ends - timedelta(days=1), "n月j日")
    return in_words(ends, "n月j日 H:i")


class Run(HallRow):
    """One run of a flow. It stays on its version until it is moved. Every act holds this row first."""

    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="runs")
    # to be said on the telephone
    number = models.PositiveIntegerField("编号")
    title = models.CharField("标题", max_length=120)
    status = models.CharField("状态", max_length=10, choices=RunStatus, default=RunStatus.RUNNING)
    initiator_id = models.UUIDField()
    initiator_name = models.CharField(max_length=40)
    # the initiator's department when it began
    unit_id = models.UUIDField(null=True)
    filled = models.OneToOneField(FilledForm, on_delete=models.PROTECT, null=True, related_name="run")
    # standards.flows.running.RunState
    state = models.JSONField(default=dict)
    # step → account ids that an earlier step's person has chosen for it
    chosen = models.JSONField(default=dict)
    # counts acts: what somebody read before the last of them is old
    revision = models.PositiveIntegerField(default=0)
    # of the form that was sent: sent twice, it starts one run
    form_key = models.UUIDField(null=True)
    # the item of another run that waits for this one
    parent_item = models.ForeignKey("WorkItem", on_delete=models.SET_NULL, null=True, related_name="child_runs")
    ended_at = models.DateTimeField(null=True)
    # whether it is about something of another app (RUN_SUBJECTS); None: it began before this was kept
    is_owned = models.BooleanField(null=True)
    # since when the time of its steps stands; None: it runs
    stands_since = models.DateTimeField(null=True)
    # from when until when it stood before, in order: what steps are counted anew by
    stood = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="one_run_per_number"),
            models.UniqueConstraint(fields=["form_key"], name="one_run_per_form_key"),
        )
        indexes = (
            models.Index(fields=["initiator_id", "-id"], name="workflow_run_of_initiator"),
            models.Index(fields=["version", "-id"], condition=models.Q(ended_at=None), name="workflow_run_open"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class WorkItem(HallRow):
    """What one person, or one of several, has to do at a step of a run; or what the run itself waits for there."""

    # the index below leads with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items", db_index=False)
    # of the run's state
    token = models.PositiveIntegerField()
    step = models.CharField(max_length=40)
    label = models.CharField("环节", max_length=100)
    part = models.CharField(max_length=9, choices=ItemPart, default=ItemPart.MAIN)
    state = models.CharField("状态", max_length=9, choices=WorkState)
    # whose it is; None: of those who may claim it, or of the clock and of programs
    owner_id = models.UUIDField(null=True)
    owner_name = models.CharField(max_length=40, blank=True)
    # who gave it on, asked for it or added it
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    # whose turn is next, where people follow one another
    place = models.PositiveSmallIntegerField(default=0)
    # how often the step has begun in this run, this time counted
    round = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=40, blank=True)
    opinion = models.CharField("意见", max_length=LONGEST_OPINION, blank=True)
    due_at = models.DateTimeField("期限", null=True)
    was_late = models.BooleanField(default=False)
    urged_at = models.DateTimeField(null=True)
    # why a program could not do it
    failure = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    # in place of ``due_at`` while the run's time stands: when it would have been over by itself
    stood_due_at = models.DateTimeField(null=True)
    # where what the run is about ends earlier, which then is ``due_at``: when it would be over by itself
    own_due_at = models.DateTimeField(null=True)
    # ``due_at`` lies behind a year without a notice of its holidays
    is_due_assumed = models.BooleanField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["run", "token"], name="workflow_item_of_run"),
            # what is somebody's now, in the order of the inbox: read and counted on every page
            models.Index(
                fields=["owner_id", "due_at", "id"], condition=models.Q(state="claimed"), name="workflow_item_mine"
            ),
            models.Index(fields=["owner_id", "-done_at"], condition=models.Q(state="done"), name="workflow_item_done"),
            # what anybody has now, in the same order
            models.Index(fields=["due_at", "id"], condition=models.Q(state="claimed"), name="workflow_item_due"),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.step} {self.state}"

    @property
    def is_standing(self) -> bool:
        """Whether its time stands, as that of the whole run."""
        return self.stood_due_at is not None

    @property
    def days_here(self) -> int:
        """How many midnights have passed since the run came to the step."""
        return (timezone.localdate() - timezone.localdate(self.created_at)).days

    @property
    def due_words(self) -> str:
        """Until when, as people say it: a time that ends with its day by that day; "" without a limit."""
        return _words_of_end(self.due_at) if self.due_at else ""

    @property
    def is_assumed(self) -> bool:
        return bool(self.is_due_assumed)

    @property
    def assumed_words(self) -> str:
        """That ``due_at`` is one that nobody has published yet, as a cell says it; "" where it is known."""
        return ASSUMED_BRIEFLY if self.is_due_assumed else ""

    @property
    def assumed_remark(self) -> str:
        """The words of ``assumed_words``, to stand behind the day in a sentence."""
        return f"（{ASSUMED_BRIEFLY}）" if self.is_due_assumed else ""

    @property
    def cut_words(self) -> str:
        """Why it is due before its own time is over; "" where it is not."""
        if self.own_due_at is None:
            return ""
        return f"以整件的时限为准，环节本身的时限到 {_words_of_end(self.own_due_at)}"

    @property
    def due_remarks(self) -> str:
        """What there is to say of its day, as a cell of an export has it."""
        return "；".join(one for one in (self.assumed_words, self.cut_words) if one)

    @property
    def wakes_at(self) -> datetime | None:
        """When the clock looks at it next: at its end, and where that was cut, once more when its own time is over."""
        return self.own_due_at if self.was_late else self.due_at


class WorkCandidate(HallRow):
    """Who may claim an item: one row for a person, a role or a department, however many people that are."""

    # the constraint below leads with it
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="candidates", db_index=False)
    # ``account:<id>``, ``role:<code or id>``, ``role:<code or id>@<unit>``, ``unit:<id>``, ``title:<words>``
    key = models.CharField(max_length=100)
    # whether the item waits to be claimed
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "key"], name="one_work_candidate_per_key"),)
        indexes = (models.Index(fields=["key"], condition=models.Q(is_open=True), name="workflow_to_claim"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.key}"


class RunCopy(HallRow):
    """抄送: somebody is shown a run."""

    # the constraint below leads with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="copies", db_index=False)
    account_id = models.UUIDField()
    by_name = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "account_id"], name="one_copy_per_run_and_person"),)
        indexes = (models.Index(fields=["account_id", "-id"], name="workflow_copy_of_account"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.account_id}"


class RunAct(HallRow):
    """One thing that was done in a run, in the order of the ids. It never changes."""

    # the index below leads with it
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="acts", db_index=False)
    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    act = models.CharField(max_length=24)
    step_label = models.CharField(max_length=100, blank=True)
    by_id = models.UUIDField(null=True)
    # with whom it was done for: 李明 代 王芳
    by_name = models.CharField(max_length=80)
    # whom it went to, or the step: in words
    to = models.CharField(max_length=200, blank=True)
    outcome_label = models.CharField(max_length=100, blank=True)
    opinion = models.CharField(max_length=LONGEST_OPINION, blank=True)
    # what the form said then
    moment = models.ForeignKey(FilledMoment, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            FrozenFields(
                fields=["run", "item", "act", "step_label", "by_id", "by_name", "to", "outcome_label", "opinion"],
                name="run_act_stays",
            ),
        )
        # put in order when they are read: the index keeps a run once for all of them
        indexes = (models.Index(fields=["run"], name="workflow_act_of_run"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.act}"
