from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.editing.models import Draft, SubmittedVersion
from foundation.editing.reasons import LONGEST_REASON
from foundation.rows import HallRow
from province.catalogue.models.imports import FileLine
from province.catalogue.states import AdoptionState, HallGuideState, ImportState


class Adoption(Draft, HallRow):
    """An item that the hall has adopted (认领), with the draft of its own guide. Citizens read the published one."""

    item_id = models.UUIDField()
    state = models.CharField(max_length=9, choices=AdoptionState, default=AdoptionState.ADOPTED)
    guide_state = models.CharField(max_length=9, choices=HallGuideState, default=HallGuideState.FILLING)
    # the newest version of the item that the hall has accepted
    version_number = models.PositiveIntegerField()
    # the version for which the draft is written: that one, or a newer one that the hall is about to accept
    draft_number = models.PositiveIntegerField()
    # the hall's guide by elements, and how much of what it needs is there, in percent
    values = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(default=0)
    published = models.ForeignKey(
        "HallGuideVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    # of what citizens read: as HallItem has it
    contradictions = ArrayField(models.CharField(max_length=32), default=list)
    lacks = ArrayField(models.CharField(max_length=16), default=list)
    stop_reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    # the hall's department whose people fill it in; None: only those who work for the whole hall do
    unit_id = models.UUIDField(null=True)
    # 曾用编码: the 实施编码 that the hall has had for it, and for what it has succeeded, the earliest first
    former_task_codes = ArrayField(models.CharField(max_length=36), default=list)
    # mergers and splits of its item that it has followed, and what of it the hall's editor has to look at since
    followed_ids = ArrayField(models.UUIDField(), default=list)
    to_settle = ArrayField(models.CharField(max_length=400), default=list)
    # the assignment by which it came from above, if it did
    assignment_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item_id"], name="one_adoption_per_item"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class HallGuideVersion(SubmittedVersion, HallRow):
    """The hall's guide of an item (实施清单) as it was submitted, and what was decided on it. Its content never
    changes; a case will name it beside the item's version.
    """

    # the constraint below is its index
    adoption = models.ForeignKey(Adoption, on_delete=models.CASCADE, related_name="hall_guides", db_index=False)
    # the version of the item for which it was written
    item_version_id = models.UUIDField()
    item_version_number = models.PositiveIntegerField()
    values = models.JSONField()
    # None: nobody has decided yet
    is_passed = models.BooleanField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    reviewer_name = models.CharField(max_length=40, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["adoption", "number"], name="one_hall_guide_version_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.adoption_id} v{self.number}"


class HallDefaults(HallRow):
    """What this hall says once (常用信息) for all items of a department or, without a department, for all items."""

    department_id = models.UUIDField(null=True)
    values = models.JSONField(default=dict)
    edited_by_name = models.CharField(max_length=40, blank=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["department_id"], nulls_distinct=False, name="one_set_of_hall_defaults_per_department"
            ),
        )

    def __str__(self) -> str:
        return str(self.department_id or "全部事项")


class GuideImport(HallRow):
    """A file of the hall's guides that somebody sent, from its preview to its drafts. Seen by that person alone."""

    file_name = models.CharField("文件名", max_length=200)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=40)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.READY)
    # what is wrong or was left out beside the items: lists of place and message
    faults = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class GuideImportLine(FileLine, HallRow):
    """One guide of the file, compared with the hall's draft."""

    # the constraint below leads with it
    upload = models.ForeignKey(GuideImport, on_delete=models.CASCADE, related_name="lines", db_index=False)
    # the draft with which it was compared
    adoption_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["upload", "position"], name="one_guide_import_line_per_position"),
        )
