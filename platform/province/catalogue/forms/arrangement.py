"""What people fill in on the console about offices, departments and proposals."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms

from foundation.design.forms import FaultyForm
from foundation.editing.reasons import LONGEST_REASON
from province.catalogue.models import Department, Office
from province.catalogue.operations.departments import LONGEST_DEPARTMENT
from province.catalogue.operations.offices import LAST_STEP, LONGEST_NAME
from province.catalogue.queries.reviews import reviewed_elements
from province.people.queries.units import unit_choices
from standards.items import Section

_WRITERS: Final = ("由省级哪个处室编写它的事项", "不指定，由为所有部门编写的人员编写")
_REVIEWERS: Final = ("由省级哪个处室审核", "不指定，由所有审核人员审核")


def _elements() -> list[tuple[str, str]]:
    return [
        (element.name, f"{element.section.label} · {element.label}" if element.section else element.label)
        for element in reviewed_elements()
    ]


def _unit_field(label: str, none: str) -> forms.TypedChoiceField:
    """One of the province's own units, or None."""
    return forms.TypedChoiceField(
        label=label, required=False, coerce=UUID, empty_value=None, choices=lambda: [("", none), *unit_choices(None)]
    )


class OfficeForm(FaultyForm):
    """One office of the joint review, and what it decides on."""

    name = forms.CharField(label="名称", max_length=LONGEST_NAME)
    step = forms.IntegerField(
        label="第几步",
        min_value=1,
        max_value=LAST_STEP,
        initial=1,
        help_text="同一步的部门同时审核；前一步全部通过，才轮到下一步。",
    )
    unit_id = _unit_field(*_REVIEWERS)
    sections = forms.MultipleChoiceField(
        label="审核哪些部分", required=False, choices=Section.choices, widget=forms.CheckboxSelectMultiple
    )
    elements = forms.MultipleChoiceField(
        label="另外单独审核的要素",
        required=False,
        choices=_elements,
        widget=forms.CheckboxSelectMultiple,
        help_text="上面已选的部分里的要素不用再选。",
    )

    def __init__(self, data: Any = None, *, office: Office | None = None) -> None:
        initial = {name: getattr(office, name) for name in self.base_fields} if office else {"step": 1}
        super().__init__(data, initial=initial)


class DepartmentForm(FaultyForm):
    name = forms.CharField(label="名称", max_length=LONGEST_DEPARTMENT)
    unit_id = _unit_field(*_WRITERS)


class RenameForm(FaultyForm):
    name = forms.CharField(label="新的名称", max_length=LONGEST_DEPARTMENT)


class AssignForm(FaultyForm):
    unit_id = _unit_field(*_WRITERS)


class AcceptForm(FaultyForm):
    """``departments``: those to which a new item may go; None where the proposal is about an item that is there."""

    department = forms.ChoiceField(label="主管部门")
    basic_code = forms.CharField(label="基本编码", max_length=12, help_text="12 位数字，同一事项在全国的编码相同。")
    answer = forms.CharField(
        label="答复",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="服务厅会看到。",
    )

    def __init__(self, data: Any = None, *, departments: Iterable[Department] | None) -> None:
        super().__init__(data, auto_id="id_accept_%s")
        if departments is None:
            del self.fields["department"], self.fields["basic_code"]
        else:
            names = [(one.name, one.name) for one in departments]
            self.fields["department"] = forms.ChoiceField(label="主管部门", choices=[("", "请选择"), *names])


class DeclineProposalForm(FaultyForm):
    answer = forms.CharField(
        label="未采纳的理由",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="服务厅会看到。",
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_decline_%s")
