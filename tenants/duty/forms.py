"""What people fill in about shifts, turns and swaps."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from tenants.duty.models import LONGEST_REASON, LONGEST_SHIFT_NAME, DutyShift, DutyTurn
from tenants.duty.operations.shifts import ShiftFacts
from tenants.duty.operations.turns import WrittenCell
from tenants.duty.queries.roster import DutyRosterPage
from tenants.duty.queries.staff import DutyStaff
from tenants.duty.queries.turns import other_turns
from tenants.duty.states import DutyDays, DutyPart

_LONGEST_CELL = 200


class ShiftForm(FaultyForm):
    name = forms.CharField(label="名称", max_length=LONGEST_SHIFT_NAME, help_text="例如：白班、夜班、全天。")
    unit_id = forms.ChoiceField(label="哪里的班", required=False)
    starts_at = forms.TimeField(label="开始", input_formats=["%H:%M"], widget=forms.TimeInput(format="%H:%M"))
    ends_at = forms.TimeField(
        label="结束",
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M"),
        help_text="不晚于开始的，算到第二天：17:30 到 08:30 是夜班，08:00 到 08:00 是全天。",
    )
    days = forms.ChoiceField(
        label="哪些天", choices=DutyDays.choices, help_text="工作日和节假日按本厅的工作日历，调休也算在内。"
    )
    needs_leader = forms.BooleanField(label="要带班领导", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, units: list[tuple[str, str]], shift: DutyShift | None = None) -> None:
        names = ("name", "unit_id", "starts_at", "ends_at", "days", "needs_leader", "revision")
        first = {name: getattr(shift, name) for name in names} if shift else {"needs_leader": True}
        super().__init__(data, initial=first)
        self.offer("unit_id", [("", "全厅"), *units])

    def facts(self) -> ShiftFacts:
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        unit_id = UUID(said["unit_id"]) if said["unit_id"] else None
        return ShiftFacts(**said | {"unit_id": unit_id, "days": DutyDays(said["days"])})


class RotationForm(FaultyForm):
    shift_id = forms.ChoiceField(label="班次")
    part = forms.ChoiceField(label="值班身份", choices=DutyPart.choices, initial=DutyPart.PERSON)
    names = forms.CharField(
        label="轮流的人", max_length=1_000, help_text="按次序写姓名，用顿号隔开；一天一位，轮完再从头来。"
    )
    first = DayField(label="从哪天")
    last = DayField(label="到哪天")

    def __init__(self, data: Any = None, *, shifts: Collection[DutyShift], first: date, last: date) -> None:
        super().__init__(data, prefix="rotation", initial={"first": first, "last": last})
        self.offer("shift_id", [(str(one.pk), one.name) for one in shifts if one.is_in_use])


class SwapForm(FaultyForm):
    to_id = forms.ChoiceField(label="换给谁", required=False)
    other_id = forms.ChoiceField(
        label="或者和哪一班对换", required=False, help_text="选了它，两个人互换；不选，就只是替班。"
    )
    reason = forms.CharField(label="原因", max_length=LONGEST_REASON)

    def __init__(self, data: Any = None, *, turn: DutyTurn, staff: DutyStaff) -> None:
        super().__init__(data)
        others = other_turns(turn)
        people = sorted((one for one in staff.labels.items() if one[0] != turn.account_id), key=lambda one: one[1])
        self.offer("to_id", [("", "（请选择）"), *((str(pk), label) for pk, label in people)])
        turns = [(str(one.pk), _called(one, staff)) for one in others]
        self.offer("other_id", [("", "（不对换）"), *turns])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("to_id")) == bool(data.get("other_id")):
            self.add_error("to_id", "换给一个人，或者和一班对换，请选其中一样。")
        return data


class SwapAnswerForm(FaultyForm):
    """Why not; ``is_needed``: it is told to both who agree."""

    said = forms.CharField(label="原因", max_length=LONGEST_REASON)

    def __init__(self, *, is_needed: bool) -> None:
        super().__init__()
        self.fields["said"].required = is_needed


class RosterFileForm(FaultyForm):
    file = forms.FileField(
        label="值班表",
        help_text="Excel 工作簿（.xlsx）或者 CSV。先导出一个月，在表里改好再导入。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )


def posted_cells(post: QueryDict, page: DutyRosterPage) -> Iterator[WrittenCell]:
    """The cells of a month as its form was sent, each with what stood there when the form was read."""
    for day in page.dates:
        for cell in day.cells:
            if cell.key in post:
                before = post.get(f"before.{cell.key}", "")[:_LONGEST_CELL]
                yield WrittenCell(cell.on, cell.shift.pk, cell.part, post.get(cell.key, "")[:_LONGEST_CELL], before)


def _called(turn: DutyTurn, staff: DutyStaff) -> str:
    name = staff.labels.get(turn.account_id, turn.account_name)
    part = DutyPart(turn.part).label
    return f"{turn.on.month}月{turn.on.day}日 {turn.shift.name} {part} {name}"
