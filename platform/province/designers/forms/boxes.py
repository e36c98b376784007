"""Boxes of which the pages of a flow's nodes are made."""

from typing import Any, override

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """Writes its options in one go. A page may have hundreds of such lists with a thousand options each, and Django
    fills a template for every option."""

    @override
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {"name": name, **self.build_attrs(self.attrs, attrs)}
        chosen = "" if value is None else str(value)
        written = "".join(
            f'<option value="{escape(code)}"{" selected" if str(code) == chosen else ""}>{escape(label)}</option>'
            for code, label in self.choices
        )
        given = "".join(
            f" {escape(key)}" if one is True else f' {escape(key)}="{escape(one)}"'
            for key, one in context.items()
            if one is not False and one is not None
        )
        return mark_safe(f"<select{given}>{written}</select>")  # noqa: S308 - every value in it is escaped


def choice_box(label: str, choices: Any, initial: Any) -> forms.ChoiceField:
    """One of these; optional where one of them is none."""
    known = [*choices]
    required = all(code for code, _ in known)
    # what is set stays choosable, also where it is no longer offered
    if initial and str(initial) not in {str(code) for code, _ in known}:
        known.append((str(initial), f"（已不可选：{str(initial)[:40]}）"))
    return forms.ChoiceField(label=label, choices=known, initial=initial, required=required, widget=LongSelect)


def number_box(label: str, initial: int | None, *, most: int = 1_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=most, initial=initial)


def yes_box(label: str, initial: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=bool(initial))


def text_box(label: str, initial: str, *, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2_000,
        initial=initial,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
