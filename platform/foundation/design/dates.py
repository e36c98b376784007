"""Days and moments as people here write them: year, month, day.

A browser's own date input shows what its language says, and a month first was read as a day. So they are texts, read in
every usual way of writing with the year first.
"""

from datetime import date, datetime
from typing import Any, Final

from django import forms

_DAYS: Final = ("%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_MOMENTS: Final = (
    *("%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H:%M", "%Y-%m-%dT%H:%M"),
    *("%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M"),
)
DAY_EXAMPLE: Final = "2026-11-29"
_MOMENT_EXAMPLE: Final = "2026-11-29 08:30"


class DayField(forms.DateField):
    """A day, written year first. ``help_text`` stands before the words on how to write it."""

    def __init__(self, *, help_text: str = "", **options: Any) -> None:
        widget = forms.DateInput(
            attrs={"placeholder": DAY_EXAMPLE, "autocomplete": "off", "maxlength": 12}, format="%Y-%m-%d"
        )
        message = f"请按年、月、日的次序填写，如 {DAY_EXAMPLE} 或 2026年11月29日。"
        super().__init__(
            widget=widget,
            input_formats=_DAYS,
            help_text=f"{help_text}年月日，如 {DAY_EXAMPLE}。",
            error_messages={"invalid": message},
            **options,
        )


class MomentField(forms.DateTimeField):
    """A day with its time, written year first. ``help_text`` stands before the words on how to write it."""

    def __init__(self, *, help_text: str = "", **options: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"placeholder": _MOMENT_EXAMPLE, "autocomplete": "off"}, format="%Y-%m-%d %H:%M"
        )
        example = f"{_MOMENT_EXAMPLE} 或 2026年11月29日 08:30"
        super().__init__(
            widget=widget,
            input_formats=_MOMENTS,
            help_text=f"{help_text}按年、月、日的次序填写，如 {example}。",
            error_messages={"invalid": f"请按年、月、日、时、分的次序填写，如 {_MOMENT_EXAMPLE}。"},
            **options,
        )


def iso_day(text: str) -> str:
    """The day that somebody wrote as ``2026-11-29``; what is none, as it is."""
    for form in _DAYS:
        try:
            return _day(text, form).isoformat()
        except ValueError:
            continue
    return text


def _day(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
