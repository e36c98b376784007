"""What people fill in about calendars."""

from typing import Any

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from province.workdays.models import LONGEST_AUTHORITY, LONGEST_HOLIDAY, LONGEST_NUMBER, YearCalendar
from province.workdays.queries.years import FIRST_YEAR, LAST_YEAR
from standards.workdays.notices import LONGEST_NOTICE


class YearForm(FaultyForm):
    """Which year of which place, and what the editor saw of it."""

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class TurnForm(YearForm):
    day = forms.DateField()
    name = forms.CharField(required=False, max_length=LONGEST_HOLIDAY)


class NoticeForm(YearForm):
    text = forms.CharField(
        label="通知全文",
        max_length=LONGEST_NOTICE,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="把放假安排通知从标题到落款全部粘贴进来，先看看读懂了什么，再存为草稿。",
    )


class DaysFileForm(YearForm):
    file = forms.FileField(
        label="日历表",
        help_text="Excel 工作簿（.xlsx），列为日期、安排（放假或上班）、节日。表里没有的日子按星期几算。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )


class CalendarPublicationForm(FaultyForm):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    authority = forms.CharField(
        label="发文机关", max_length=LONGEST_AUTHORITY, error_messages={"required": "请填写发文机关。"}
    )
    number = forms.CharField(
        label="文号",
        max_length=LONGEST_NUMBER,
        help_text="例如：国办发明电〔2025〕7号。",
        error_messages={"required": "请填写文号。"},
    )
    issued_on = DayField(label="发文日期")

    @classmethod
    def of(cls, calendar: YearCalendar, posted: Any = None) -> "CalendarPublicationForm":
        names = ("revision", "authority", "number", "issued_on")
        return cls(posted, initial={name: getattr(calendar, name) for name in names})
