"""What forms of acts on cases share."""

from typing import Any, Final

from django import forms

from foundation.design.forms import FaultyForm
from tenants.casework.models import LONGEST_SAID
from tenants.casework.operations.attached_papers import PAPER_ENDINGS, AttachedPaper

_ACCEPTED: Final = {"accept": ",".join(f".{one}" for one in PAPER_ENDINGS)}


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


class PaperField(forms.FileField):
    """A document that comes with what is said (``AttachedPaper``)."""

    widget = forms.FileInput(attrs=_ACCEPTED)

    def clean(self, data: Any, initial: Any = None) -> AttachedPaper | None:
        file = super().clean(data, initial)
        return AttachedPaper(file.name or "", file) if file else None


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PapersField(PaperField):
    """Several of them at once."""

    widget = _SeveralFiles(attrs=_ACCEPTED | {"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[AttachedPaper]:  # type: ignore[override]  # Django's own way
        clean_one = super().clean
        return [one for file in data or () if (one := clean_one(file, initial))]
