"""What people fill in on the console's pages about divisions and halls."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField, MomentField
from foundation.design.forms import FaultyForm
from foundation.design.picking import PickField, Picks, use_picks
from province.halls.models import DivisionChange, Hall, HallKind
from province.halls.operations.corrections import OF_A_DIVISION, OF_A_NEW_CODE
from province.halls.states import HallState

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_HALVES = ("上午", "下午")
_EDGES = {"from": "开", "to": "关"}
_LIGHTS = (("green", "全部正常"), ("yellow", "需要关注"), ("red", "不合格"))


def _today() -> date:
    return timezone.localdate()


class LoadForm(forms.Form):
    file = forms.FileField(
        label="区划代码文件",
        help_text="CSV，每行“代码,名称”，代码 12 位；UTF-8 或 GB18030。",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    effective_on = DayField(label="生效日期", initial=_today)


class CorrectionForm(FaultyForm):
    """What a line of a plan really is."""

    kind = forms.ChoiceField(label="实际上是")
    code = forms.CharField(
        label="代码",
        max_length=12,
        required=False,
        help_text="变更代码（含改属另一上级）：新代码；并入：并入的区划的代码；拆分：从哪个区划分出。其他不用填。",
        widget=forms.TextInput(attrs={"list": "codes", "inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label="新名称", max_length=80, required=False, help_text="更名必填；变更代码、新设留空就用文件里的名称。"
    )
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复的文号。")

    def __init__(self, data: Any = None, *, line: DivisionChange) -> None:
        super().__init__(data, initial={"kind": line.kind, "code": line.new_code, "name": line.new_name})
        kinds = OF_A_DIVISION if line.is_of_a_division else OF_A_NEW_CODE
        self.offer("kind", [(kind.value, kind.label) for kind in kinds])


class DecisionFileForm(forms.Form):
    file = forms.FileField(
        label="填好决定的 Excel",
        help_text="先导出，在“决定”一列填采纳、更正、暂缓或撤回决定，再导入；留空的行不变。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class HallFilter(forms.Form):
    """The filters of the halls table, as they stand in the address. Nonsense filters nothing."""

    search = forms.CharField(label="名称或代码", required=False, max_length=40)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *HallKind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *HallState.choices])
    light = forms.ChoiceField(label="检查", required=False, choices=[("", "全部结果"), *_LIGHTS])
    under = forms.RegexField(label="所属区划代码", required=False, regex=r"^\d{2,12}\Z")

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}

    def is_filtering(self) -> bool:
        return any(self.filters().values())


class DomainForm(forms.Form):
    domain = forms.CharField(label="域名", max_length=253, help_text="例如 zwfw.dangyang.gov.cn，不带 http://。")


class EmblemForm(forms.Form):
    emblem = forms.FileField(
        label="新徽标",
        help_text="PNG、JPG 或 WebP，方形为好，不小于 128 像素。",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class StateForm(forms.Form):
    act = forms.ChoiceField(choices=[(name, name) for name in ("open", "golive", "suspend", "resume", "retire")])
    reason = forms.CharField(label="原因", max_length=200, required=False)
    until = MomentField(label="预计恢复时间", required=False)
    successor = PickField(
        kind="halls", label="由哪个服务厅承接", required=False, help_text="输入名称、拼音首字母或代码。"
    )

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data)
        use_picks(self, picks)

    def clean(self) -> dict[str, Any]:
        wish = super().clean() or {}
        if wish.get("act") in {"suspend", "retire"} and not wish.get("reason"):
            self.add_error("reason", "请写明原因，公众会在网站上看到。")
        return wish


class HallForm(FaultyForm):
    """Facts, branding and contacts of a hall. Opening hours: one line a weekday, two spans at most."""

    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=20)
    slogan = forms.CharField(label="标语", max_length=40, required=False)
    accent_colour = forms.CharField(
        label="主题色",
        max_length=7,
        help_text="白字在上面要看得清：对比度不足 4.5 的颜色会被拒绝。",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    organiser = forms.CharField(label="主办单位", max_length=80, required=False)
    site_code = forms.CharField(label="网站标识码", max_length=10, required=False)
    icp_number = forms.CharField(label="ICP备案号", max_length=40, required=False)
    police_number = forms.CharField(label="公安备案号", max_length=40, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    phone = forms.CharField(label="电话", max_length=40, required=False)

    def __init__(self, data: Any = None, *, hall: Hall) -> None:
        super().__init__(data, initial={name: getattr(hall, name) for name in self.base_fields})
        spans = {
            (day, half): span
            for day in range(1, 8)
            for half, span in enumerate([one for one in hall.opening_hours if day in one["days"]][:2])
        }
        for day in range(1, 8):
            for half in (0, 1):
                for edge, word in _EDGES.items():
                    self.fields[f"hours_{day}_{half}_{edge}"] = forms.TimeField(
                        label=f"{_WEEKDAYS[day - 1]}{_HALVES[half]}{word}",
                        required=False,
                        initial=spans.get((day, half), {}).get(edge, ""),
                        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                    )

    def week(self) -> list[tuple[str, list[Any]]]:
        """For the template: each weekday with its four fields."""
        return [
            (
                _WEEKDAYS[day - 1],
                [self[f"hours_{day}_{half}_{edge}"] for half in (0, 1) for edge in ("from", "to")],
            )
            for day in range(1, 8)
        ]

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        for day in range(1, 8):
            for half in (0, 1):
                start, end = (filled.get(f"hours_{day}_{half}_{edge}") for edge in ("from", "to"))
                if bool(start) != bool(end) or (start and end and start >= end):
                    self.add_error(f"hours_{day}_{half}_to", f"{_WEEKDAYS[day - 1]}的开放时间不完整或先后颠倒。")
        return filled

    def facts(self) -> dict[str, Any]:
        """As ``update_hall`` takes them; equal spans of several weekdays become one."""
        facts = {name: self.cleaned_data[name] for name in self.base_fields}
        days: dict[tuple[str, str], list[int]] = {}
        for day in range(1, 8):
            for half in (0, 1):
                start = self.cleaned_data.get(f"hours_{day}_{half}_from")
                end = self.cleaned_data.get(f"hours_{day}_{half}_to")
                if start and end:
                    days.setdefault((f"{start:%H:%M}", f"{end:%H:%M}"), []).append(day)
        facts["opening_hours"] = [{"days": on, "from": start, "to": end} for (start, end), on in days.items()]
        return facts
