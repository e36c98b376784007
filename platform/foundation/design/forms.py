from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django import forms

from foundation.errors import DomainError, Fault, Invalid

# more than the columns of counted things hold
_DIGITS: Final = 9


def ids_of(texts: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids, as ids."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def posted_number[Other](text: str, *, otherwise: Other) -> int | Other:
    """A count as a browser posts it (a revision, the number of a version); ``otherwise`` for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else otherwise


class FaultyForm(forms.Form):
    """A form that also shows what an operation found wrong, and offers what is there. ``faults_inside``: at places of a
    file that was sent, for pages that list them."""

    faults_inside: tuple[Fault, ...] = ()

    def offer(self, field: str, choices: Any) -> None:
        """``choices``: of this very form, as Django's ChoiceField takes them."""
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - the form declares it so
        chosen.choices = choices

    def take_faults(self, refusal: DomainError) -> None:
        known = [fault for fault in refusal.faults if fault.where in self.fields]
        self.faults_inside = tuple(fault for fault in refusal.faults if fault not in known)
        for fault in known:
            self.add_error(fault.where, fault.message)
        if not known:
            self.add_error(None, refusal.message)

    def content_of(self, field: str, *, most: int) -> bytes:
        """A file that was sent. Raises Invalid for one of more than ``most`` bytes."""
        file = self.cleaned_data[field]
        if file.size > most:
            message = f"这个文件有 {file.size / 1024 / 1024:.1f} MB，最多 {most // 1024 // 1024} MB。"
            raise Invalid.at(field, message)
        found: bytes = file.read()
        return found

    def carry_out[Made](self, act: Callable[[dict[str, Any]], Made]) -> Made | None:
        """What the act makes of what was filled in. None where nothing was sent, where it is wrong, or where the
        operation refuses it: then the form says why."""
        if not self.is_valid():
            return None
        try:
            return act(self.cleaned_data)
        except DomainError as refusal:
            self.take_faults(refusal)
            return None


class SampleForm(forms.Form):
    """One of each kind of field, for the page that shows the components."""

    title = forms.CharField(label="标题", max_length=80, help_text="列表中最多显示 26 个字。")
    summary = forms.CharField(label="摘要", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="方式", choices=[("a", "直接发布"), ("b", "推荐采用")], widget=forms.RadioSelect)
    column = forms.ChoiceField(label="栏目", choices=[("news", "要闻动态"), ("notices", "通知公告")])
    pinned = forms.BooleanField(label="置顶", required=False)
