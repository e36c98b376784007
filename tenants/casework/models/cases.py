"""Cases, what was handed in with them, and what was done."""

from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import OpClass
from django.db import models

from foundation.frozen import FrozenFields
from foundation.pressing import PressedJSONField
from foundation.rows import HallRow
from province.cases.models import LONGEST_CASE_NUMBER, SHORT_NUMBER
from province.cases.states import OPEN_CASES, CaseChannel, CaseOutcome, CaseState
from standards.items.codelists import CaseType
from tenants.casework.models.packages import PackageApplication, number_backwards
from tenants.casework.models.serving import SERVING_WORDS, Serving, serving_of
from tenants.casework.models.setups import CaseSetup
from tenants.casework.states import LackingState, MaterialState, ServiceTask
from tenants.workflow.models import FilledForm, Run

LONGEST_SAID = 2_000
# done by nobody of this hall
_OF_HALLS = frozenset({"receive", "bring_result", "have_again", "bring_the_rest", "bring_lacking"})


class Case(HallRow):
    """办件: one application. It stays on the version of the item and on the guide under which it was received. Who
    applied stands in the public schema (``CaseApplicant``), where columns are encrypted, under the case's id; what was
    filled in, in the form. Every act holds this row first."""

    setup = models.ForeignKey(CaseSetup, on_delete=models.PROTECT, related_name="cases", db_index=False)
    # 办件编号 (GB/T 39046)
    number = models.CharField("办件编号", max_length=LONGEST_CASE_NUMBER)
    item_id = models.UUIDField()
    handling_code = models.CharField(max_length=2, blank=True)
    item_version_id = models.UUIDField()
    hall_guide_id = models.UUIDField()
    item_name = models.CharField("事项", max_length=200)
    case_type = models.CharField("办件类型", max_length=9, choices=CaseType)
    channel = models.CharField("申请方式", max_length=7, choices=CaseChannel)
    state = models.CharField("状态", max_length=11, choices=CaseState, default=CaseState.RECEIVED)
    state_at = models.DateTimeField()
    outcome = models.CharField("决定", max_length=7, choices=CaseOutcome, blank=True)
    # the filled form makes one case however often it is sent
    filled = models.OneToOneField(FilledForm, on_delete=models.PROTECT, related_name="+")
    # 容缺受理: how it stands with what was promised; "": it was accepted whole, or not at all
    lacking = models.CharField("容缺", max_length=8, choices=LackingState, blank=True)
    # of the examination; None before it, and where the department decides by itself
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # 一件事: of which application it is a part, and which of its items; the constraint below leads with it
    package = models.ForeignKey(
        PackageApplication, on_delete=models.PROTECT, null=True, related_name="cases", db_index=False
    )
    package_place = models.PositiveSmallIntegerField(null=True)
    citizen_id = models.UUIDField(null=True)
    # whose people have it, None: those who work for the whole hall; of them, who has taken it
    unit_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    owner_name = models.CharField("承办人", max_length=80, blank=True)
    received_at = models.DateTimeField("收件时间")
    accepted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # nobody told the applicant in time: it counts as accepted from the day of receipt (行政许可法 art. 32)
    is_deemed_accepted = models.BooleanField(default=False)
    was_late = models.BooleanField(default=False)
    # counts acts: what somebody read before the last of them is old
    revision = models.PositiveIntegerField(default=0)
    # how documents are to reach the applicant, and what was served electronically (``serving``)
    service = PressedJSONField(null=True, words=(SERVING_WORDS,))
    # what the desk has still to do about what was served electronically; None: nothing
    service_task = models.CharField(max_length=8, choices=ServiceTask, null=True)  # noqa: DJ001 - costs nothing

    class Meta:
        constraints = (
            # by its hash: half as long, and whole numbers are all that is asked for
            ExclusionConstraint(name="one_case_per_number", expressions=[("number", "=")], index_type="hash"),
            # most have none
            models.UniqueConstraint(fields=["run"], condition=models.Q(run__isnull=False), name="one_case_per_run"),
            models.UniqueConstraint(
                fields=["package", "package_place"],
                condition=models.Q(package__isnull=False),
                name="one_case_per_part_of_package",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(accepted_at__isnull=False),
                name="no_decision_without_acceptance",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(lacking="") | models.Q(lacking=LackingState.COMPLETE),
                name="no_decision_before_all_is_in",
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "state"], condition=models.Q(ended_at=None), name="casework_open"),
            models.Index(fields=["state", "-id"], name="casework_state"),
            # of a department that has few among a million
            models.Index(fields=["unit_id", "-id"], name="casework_of_unit"),
            models.Index(fields=["setup", "-id"], name="casework_of_item"),
            models.Index(
                fields=["citizen_id", "-id"], condition=models.Q(citizen_id__isnull=False), name="casework_of_citizen"
            ),
            models.Index(
                fields=["lacking"], condition=~models.Q(lacking="") & models.Q(ended_at=None), name="casework_lacking"
            ),
            models.Index(
                fields=["service_task"], condition=models.Q(service_task__isnull=False), name="casework_service_task"
            ),
            # as people type it: the day and the serial number, or the end of them
            models.Index(OpClass(number_backwards(), "text_pattern_ops"), name="casework_by_end"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def short_number(self) -> str:
        """As people type and read it; another item's case of that day may have the same."""
        return self.number[-SHORT_NUMBER:]

    @property
    def applicant_id(self) -> UUID:
        """Of the row that says who applied: the case's own."""
        return self.pk

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CASES

    @property
    def serving(self) -> Serving:
        return serving_of(self.service)


class CaseMaterial(HallRow):
    """A material that the guide asks of this application; of a closed case it lies in its ``ArchiveSheet``. Its id is
    that of ``material_id``."""

    # the constraint below leads with it
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials", db_index=False)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField("材料", max_length=200)
    is_needed = models.BooleanField(default=True)
    state = models.CharField("情况", max_length=10, choices=MaterialState, default=MaterialState.MISSING)
    # of the form, whose files it is; "": on paper alone
    field = models.CharField(max_length=40, blank=True)
    # 容缺: by when it is promised
    owed_until = models.DateField(null=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "position"], name="one_material_per_position"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


def material_id(case_id: UUID, position: int) -> UUID:
    """Follows from its case, so that the row of a closed case need not keep it."""
    return UUID(int=case_id.int ^ (position + 1))


class CaseAct(HallRow):
    """One thing that was done with a case, in the order of the ids. It never changes; of a closed case it lies in its
    ``ArchiveSheet`` (``queries.held`` finds both)."""

    # the index below leads with it
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="acts", db_index=False)
    act = models.CharField(max_length=24)
    # of the staff; an applicant has neither id nor name here
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80, blank=True)
    state = models.CharField("之后的状态", max_length=11, choices=CaseState)
    # what the applicant is told
    said = models.CharField("告知", max_length=LONGEST_SAID, blank=True)
    # what the staff alone read
    note = models.CharField("内部说明", max_length=LONGEST_SAID, blank=True)

    class Meta:
        constraints = (
            FrozenFields(fields=["case", "act", "by_id", "by_name", "state", "said", "note"], name="case_act_stays"),
        )
        # its few acts are put in order when they are read: the index keeps a case once for all of them
        indexes = (models.Index(fields=["case"], name="casework_act"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"

    @property
    def is_of_applicant(self) -> bool:
        return self.by_id is None and not self.by_name

    @property
    def of_hall(self) -> str:
        """The name of the other hall that did it (a case that came from there, its decision); "" for all others."""
        return self.by_name if self.by_id is None and self.act in _OF_HALLS else ""
