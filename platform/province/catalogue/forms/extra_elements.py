"""What people fill in about an element that the province adds."""

from typing import Any

from django import forms
from django.utils import timezone

from foundation.design.dates import DayField
from foundation.design.forms import FaultyForm
from province.catalogue.models import ExtraElement
from province.catalogue.queries.element_drafts import (
    LONGEST_HELP,
    LONGEST_LABEL,
    LONGEST_UNIT,
    ElementWords,
)
from province.catalogue.queries.extra_elements import conditions
from province.catalogue.queries.reviews import offices
from province.catalogue.states import ExtraKind
from standards.items import Filler, Section
from standards.items.codelists import ALL_TYPES, ItemType

_BETWEEN = "="
_VALUES: dict[Any, str] = {True: "true", False: "false"}


def _conditions() -> list[tuple[str, Any]]:
    groups = [
        (element.label, [(f"{element.name}{_BETWEEN}{value}", f"{element.label}：{label}") for value, label in values])
        for element, values in conditions()
    ]
    return [("", "不看别的要素"), *groups]


def _offices() -> list[tuple[str, str]]:
    return [("", "请选择"), *((office.code, office.name) for office in offices())]


class ElementForm(FaultyForm):
    """``row``: the element that is changed; its type, name and filler never are."""

    label = forms.CharField(
        label="名称", max_length=LONGEST_LABEL, help_text="填表的人和群众看到的，例如“经办人专线”。"
    )
    name = forms.CharField(
        label="标识",
        required=False,
        max_length=32,
        help_text="给程序和文件用，定了就不能改；不填的按名称的拼音起。由 x_ 开头，后面是小写字母、数字和下划线。",
    )
    kind = forms.ChoiceField(label="类型", choices=ExtraKind.choices)
    unit = forms.CharField(label="单位", required=False, max_length=LONGEST_UNIT, help_text="只有数字才有，例如“次”。")
    options = forms.CharField(
        label="选项",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个，“从选项中选”才填。以后改动时，同样文字的选项编号不变。",
    )
    filler = forms.ChoiceField(
        label="由谁填写",
        choices=[(one.value, one.label) for one in (Filler.PROVINCE, Filler.HALL)],
        widget=forms.RadioSelect,
    )
    office_code = forms.ChoiceField(
        label="由哪个审核部门审", required=False, choices=_offices, help_text="省里统一填写的才选。"
    )
    item_types = forms.MultipleChoiceField(
        label="用于哪些类型的事项",
        choices=[(one.value, one.label) for one in ItemType if one in ALL_TYPES],
        widget=forms.CheckboxSelectMultiple,
    )
    section = forms.ChoiceField(label="放在哪一部分", choices=Section.choices)
    is_hidden = forms.BooleanField(label="不向群众显示，只给工作人员看", required=False)
    help = forms.CharField(label="填写说明", required=False, max_length=LONGEST_HELP)
    is_needed = forms.BooleanField(label="必填", required=False)
    condition = forms.ChoiceField(
        label="什么时候必填", required=False, choices=_conditions, help_text="不选的，勾了必填就一律必填。"
    )
    starts_on = DayField(label="启用日期", help_text="从这一天起出现在表单、表格和接口里。")
    needed_from = DayField(
        label="必填日期",
        required=False,
        help_text="从这一天起没有填的算不完整。不填的与启用日期相同；留出时间，各部门可以先补。",
    )
    accepts = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # which state of the element was read
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: ExtraElement | None = None) -> None:
        blank = {"starts_on": timezone.localdate(), "filler": "province"}
        super().__init__(data, initial=_initial(row) if row else blank)
        if row:
            for name in ("name", "kind", "filler", "office_code"):
                del self.fields[name]

    @property
    def words(self) -> ElementWords:
        """What was filled in, of a form that is valid."""
        filled = self.cleaned_data
        element, _, value = filled["condition"].partition(_BETWEEN)
        return ElementWords(
            label=filled["label"],
            item_types=filled["item_types"],
            section=filled["section"],
            starts_on=filled["starts_on"],
            unit=filled["unit"],
            options=[line for line in filled["options"].splitlines() if line.strip()],
            is_hidden=filled["is_hidden"],
            help=filled["help"],
            is_needed=filled["is_needed"],
            needed_from=filled["needed_from"],
            condition=(element, value) if element else None,
        )


class ElementEndForm(FaultyForm):
    ends_on = DayField(
        label="停用日期",
        help_text="从这一天起不再填写。以前的版本照旧看得到，停用错了可以修改后重新启用。",
    )

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: ExtraElement | None = None) -> None:
        initial = {"ends_on": timezone.localdate(), "stamp": row.stamp if row else ""}
        super().__init__(data, auto_id="id_end_%s", initial=initial)


def _initial(row: ExtraElement) -> dict[str, Any]:
    today, value = timezone.localdate(), row.when_value
    return {
        "stamp": row.stamp,
        "label": row.label,
        "unit": row.unit,
        "options": "\n".join(label for _, label in row.options),
        "item_types": row.item_types,
        "section": row.section,
        "is_hidden": row.is_hidden,
        "help": row.help,
        "is_needed": row.needed_from is not None,
        "condition": f"{row.when_element}{_BETWEEN}{_VALUES.get(value, value)}" if row.when_element else "",
        "starts_on": max(today, row.starts_on),
        "needed_from": row.needed_from if row.needed_from and row.needed_from > today else None,
    }
