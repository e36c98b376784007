"""What the province knows of cases. ``CaseReport.id`` is the case's own."""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow
from province.cases.states import (
    OPEN_CASES,
    CaseChannel,
    CaseOutcome,
    CaseState,
)
from province.halls.models import Hall
from standards.items.codelists import CaseType

LONGEST_CASE_NUMBER = 50
# digits at the end of a number: the day, and how many there were of the item, or of all packages, on it
SHORT_NUMBER = 12
# what is counted of a case, in the order of ``CaseReport.counted``; each is a column of every table of figures
MEASURES: Final = (
    *("received", "accepted", "decided", "granted"),
    # how it stands: one of these, once
    *("in_hand", "finished", "declined", "withdrawn", "terminated", "transferred"),
    *("late_statutory", "late_promised"),
    *("timed", "days", "promised_days"),
)
# columns of ``CaseFigure``: how many came by which way
CHANNELS: Final = tuple(f"by_{one}" for one in CaseChannel)


class CaseReport(PublicRow):
    """How one case stands, reported by its hall in the transaction of each change: no name, no word of what was applied
    for."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # 办件编号
    number = models.CharField(max_length=LONGEST_CASE_NUMBER)
    item_id = models.UUIDField()
    item_name = models.CharField(max_length=200)
    # who applied, where they were signed in
    citizen_id = models.UUIDField(null=True)
    case_type = models.CharField(max_length=9, choices=CaseType)
    channel = models.CharField(max_length=7, choices=CaseChannel)
    state = models.CharField(max_length=11, choices=CaseState)
    outcome = models.CharField(max_length=7, choices=CaseOutcome, blank=True)
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    # 容缺: the applicant has still to bring what was promised
    owes_materials = models.BooleanField(default=False)
    # a decision, or that nothing comes of it, was served electronically and nobody has opened it
    is_unopened = models.BooleanField(default=False, db_default=False)
    # fen that the applicant has to pay now
    owed_fen = models.PositiveBigIntegerField(default=0)
    # some limit of the hall's ran out before what it was for was done
    was_late = models.BooleanField(default=False)
    # in the feed of its hall: of the last change that was committed and numbered; 0: of none yet
    position = models.PositiveBigIntegerField(default=0)
    # something has changed since that number was given
    is_waiting = models.BooleanField(default=True)
    # what figures hold of it, by MEASURES; None: nothing yet (operations/figures.py)
    counted = ArrayField(models.SmallIntegerField(), null=True)
    # the department of its hall that has it, which stays; None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number"], name="one_case_report_per_number"),)
        indexes = (
            models.Index(fields=["hall", "received_on"], name="cases_of_hall"),
            models.Index(fields=["hall", "position"], condition=models.Q(is_waiting=False), name="cases_feed"),
            models.Index(fields=["id"], condition=models.Q(is_waiting=True), name="cases_waiting_for_feed"),
            # what figures ask of cases whose clocks run, which are few among all
            models.Index(
                fields=["id"],
                include=["hall", "case_type", "received_on", "item_id"],
                condition=models.Q(state__in=OPEN_CASES, counted__isnull=False),
                name="cases_in_hand",
            ),
            models.Index(
                fields=["citizen_id", "-id"], condition=models.Q(citizen_id__isnull=False), name="cases_of_citizen"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class CaseFeed(PublicRow):
    """How far the feed of a hall's cases is. ``id`` is the hall's own. Its positions only grow, and each stands for a
    change that was committed before the next one was given (operations/feed.py)."""

    direction: ClassVar[Direction] = Direction.UP

    position = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.pk} {self.position}"


class CountedCases(PublicRow):
    """How many cases of a hall, of those received in one month, stand how today. Counted of reports, in the
    transaction that numbers them; all of it can be counted again."""

    direction: ClassVar[Direction] = Direction.UP

    # the constraint leads with it
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    # its first day
    month = models.DateField()
    received = models.IntegerField()
    accepted = models.IntegerField()
    decided = models.IntegerField()
    granted = models.IntegerField()
    in_hand = models.IntegerField()
    finished = models.IntegerField()
    declined = models.IntegerField()
    withdrawn = models.IntegerField()
    terminated = models.IntegerField()
    transferred = models.IntegerField()
    # decided after the last day
    late_statutory = models.IntegerField()
    late_promised = models.IntegerField()
    # decided ones that had a promised time; working days that they took, and those that were promised
    timed = models.IntegerField()
    days = models.IntegerField()
    promised_days = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.hall_id} {self.month}"


class CaseFigure(CountedCases):
    """Of one type (办件类型), and by which way they came."""

    case_type = models.CharField(max_length=9, choices=CaseType)
    by_site = models.IntegerField()
    by_app = models.IntegerField(db_default=0)
    by_window = models.IntegerField()
    by_village = models.IntegerField()
    by_system = models.IntegerField()
    by_phone = models.IntegerField()
    by_handed = models.IntegerField()
    by_passed = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "month", "case_type"], name="one_case_figure_per_hall_and_month"),
        )
        indexes = (models.Index(fields=["month"], name="cases_figure_month"),)


class ItemFigure(CountedCases):
    """Of one item."""

    item_id = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hall", "month", "item_id"], name="one_item_figure_per_hall_and_month"),
        )
        indexes = (models.Index(fields=["month"], name="cases_item_figure_month"),)


class UnitFigure(CountedCases):
    """Of one department of the hall; ``unit_id`` None: of those who work for the whole hall."""

    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "month", "unit_id"], nulls_distinct=False, name="one_unit_figure_per_hall_and_month"
            ),
        )


class CaseOffer(PublicRow):
    """That a hall takes applications for an item, reported by it. ``id`` is the setup's own."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+", db_index=False)
    item_id = models.UUIDField()
    handling_code = models.CharField(max_length=2, blank=True)
    item_name = models.CharField(max_length=200)
    is_open = models.BooleanField()
    # the application form that is filled in now (standards.forms), for halls below that take applications in for this
    # one; None where it takes none
    form = models.JSONField(null=True)
    # of those that citizens apply for online: its materials and the promised time, for halls below where it is applied
    # for with other items at once (一件事); None for all others
    guide = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item_id", "handling_code", "hall"], name="one_case_offer_per_item"),
        )
        indexes = (models.Index(fields=["hall"], name="cases_offer_of_hall"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.item_id}"


class OpinionOffer(PublicRow):
    """That other halls may ask a department for its opinion on their 联办件, said by its hall."""

    direction: ClassVar[Direction] = Direction.UP

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="+", db_index=False)
    # None: those who work for the whole hall
    unit_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hall", "unit_id"], nulls_distinct=False, name="one_opinion_offer_per_department"
            ),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.unit_id}"
