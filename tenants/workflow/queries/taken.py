"""Forms of which an app makes something once they are sent: they stand in that app's places, not among 表单."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tenants.workflow.models import FilledForm, Form
from tenants.workflow.slots import FORM_TAKERS, FormTaker
from tenants.workflow.states import FilledState


def taker_of(form_id: UUID) -> FormTaker | None:
    """Which app takes what is sent of this form; None: it is a form like any other."""
    for one in FORM_TAKERS.entries():
        if Form.objects.filter(pk=form_id, pk__in=one.forms()).exists():
            return one
    return None


def page_made_of(filled: FilledForm) -> str:
    """The path of what was made of it, for who filled it in; "" where it is only kept, or not sent yet."""
    taker = None if filled.state == FilledState.DRAFT else taker_of(filled.form_id)
    return taker.page(filled) if taker else ""


def untaken[Rows: QuerySet[Any]](rows: Rows, field: str = "form_id") -> Rows:
    """Without those of forms that an app takes. ``field``: where the form's id stands."""
    for one in FORM_TAKERS.entries():
        rows = rows.exclude(**{f"{field}__in": one.forms()})
    return rows


def reopened_fields(filled: FilledForm, *, is_held: bool = False) -> frozenset[str]:
    """Names of the fields of a form that was sent which who filled it in may change again; as a rule none."""
    return frozenset(name for one in FORM_TAKERS.entries() for name in one.reopened(filled, is_held))
