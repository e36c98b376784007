"""What raters and the staff fill in."""

from typing import Any, Final

from django import forms

from foundation.design.forms import FaultyForm
from standards.ratings import REASONS, RatingGrade, reasons_for
from tenants.ratings.models import LONGEST_NOTE, LONGEST_OPINION
from tenants.ratings.operations.settings import MOST
from tenants.ratings.states import RatingFinding

_ROWS: Final = {"rows": 3}


class RatingForm(FaultyForm):
    """``place``: where the service was had. Reasons that stand with other grades were ticked before the grade was
    changed, and say nothing."""

    grade = forms.TypedChoiceField(
        label="您满意吗",
        coerce=int,
        choices=RatingGrade.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择满意还是不满意。"},
    )
    reasons = forms.MultipleChoiceField(label="原因", required=False, widget=forms.CheckboxSelectMultiple)
    opinion = forms.CharField(
        label="想说的话",
        required=False,
        max_length=LONGEST_OPINION,
        widget=forms.Textarea(attrs=_ROWS),
        help_text="请不要写姓名、电话和证件号码。",
    )

    def __init__(self, *args: Any, place: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.place = place
        self.offer("reasons", [(one.code, one.words) for one in REASONS if one.place == place])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "grade" in data and "reasons" in data:
            fitting = {one.code for one in reasons_for(self.place, data["grade"])}
            data["reasons"] = [code for code in data["reasons"] if code in fitting]
        return data

    @property
    def groups(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """(good or low, heading, (code, words, is it ticked)) for the two groups of reasons."""
        ticked = set(self.data.getlist("reasons")) if self.is_bound else set()  # type: ignore[attr-defined]
        here = [one for one in REASONS if one.place == self.place]
        return [
            (key, title, [(one.code, one.words, one.code in ticked) for one in here if one.is_low is is_low])
            for key, title, is_low in (("good", "哪里做得好（可不选）", False), ("low", "哪里不满意", True))
        ]


class VisitForm(FaultyForm):
    """``items``: (id, name) of what a visit can be about."""

    item_id = forms.TypedChoiceField(label="办的是什么", required=False, empty_value=None)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("item_id", [("", "咨询或其他"), *items])


def _said(label: str, help_text: str, ask: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_NOTE,
        help_text=help_text,
        widget=forms.Textarea(attrs=_ROWS),
        error_messages={"required": ask},
    )


class ContactForm(FaultyForm):
    said = _said("联系的情况", "怎样联系的、评价人怎么说；联系不上的，写明原因。", "请写明联系的情况。")


class FindingForm(FaultyForm):
    finding = forms.ChoiceField(
        label="核实结果",
        choices=RatingFinding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择属实或者不属实。"},
    )
    said = _said("核实的情况", "只有工作人员看得到。", "请写明核实的情况。")


class MeasureForm(FaultyForm):
    said = _said("整改的情况", "做了什么，怎样不再发生。", "请写明怎样整改的。")


class TellingForm(FaultyForm):
    said = _said(
        "告诉评价人的话", "评价人会看到：核实的结果、整改了什么；不属实的，作出解释。", "请写明要告诉评价人的话。"
    )


class LowRatingClosingForm(FaultyForm):
    said = _said("办结的依据", "通话记录、整改材料的编号等。", "请写明办结的依据。")


class RatingSettingsForm(FaultyForm):
    default_days = forms.IntegerField(
        label="几日内没有评价的，记为默认好评",
        min_value=1,
        max_value=MOST["default_days"],
        help_text="默认好评单独统计，不计入满意度；以后来评价的，以真实评价为准。",
    )
    contact_days = forms.IntegerField(
        label="几个工作日内联系评价人", min_value=1, max_value=MOST["contact_days"], help_text="收到差评的当天不算。"
    )
    mending_days = forms.IntegerField(
        label="几个工作日内整改并反馈", min_value=1, max_value=MOST["mending_days"], help_text="收到差评的当天不算。"
    )
