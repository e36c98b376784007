"""What people fill in on the console's pages about items, besides an item itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from province.catalogue.queries.reviews import AnsweredReason
from standards.flows.bpmn.xml import LARGEST
from standards.items.codelists import FAMILY_OF, TYPES_OF, Family, ItemType

# within a year every hall has found the time
_LONGEST_GRACE: Final = 365
# days in which halls usually look through a new version
USUAL_GRACE: Final = 30
_CHOOSE: Final = ("", "请选择")
_ANSWER: Final = re.compile(r"answer-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def types_by_family() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every type of item under its family."""
    return [
        (str(family.label), [(one.value, str(one.label)) for one in ItemType if one in TYPES_OF[family]])
        for family in Family
    ]


class NewItemForm(FaultyForm):
    """A type belongs to one family alone, so that nobody can choose two that do not go together."""

    name = forms.CharField(label="事项名称", max_length=200, help_text="与法律法规中的说法一致，例如：食品经营许可。")
    item_type = forms.ChoiceField(label="类别和类型", choices=lambda: [_CHOOSE, *types_by_family()])
    basic_code = forms.CharField(
        label="基本编码",
        max_length=12,
        help_text="12 位数字。国家基本目录公布的以 00 开头；自编的以本省代码开头，不能用 00。",
    )
    department = forms.ChoiceField(label="主管部门")

    def __init__(self, *args: Any, departments: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in departments]
        self.offer("department", names if len(names) == 1 else [_CHOOSE, *names])

    def family(self) -> Family:
        return FAMILY_OF[self.cleaned_data["item_type"]]


class ItemFileForm(FaultyForm):
    file = forms.FileField(
        label="事项文件",
        help_text="Excel 工作簿（.xlsx）、JSON（.json）或国家交换格式的 XML（.xml），最多 20,000 个事项、40 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json,.xml"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择要导入的文件。"},
    )


class FormFileForm(FaultyForm):
    """A form that a hall has designed, as it was brought out there."""

    file = forms.FileField(
        label="表单文件",
        help_text="在服务厅的表单设计里点“导出”得到的文件（.json）。",
        widget=forms.FileInput(attrs={"accept": ".json"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择文件。"},
    )

    def content(self) -> bytes:
        """Raises Invalid for what is larger than any flow may be."""
        return self.content_of("file", most=LARGEST)


class FlowFileForm(FormFileForm):
    """A flow that a hall has drawn, or a drawing of another program."""

    file = forms.FileField(
        label="流程文件",
        help_text="在服务厅的流程设计里点“导出”得到的文件（.json），或者 BPMN 2.0 图（.bpmn）。",
        widget=forms.FileInput(attrs={"accept": ".json,.bpmn,.xml"}),
        error_messages={"empty": "文件是空的，请检查后再上传。", "required": "请选择文件。"},
    )


class ItemReviewForm(FaultyForm):
    """One office's decision; ``reason`` is an opinion when it passes, and needed when it returns."""

    reason = forms.CharField(
        label="意见",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回时必填，编写部门会看到。",
    )


class PublishForm(FaultyForm):
    when = forms.ChoiceField(
        label="什么时候开始施行",
        choices=[("now", "今天起，提交后立即施行"), ("day", "以后的某一天零时起")],
        initial="now",
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label="施行日期", required=False)
    grace_days = forms.IntegerField(
        label="各服务厅最迟在施行后几天换用",
        required=False,
        min_value=0,
        max_value=_LONGEST_GRACE,
        help_text="在此期间各厅核对本厅填写的内容并接受新版，尚未接受的仍显示旧版；到期一律显示新版。"
        "依法必须立即执行的，填 0。",
    )

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if filled.get("when") == "day" and "valid_from" in filled:
            day = filled["valid_from"]
            if day is None:
                self.add_error("valid_from", "请选择施行日期。")
            elif day <= timezone.localdate():
                self.add_error("valid_from", "施行日期应在今天以后；今天就施行，请选“今天起”。")
        return filled

    def begins_at(self) -> datetime | None:
        """None: now."""
        if self.cleaned_data["when"] == "now":
            return None
        day = self.cleaned_data["valid_from"]
        return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())

    def required_from(self) -> datetime | None:
        """None: as soon as it begins."""
        days = self.cleaned_data.get("grace_days")
        return (self.begins_at() or timezone.now()) + timedelta(days=days) if days else None


def answers_posted(posted: Mapping[str, str]) -> dict[UUID, str]:
    """What somebody answers to the reasons of a return, by the review's id, as the fields of ``answers.html`` have
    it."""
    return {
        UUID(found[1]): text
        for name, text in posted.items()
        if (found := _ANSWER.fullmatch(name)) and isinstance(text, str)
    }


def reasons_posted(reasons: Iterable[AnsweredReason], posted: Mapping[str, str]) -> list[AnsweredReason]:
    """The reasons to answer, with what was typed already."""
    typed = answers_posted(posted)
    return [replace(one, answer=typed.get(one.review.pk, one.answer)) for one in reasons]


class SuspendForm(FaultyForm):
    reason = forms.CharField(label="暂停的原因", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    is_urgent = forms.BooleanField(
        label="紧急，先行暂停",
        required=False,
        help_text="提交后所有服务厅立即不再显示；一天内须由另一人确认，否则自动恢复。",
    )


class AbolishForm(FaultyForm):
    reason = forms.CharField(label="废止的原因", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    knows_uses = forms.BooleanField(label="我知道还有服务厅在使用，仍要废止", required=False)
