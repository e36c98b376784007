"""What the hall's editors fill in."""

from typing import Any

from django import forms

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.editing.forms import TextForm
from foundation.html import html_of
from foundation.texts import SOURCE_LENGTH, TITLE_LENGTH
from province.content.models import MediaAccount
from province.halls.models import Hall
from province.workdays.models import LONGEST_HALL_NOTE
from province.workdays.states import HallDaysKind
from tenants.portal.models import Column
from tenants.portal.operations.decisions import DECLINE_REASONS
from tenants.portal.states import REVIEW_STEPS

_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SPANS = (("am", "上午"), ("pm", "下午"))
_PLACEHOLDERS = {("am", "from"): "08:30", ("am", "to"): "12:00", ("pm", "from"): "14:30", ("pm", "to"): "17:30"}


class ArticleForm(TextForm):
    title = forms.CharField(label="标题", max_length=TITLE_LENGTH, help_text="列表中约显示前 26 个字。")
    column = forms.ChoiceField(label="栏目")
    source = forms.CharField(
        label="来源", max_length=SOURCE_LENGTH, required=False, help_text="转载的文章必须注明来源。"
    )
    cover = forms.FileField(
        label="题图",
        required=False,
        help_text="显示在列表和首页头条。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    cover_alt = forms.CharField(label="题图上有什么", max_length=200, required=False)
    no_cover = forms.BooleanField(label="不要题图", required=False)

    def __init__(self, *args: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("column", columns)

    def clean_body(self) -> str:
        """Without JavaScript people write plain lines: each becomes a paragraph."""
        body: str = self.cleaned_data["body"]
        return body if "<" in body else html_of(body)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("cover") and not cleaned.get("cover_alt"):
            self.add_error("cover_alt", "请用一句话说明题图上有什么，读给看不见图片的人听。")
        return cleaned

    @property
    def texts(self) -> dict[str, Any]:
        """What ``save_article`` and ``create_article`` take."""
        return {name: value for name, value in self.cleaned_data.items() if "cover" not in name}


class ColumnForm(FaultyForm):
    name = forms.CharField(label="名称", max_length=20)
    code = forms.CharField(
        label="代码",
        max_length=32,
        help_text="网址里用的名字，小写字母开头，例如 dangjian。定下后不能改。",
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label="类型", choices=Column.Kind.choices, widget=forms.RadioSelect)
    parent = forms.ChoiceField(label="上级栏目", required=False)
    link_url = forms.CharField(label="链接地址", max_length=300, required=False, help_text="只有链接栏目需要填写。")
    body = forms.CharField(
        label="单页正文", required=False, widget=forms.Textarea, help_text="只有单页栏目会显示这里的内容。"
    )

    def __init__(self, *args: Any, parents: list[tuple[str, str]], column: Column | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("parent", [("", "（一级栏目）"), *parents])
        if column is not None:
            del self.fields["code"]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        return body if "<" in body else html_of(body)


class DeclineForm(forms.Form):
    reason = forms.CharField(label="不采用的原因", max_length=200)
    common_reasons = DECLINE_REASONS


class HallFactsForm(FaultyForm):
    """What a hall's editor may change of the hall's row; what is right, province.halls judges."""

    short_name = forms.CharField(label="简称", help_text="网站标题和手机桌面上显示。")
    slogan = forms.CharField(label="标语", required=False)
    accent_colour = forms.CharField(
        label="主题色",
        help_text="按钮、链接和标题用这个颜色，须与白色有足够对比。",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    address = forms.CharField(label="地址", required=False)
    phone = forms.CharField(label="电话", required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    organiser = forms.CharField(label="主办单位", required=False)
    site_code = forms.CharField(label="网站标识码", required=False, help_text="10 位数字。")
    icp_number = forms.CharField(label="ICP备案号", required=False)
    police_number = forms.CharField(label="公安备案号", required=False)

    @classmethod
    def of(cls, hall: Hall) -> "HallFactsForm":
        return cls(initial={name: getattr(hall, name) for name in cls.base_fields})


class HoursForm(forms.Form):
    """A week: two spans a day. The row keeps them as ``{"days": […], "from": …, "to": …}``, equal days together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(_DAYS, start=1):
            for span, name in _SPANS:
                for end, word in (("from", "开始"), ("to", "结束")):
                    self.fields[f"{span}_{end}_{number}"] = forms.TimeField(
                        label=f"{day}{name}{word}",
                        required=False,
                        error_messages={"invalid": "时间应写成 08:30 的形式。"},
                        input_formats=["%H:%M"],
                        # no browser's own control: many of them say 上午 and 下午 in their own language
                        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": _PLACEHOLDERS[span, end]}),
                    )

    @classmethod
    def of(cls, hall: Hall) -> "HoursForm":
        initial: dict[str, str] = {}
        for line in sorted(hall.opening_hours, key=lambda line: line["from"]):
            for day in line["days"]:
                free = next((span for span, _ in _SPANS if f"{span}_from_{day}" not in initial), None)
                if free:
                    initial |= {f"{free}_from_{day}": line["from"], f"{free}_to_{day}": line["to"]}
        return cls(initial=initial)

    @property
    def rows(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """Days with their spans, for the table."""
        return [
            (day, [(self[f"{span}_from_{number}"], self[f"{span}_to_{number}"]) for span, _ in _SPANS])
            for number, day in enumerate(_DAYS, start=1)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(1, len(_DAYS) + 1):
            for span, _ in _SPANS:
                begins, ends = cleaned.get(f"{span}_from_{number}"), cleaned.get(f"{span}_to_{number}")
                is_readable = not {f"{span}_from_{number}", f"{span}_to_{number}"} & self.errors.keys()
                if is_readable and bool(begins) != bool(ends):
                    self.add_error(f"{span}_to_{number}", "开始和结束要么都填，要么都不填。")
        return cleaned

    @property
    def opening_hours(self) -> list[dict[str, Any]]:
        days: dict[tuple[str, str], list[int]] = {}
        for number in range(1, len(_DAYS) + 1):
            for span, _ in _SPANS:
                begins, ends = (self.cleaned_data[f"{span}_{end}_{number}"] for end in ("from", "to"))
                if begins and ends:
                    days.setdefault((f"{begins:%H:%M}", f"{ends:%H:%M}"), []).append(number)
        return [{"days": found, "from": begins, "to": ends} for (begins, ends), found in sorted(days.items())]


class HallDaysForm(FaultyForm):
    """Days of the hall's own; what is right, province.workdays judges."""

    first_on = DayField(label="开始日期")
    last_on = DayField(label="结束日期", required=False, help_text="只有一天的可以不填。")
    kind = forms.ChoiceField(label="怎样安排", choices=HallDaysKind.choices, initial=HallDaysKind.OFF)
    note = forms.CharField(
        label="原因",
        max_length=LONGEST_HALL_NOTE,
        help_text="群众能看到，例如：本地传统节日、停电检修、赶集日。",
        error_messages={"required": "请写明原因。"},
    )
    moves_limits = forms.BooleanField(
        label="本厅的期限随之顺延",
        required=False,
        initial=True,
        help_text="不选，只影响网站上的开放时间，例如搬迁期间改在别处办理。半天不办公的，期限照常计算。",
    )


class ReviewStepsForm(forms.Form):
    steps = forms.MultipleChoiceField(
        label="本厅文章发布前要经过",
        required=False,
        choices=[(step.value, step.label.removeprefix("待")) for step in REVIEW_STEPS],
        widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，则提交即发布。最后一道审核须由没有参与撰写的人通过。",
    )


class SiteEmblemForm(forms.Form):
    emblem = forms.FileField(
        label="徽标",
        help_text="PNG、JPG 或 WebP，方形为好，不小于 128 像素。",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class AccountForm(FaultyForm):
    """What may change of a registered media account; what is right, province.content judges."""

    name = forms.CharField(label="账号名称")
    owner = forms.CharField(label="主管单位")
    filing_number = forms.CharField(label="备案号", required=False)
    contact_name = forms.CharField(label="负责人", required=False)
    contact_phone = forms.CharField(label="联系电话", required=False)


class NewAccountForm(AccountForm):
    platform = forms.ChoiceField(label="平台", choices=MediaAccount.Platform.choices)
    external_id = forms.CharField(label="平台账号", help_text="平台上的唯一标识，例如微信号、抖音号。")
    field_order = ("platform", "name", "external_id", "owner")
