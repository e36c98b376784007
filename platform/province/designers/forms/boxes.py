"""Boxes of which the pages of a flow's nodes are made."""

from typing import Any

from django import forms


def choice_box(label: str, choices: Any, initial: Any) -> forms.ChoiceField:
    """One of these; optional where one of them is none."""
    known = [*choices]
    required = all(code for code, _ in known)
    # what is set stays choosable, also where it is no longer offered
    if initial and str(initial) not in {str(code) for code, _ in known}:
        known.append((str(initial), f"（已不可选：{str(initial)[:40]}）"))
    return forms.ChoiceField(label=label, choices=known, initial=initial, required=required)


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
