"""What people fill in about staff: accounts, positions, departments, roles, substitutes, one's own card."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from foundation.design.picking import PickField, Picks, use_picks
from province.people.models import Position
from province.people.queries.places import Place
from province.people.queries.roles import own_roles_for, ready_roles_for
from province.people.queries.units import unit_choices
from province.rights.permissions import Permission
from province.rights.roles import Reach

_USERNAME = r"^[a-z][a-z0-9._-]{1,62}\Z"


def _today() -> date:
    return timezone.localdate()


PEOPLE_STATES = [("", "全部状态"), ("active", "启用"), ("closed", "已停用"), ("idle", "没有岗位")]


class PeopleFilter(forms.Form):
    """The filters of the list of people, as they stand in the address. Nonsense filters nothing."""

    search = forms.CharField(label="账号或姓名", required=False, max_length=40)
    hall = PickField(kind="halls-of-people", label="服务厅", required=False)
    role = forms.CharField(required=False, max_length=36)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=PEOPLE_STATES,
    )

    def __init__(self, data: Any, *, picks: Picks) -> None:
        super().__init__(data, auto_id="people-%s")
        use_picks(self, picks)

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}


class PlaceForm(forms.Form):
    """The hall whose people, departments or roles are shown; none is the province."""

    hall = PickField(kind="", label="服务厅", required=False)

    def __init__(self, data: Any, *, kind: str, picks: Picks) -> None:
        super().__init__(data, auto_id="place-%s")
        self.fields["hall"].kind = kind  # type: ignore[attr-defined]  # a PickField
        use_picks(self, picks)


class PositionForm(FaultyForm):
    """A position at one place: the roles, departments and reaches are those that it has."""

    role = forms.ChoiceField(label="角色")
    unit = forms.ChoiceField(label="部门", required=False)
    title = forms.CharField(label="职务", required=False, max_length=40)
    reach = forms.ChoiceField(label="范围", required=False, help_text="不选则按角色的常规范围。")

    def __init__(self, data: Any = None, *, place: Place) -> None:
        super().__init__(data)
        self.offer("role", [*_ready_roles(place), *_own_roles(place)])
        self.offer("unit", [("", "不属于部门"), *unit_choices(place.hall_id)])
        reaches = [Reach.OWN, Reach.UNIT, *((Reach.HALL, Reach.SUBTREE) if place.hall_id else (Reach.PROVINCE,))]
        self.offer("reach", [("", "常规范围"), *((reach.value, reach.label) for reach in reaches)])


def _ready_roles(place: Place) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in ready_roles_for(place.hall_id)]


def _own_roles(place: Place) -> list[tuple[str, str]]:
    return [
        (str(role.pk), f"{role.name}（{'本厅' if role.hall_id else '全省'}自设）")
        for role in own_roles_for(place.hall_id)
    ]


class PersonForm(PositionForm):
    """An account, with its first position; a new one, or one that is there already."""

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
    """Who stands in at a position. ``auto_id``: one page has a form for every position."""

    username = PickField(kind="people", label="代理人", help_text="输入姓名、拼音首字母或账号。")
    from_on = DayField(label="从", initial=_today)
    to_on = DayField(label="到（含当天）")

    def __init__(self, data: Any = None, *, picks: Picks, **options: Any) -> None:
        super().__init__(data, **options)
        use_picks(self, picks)


class HandOverForm(FaultyForm):
    username = PickField(kind="people", label="接手人", help_text="输入姓名、拼音首字母或账号。")
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, data: Any = None, *, picks: Picks) -> None:
        super().__init__(data, auto_id="hand-over-%s")
        use_picks(self, picks)


class UnitForm(FaultyForm):
    name = forms.CharField(label="部门名称", max_length=40)
    parent = forms.ChoiceField(label="上级部门", required=False)

    def __init__(self, data: Any = None, *, place: Place, **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("parent", [("", "没有，放在最上层"), *unit_choices(place.hall_id)])


class RoleForm(FaultyForm):
    name = forms.CharField(label="角色名称", max_length=24)
    permissions = forms.MultipleChoiceField(label="权限", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, offered: Sequence[Permission], **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("permissions", [(one.name, one.label) for one in offered])


class CardForm(FaultyForm):
    """One's own contact card."""

    office_phone = forms.CharField(
        label="办公电话", required=False, max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    room = forms.CharField(label="办公地点", required=False, max_length=60)
    mobile = forms.CharField(
        label="手机号",
        required=False,
        max_length=20,
        help_text="加密保存；不勾选下面一项时，同事只看到 138****1234。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    shows_mobile = forms.BooleanField(label="同事可以看到完整手机号", required=False)


class OwnSubstituteForm(FaultyForm):
    """Who stands in for oneself, at which of one's positions."""

    position = forms.ChoiceField(label="哪个岗位")
    username = PickField(
        kind="colleagues",
        label="代理人",
        help_text="同一服务厅（或同为省级）的人员：输入姓名、拼音首字母或账号。",
    )
    from_on = DayField(label="从", initial=timezone.localdate)
    to_on = DayField(label="到（含当天）")

    def __init__(self, data: Any = None, *, positions: Sequence[Position], picks: Picks) -> None:
        super().__init__(data)
        use_picks(self, picks)
        self.offer("position", [(str(position.pk), position.role_name) for position in positions])
