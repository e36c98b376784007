"""Shifts, whose turn it is on a day, who asks somebody to take theirs, and who has taken whose turn."""

from datetime import date, datetime, timedelta

from django.db import models

from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from tenants.duty.states import OPEN_SWAPS, DutyDays, DutyPart, SwapState

LONGEST_SHIFT_NAME = 20
LONGEST_REASON = 200


class DutyShift(HallRow):
    """班次: from when to when somebody is on duty, on which days, for the hall or for one department. None is deleted:
    what was kept by it stays readable."""

    name = models.CharField("名称", max_length=LONGEST_SHIFT_NAME)
    # None: the whole hall
    unit_id = models.UUIDField(null=True)
    starts_at = models.TimeField("开始")
    # not after the beginning: on the next day
    ends_at = models.TimeField("结束")
    days = models.CharField("哪些天", max_length=5, choices=DutyDays, default=DutyDays.EVERY)
    needs_leader = models.BooleanField("要带班领导", default=True)
    is_in_use = models.BooleanField("在用", default=True)
    # counts changes: who saves over a newer state is refused
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(is_in_use=True), name="one_duty_shift_in_use_per_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> str:
        """17:30—次日 08:30."""
        next_day = "次日 " if self.ends_at <= self.starts_at else ""
        return f"{self.starts_at:%H:%M}—{next_day}{self.ends_at:%H:%M}"

    def covers(self, on: date, moment: datetime) -> bool:
        """Whether the shift that begins on that day holds at this moment of the hall's clock (naive)."""
        ends_on = on + timedelta(days=int(self.ends_at <= self.starts_at))
        return datetime.combine(on, self.starts_at) <= moment < datetime.combine(ends_on, self.ends_at)

    def is_kept_on(self, *, is_workday: bool) -> bool:
        return self.days == DutyDays.EVERY or (self.days == DutyDays.WORK) == is_workday


class DutyTurn(HallRow):
    """That somebody is on duty in a shift that begins on this day."""

    on = models.DateField("日期")
    # the constraint below finds a day's; a shift is never deleted
    shift = models.ForeignKey(DutyShift, on_delete=models.PROTECT, related_name="turns", db_index=False)
    part = models.CharField("值班身份", max_length=6, choices=DutyPart)
    account_id = models.UUIDField()
    account_name = models.CharField("姓名", max_length=40)
    # among those of the same shift and part
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["on", "shift", "part", "account_id"], name="one_duty_turn_per_person_and_shift"
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.account_name}"


class DutySwap(HallRow):
    """换班: somebody took somebody's turn. It never changes."""

    on = models.DateField("日期")
    shift = models.ForeignKey(DutyShift, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=6, choices=DutyPart)
    from_id = models.UUIDField()
    from_name = models.CharField("原值班人", max_length=40)
    to_id = models.UUIDField()
    to_name = models.CharField("接班人", max_length=40)
    reason = models.CharField("原因", max_length=LONGEST_REASON)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = (
            FrozenFields(
                fields=["on", "shift", "part", "from_id", "from_name", "to_id", "to_name", "reason", "by_name"],
                name="duty_swap_stays",
            ),
        )
        indexes = (models.Index(fields=["on"], name="duty_swap_of_day"),)

    def __str__(self) -> str:
        return f"{self.on} {self.from_name} → {self.to_name}"


class SwapRequest(HallRow):
    """换班申请: somebody asks a colleague to take their turn, or to change turns with them. The turns are named by day,
    shift and part: writing the roster anew makes new rows of them."""

    on = models.DateField("日期")
    shift = models.ForeignKey(DutyShift, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField("值班身份", max_length=6, choices=DutyPart)
    from_id = models.UUIDField()
    from_name = models.CharField("申请人", max_length=40)
    to_id = models.UUIDField()
    to_name = models.CharField("对方", max_length=40)
    # the turn that is given in return; None: none is
    other_on = models.DateField("换来的日期", null=True)
    other_shift = models.ForeignKey(DutyShift, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField("原因", max_length=LONGEST_REASON)
    state = models.CharField("状态", max_length=9, choices=SwapState, default=SwapState.ASKED)
    # why it was refused or declined
    said = models.CharField("答复", max_length=LONGEST_REASON, blank=True)
    # who confirmed or declined it
    decided_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["on", "shift", "part", "from_id"],
                condition=models.Q(state=SwapState.ASKED) | models.Q(state=SwapState.AGREED),
                name="one_open_swap_request_per_turn",
            ),
            FrozenFields(
                fields=[
                    *("on", "shift", "part", "from_id", "from_name", "to_id", "to_name"),
                    *("other_on", "other_shift", "reason"),
                ],
                name="duty_swap_request_stays",
            ),
        )
        indexes = (
            models.Index(fields=["to_id", "-id"], name="duty_swap_request_to"),
            models.Index(fields=["from_id", "-id"], name="duty_swap_request_from"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.from_name} → {self.to_name} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_SWAPS

    @property
    def turn_words(self) -> str:
        """12月3日 夜班 值班员."""
        return f"{self.on.month}月{self.on.day}日 {self.shift.name} {DutyPart(self.part).label}"

    @property
    def other_words(self) -> str:
        """As ``turn_words``, of the turn in return; "" where there is none."""
        if self.other_on is None or self.other_shift is None:
            return ""
        return f"{self.other_on.month}月{self.other_on.day}日 {self.other_shift.name} {DutyPart(self.part).label}"

    @property
    def said_words(self) -> str:
        """What is asked, as one line says it."""
        return f"{self.turn_words}换成{self.other_words}" if self.other_on else f"代{self.turn_words}"
