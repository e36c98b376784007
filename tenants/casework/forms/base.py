"""What forms of acts on cases share."""

from django import forms

from foundation.design.forms import FaultyForm
from tenants.casework.models import LONGEST_SAID


def words(label: str, ask: str = "", help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(ask),
        max_length=LONGEST_SAID,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": ask},
    )


class CaseActForm(FaultyForm):
    """An act for which nothing has to be filled in. ``revision``: what was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
