"""What somebody fills in who merges or splits items."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from province.catalogue.states import SuccessionKind

_LONGEST_CODES = 2_000


class SuccessionForm(FaultyForm):
    """What is to be merged or split; the preview is made of it."""

    kind = forms.ChoiceField(
        label="要做什么",
        choices=[
            (SuccessionKind.MERGER.value, "合并：把别的事项并入这个事项"),
            (SuccessionKind.SPLIT.value, "拆分：把这个事项拆成几个"),
        ],
        initial=SuccessionKind.MERGER.value,
        widget=forms.RadioSelect,
    )
    codes = forms.CharField(
        label="别的事项的基本编码",
        max_length=_LONGEST_CODES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个。合并时写被并入的事项；拆分时写拆出来的新事项，它们要先编写、审核并公布。",
    )
    goes_on = forms.BooleanField(
        label="拆分后这个事项保留",
        required=False,
        help_text="保留的，原编码仍是它的；不保留的，原编码指向一个列出全部新事项的页面。",
    )
    begins_on = DayField(label="执行日期", required=False, help_text="那天零时执行。不填的，第二人确认后立即执行。")

    def begins_at(self) -> datetime | None:
        """None: with the confirmation."""
        day = self.cleaned_data.get("begins_on")
        return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()) if day else None

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        day = filled.get("begins_on")
        if day is not None and day <= timezone.localdate():
            self.add_error("begins_on", "执行日期应在今天以后；确认后立即执行的，请不填。")
        return filled


class AskedSuccessionForm(SuccessionForm):
    reason = forms.CharField(label="原因和依据", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
