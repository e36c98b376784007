"""What people fill in on the console's own pages."""

from typing import Any
from uuid import UUID

from django import forms

from foundation.design.dates import DayField
from province.audit.queries import EntryFilter
from province.audit.queries.acts import acts_by_title


class AuditFilter(forms.Form):
    """The filters of the audit, as they stand in the address. Nonsense filters nothing."""

    person = forms.CharField(label="操作人", required=False, max_length=40)
    act = forms.ChoiceField(label="操作", required=False)
    hall = forms.CharField(label="服务厅（或“省级”）", required=False, max_length=40)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)
    object = forms.UUIDField(label="对象编号", required=False)
    newest = forms.UUIDField(label="最新一条", required=False)
    oldest = forms.UUIDField(label="最早一条", required=False)
    # not a filter: where a later page begins
    later = forms.UUIDField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        groups = [(title, list(acts.items())) for title, acts in acts_by_title().items()]
        self.fields["act"].choices = [("", "全部操作"), *groups]  # type: ignore[attr-defined]  # a ChoiceField

    def asked(self) -> EntryFilter:
        self.is_valid()
        given = self.cleaned_data
        ends = given.get("newest"), given.get("oldest")
        return EntryFilter(
            person=given.get("person") or "",
            acts=[given["act"]] if given.get("act") else (),
            object_id=given.get("object"),
            run=(ends[0], ends[1]) if ends[0] and ends[1] else None,
            since_on=given.get("since"),
            until_on=given.get("until"),
        )

    def after(self) -> UUID | None:
        """The entry behind which the page begins."""
        self.is_valid()
        found: UUID | None = self.cleaned_data.get("later")
        return found

    def hall_words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("hall") or "")

    def is_filtering(self) -> bool:
        self.is_valid()
        return any(value for name, value in self.cleaned_data.items() if name != "later")


class WallLinkForm(forms.Form):
    name = forms.CharField(label="放在哪里", max_length=40, help_text="例如：省政务服务大厅东侧屏幕。")
    days = forms.IntegerField(label="有效天数", min_value=1, max_value=366, initial=90)
