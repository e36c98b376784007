"""What people fill in on the console's pages about divisions, halls and posts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.forms import FaultyForm
from province.audit.queries import EntryFilter
from province.audit.queries.acts import acts_by_title
from province.halls.models import Hall, HallKind
from province.halls.queries.places import Place
from province.halls.states import HallState
from province.identity.models import Reach
from province.identity.operations.tokens import VALID_FOR
from province.identity.queries.permissions import Permission, all_permissions
from province.identity.queries.roles import own_roles_for, ready_roles_for
from province.identity.queries.units import unit_choices

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
    effective_on = forms.DateField(
        label="生效日期", initial=_today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
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
    until = forms.DateTimeField(label="预计恢复时间", required=False)
    successor = forms.CharField(label="由哪个服务厅承接", max_length=12, required=False)

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


_USERNAME = r"^[a-z][a-z0-9._-]{1,62}\Z"


class PeopleFilter(forms.Form):
    """The filters of the list of people, as they stand in the address. Nonsense filters nothing."""

    search = forms.CharField(label="账号或姓名", required=False, max_length=40)
    hall = forms.RegexField(label="服务厅区划代码", required=False, regex=r"^\d{12}\Z")
    role = forms.CharField(required=False, max_length=36)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部状态"), ("active", "启用"), ("closed", "已停用"), ("idle", "没有岗位")],
    )

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}


class PostForm(FaultyForm):
    """A post at one place: the roles, departments and reaches are those that it has."""

    role = forms.ChoiceField(label="角色")
    unit = forms.ChoiceField(label="部门", required=False)
    title = forms.CharField(label="职务", required=False, max_length=40)
    reach = forms.ChoiceField(label="范围", required=False, help_text="不选则按角色的常规范围。")

    def __init__(self, data: Any = None, *, place: Place) -> None:
        super().__init__(data)
        self._offer("role", [*_ready_roles(place), *_own_roles(place)])
        self._offer("unit", [("", "不属于部门"), *unit_choices(place.hall_id)])
        reaches = [Reach.OWN, Reach.UNIT, *((Reach.HALL, Reach.SUBTREE) if place.hall_id else (Reach.PROVINCE,))]
        self._offer("reach", [("", "常规范围"), *((reach.value, reach.label) for reach in reaches)])

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices


def _ready_roles(place: Place) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in ready_roles_for(place.hall_id)]


def _own_roles(place: Place) -> list[tuple[str, str]]:
    return [
        (str(role.pk), f"{role.name}（{'本厅' if role.hall_id else '全省'}自设）")
        for role in own_roles_for(place.hall_id)
    ]


class PersonForm(PostForm):
    """An account, with its first post; a new one, or one that is there already."""

    is_there = forms.BooleanField(
        label="账号已经有了，只安排岗位", required=False, help_text="账号和姓名都要填对；这个账号还不能有任何岗位。"
    )

    username = forms.RegexField(
        label="账号",
        regex=_USERNAME,
        help_text="小写字母开头，可用字母、数字、点和横线。",
        error_messages={"invalid": "账号须以小写字母开头，只能用小写字母、数字、点和横线。"},
    )
    name = forms.CharField(label="姓名", max_length=40)
    field_order = ("username", "name", "is_there")


class PeopleImportForm(forms.Form):
    file = forms.FileField(
        label="Excel 文件",
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )
    is_trial = forms.BooleanField(label="先检查，不导入", required=False, initial=True)


class SubstituteForm(FaultyForm):
    username = forms.CharField(label="代理人账号", max_length=64)
    from_on = forms.DateField(
        label="从", initial=_today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_on = forms.DateField(label="到", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class HandOverForm(FaultyForm):
    username = forms.CharField(label="接手人账号", max_length=64)
    reason = forms.CharField(label="原因", max_length=200)


class UnitForm(FaultyForm):
    name = forms.CharField(label="部门名称", max_length=40)
    parent = forms.ChoiceField(label="上级部门", required=False)

    def __init__(self, data: Any = None, *, place: Place, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "没有，放在最上层"), *unit_choices(place.hall_id)]


class RoleForm(FaultyForm):
    name = forms.CharField(label="角色名称", max_length=24)
    permissions = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, offered: Sequence[Permission], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["permissions"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(one.name, one.label) for one in offered]


class SystemTokenForm(FaultyForm):
    """A key for a program, at whichever account it works."""

    username = forms.CharField(label="账号", max_length=64, help_text="程序以这个账号的岗位办事。")
    name = forms.CharField(label="用途", max_length=40)
    scopes = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(label="有效期至", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    addresses = forms.CharField(
        label="允许的来源地址",
        required=False,
        max_length=1000,
        help_text="IP 或网段，用空格分开，例如 10.1.2.3 10.2.0.0/16；留空则不限。",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"expires_on": timezone.localdate() + VALID_FOR})
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(one.name, one.label) for one in all_permissions()]


class AuditFilter(forms.Form):
    """The filters of the audit, as they stand in the address. Nonsense filters nothing."""

    person = forms.CharField(label="操作人", required=False, max_length=40)
    act = forms.ChoiceField(label="操作", required=False)
    hall = forms.CharField(label="服务厅（或“省级”）", required=False, max_length=40)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    object = forms.UUIDField(label="对象编号", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        groups = [(title, list(acts.items())) for title, acts in acts_by_title().items()]
        self.fields["act"].choices = [("", "全部操作"), *groups]  # type: ignore[attr-defined]  # a ChoiceField

    def asked(self) -> EntryFilter:
        self.is_valid()
        given = self.cleaned_data
        return EntryFilter(
            person=given.get("person") or "",
            acts=[given["act"]] if given.get("act") else (),
            object_id=given.get("object"),
            since_on=given.get("since"),
            until_on=given.get("until"),
        )

    def hall_words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("hall") or "")

    def is_filtering(self) -> bool:
        self.is_valid()
        return any(self.cleaned_data.values())
