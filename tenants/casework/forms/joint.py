"""What the staff fill in about opinions on 联办件."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms

from foundation.design.forms import FaultyForm
from province.cases.queries.opinions import WHOLE_HALL
from tenants.casework.forms.base import CaseActForm, PaperField, words
from tenants.casework.states import GIVEN_OPINIONS

# those who work for the whole of this hall
WHOLE_HERE: Final = "window"


class OpinionForm(FaultyForm):
    result = forms.ChoiceField(
        label="意见",
        choices=[(one.value, one.label) for one in GIVEN_OPINIONS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或者不同意。"},
    )
    reasons = words("理由", help_text="不同意的必须写明理由和依据；同意的可以写要注意什么。申请人看不到。")
    paper = PaperField(
        label="意见的文件",
        required=False,
        help_text="有书面意见的可以附一份：PDF、Word 或者图片。承办部门能看到，随办件归档。",
    )


class EnteredOpinionForm(OpinionForm):
    """As the body wrote it to the hall that has the case. ``revision``: what was read of that."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AskAnotherForm(CaseActForm):
    """``units`` and ``givers``: (value, name) of departments here, and of those of other halls (``giver_value``)."""

    giver = forms.ChoiceField(label="改请谁出具意见", error_messages={"required": "请选择部门。"})

    def __init__(self, *args: Any, units: list[tuple[str, str]], givers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("giver", [("", "请选择"), *giver_choices([(WHOLE_HERE, WHOLE_HALL), *units], givers)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hall_id, unit_id = read_giver(data.pop("giver", ""))
        return data | {"hall_id": hall_id, "unit_id": unit_id}


class OpinionOffersForm(FaultyForm):
    """``choices``: (value, name) of the hall's departments (``giver_value``)."""

    units = forms.MultipleChoiceField(
        label="可以被征询的部门",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="上级、下级和同一个县的服务厅设置联办件的时候可以选这些部门。都不勾就不接受征询。",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("units", [(WHOLE_HERE, WHOLE_HALL), *choices])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {"unit_ids": [read_giver(one)[1] for one in data.get("units", [])]}


def giver_value(hall_id: UUID | None, unit_id: UUID | None) -> str:
    """Who gives an opinion, as a form has it: a department of this hall by its id, of another one after that hall's."""
    if hall_id:
        return f"{hall_id}/{unit_id or ''}"
    return str(unit_id) if unit_id else WHOLE_HERE


def read_giver(value: str) -> tuple[UUID | None, UUID | None]:
    """Hall and department, as ``giver_value`` writes them."""
    if not value or value == WHOLE_HERE:
        return None, None
    hall_id, slash, unit_id = value.rpartition("/")
    return (UUID(hall_id) if slash else None), (UUID(unit_id) if unit_id else None)


def giver_choices(units: Sequence[tuple[str, str]], givers: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """As a form offers them: this hall's apart from others', where there are any."""
    return [("本厅", units), ("其他服务厅", givers)] if givers else [*units]
