"""Choose somebody or something by name: the field that every form uses where it needs a code or an account.

With design/pick.js it is a combobox (ARIA Authoring Practices, list autocomplete); without JavaScript people type a
name and send the form, and where several fit, it comes back with a list to choose from. Either way the form is handed
the code.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

MOST_PICKS: Final = 10
_LONGEST: Final = 120
# 当阳市政务服务中心（420582000000）: how a choice stands in the field; the brackets hold what the form is handed
_SHOWN = re.compile(r"（([^（）]+)）\s*\Z")


@dataclass(frozen=True, slots=True)
class Pick:
    """One that may be chosen. ``value``: the code that forms are handed, shown beside the name; ``note``: where it
    belongs; ``is_exact``: what was typed is its code."""

    value: str
    name: str
    note: str = ""
    is_exact: bool = False

    @property
    def shown(self) -> str:
        return f"{self.name}（{self.value}）"


@dataclass(frozen=True, slots=True)
class PickList:
    """What one person may choose from. ``address``: answers what is being typed (``?q=``) with the options; ``find``:
    at most ``MOST_PICKS`` for some words, the best first."""

    address: str
    find: Callable[[str], Sequence[Pick]]

    def chosen(self, text: str) -> Pick | None:
        """The one whose code this is, with or without its name before it."""
        in_brackets = _SHOWN.search(text)
        code = in_brackets[1] if in_brackets else text
        return next((one for one in self.find(code) if one.is_exact), None)


# the lists of the person who asks, by their kinds
type Picks = Callable[[str], PickList]


class PickInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.picks: PickList | None = None
        # what the words stood for, once the form has been looked at
        self.found: Pick | None = None
        # what the form comes back with where several fit
        self.candidates: Sequence[Pick] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(f"{name}-choice") or super().value_from_datadict(data, files, name)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        text = str(value or "")
        found = self.found or (self.picks.chosen(text) if self.picks and text else None)
        shown = found.shown if found else text
        attrs = {**(attrs or {}), "autocomplete": "off", "maxlength": _LONGEST}
        context = {
            "input": super().render(name, shown, attrs, renderer),
            "id": attrs.get("id", ""),
            "name": name,
            "value": found.value if found else text,
            "address": self.picks.address if self.picks else "",
            "candidates": self.candidates,
        }
        return SafeString(render_to_string("design/pick_input.html", context))


class PickField(forms.CharField):
    """Cleaned to the code of what was chosen. ``kind``: of the list to choose from; the view hands in the list of the
    person who asks (``use``), which holds nothing that is out of their sight."""

    widget = PickInput()

    def __init__(self, *, kind: str, **options: Any) -> None:
        super().__init__(max_length=_LONGEST, **options)
        self.kind = kind

    def use(self, picks: PickList) -> None:
        self.widget.picks = picks

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        picks: PickList | None = self.widget.picks
        if not text or picks is None:
            return text
        candidates = picks.find(text)
        named = [one for one in candidates if one.name == text]
        only = named if len(named) == 1 else candidates if len(candidates) == 1 else [None]
        if found := picks.chosen(text) or only[0]:
            self.widget.found = found
            return found.value
        self.widget.candidates = candidates
        if candidates:
            raise forms.ValidationError("有几个都符合，请选择其中一个。", code="several")
        message = f"没有找到“{text[:40]}”，或者不在您的范围内。请输入名称、拼音首字母或代码。"
        raise forms.ValidationError(message, code="unknown")


def use_picks(form: forms.Form, picks_of: Picks) -> None:
    """Hand every field that chooses by name its list, by its kind."""
    for field in form.fields.values():
        if isinstance(field, PickField):
            field.use(picks_of(field.kind))
