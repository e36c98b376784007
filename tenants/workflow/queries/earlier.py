"""Forms that were sent earlier, and cases, to which a form may be related."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from province.halls.models import Hall
from standards.forms.fields.office import Whose
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.filled import FormFiller, masked_owner, number_of, own_sent
from tenants.workflow.slots import EARLIER_CASES
from tenants.workflow.states import FilledState

# in one list
MOST_OFFERED: Final = 200


def earlier_forms(who: FormFiller, source: str, ids: Iterable[UUID] | None = None) -> dict[str, str]:
    """Name by code (an id) of what the person may relate to, the latest first. ``source``: of an ``EarlierFormField``;
    ``ids``: these alone, None: the latest ``MOST_OFFERED``. A citizen may relate to nothing but their own. One
    query."""
    _, whose, form = source.split(":")
    is_own = who.citizen or whose == Whose.OWN
    found = own_sent(who) if is_own else FilledForm.objects.exclude(state=FilledState.DRAFT)
    if form:
        found = found.filter(form__code=form)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    rows = found.select_related(None).select_related("form").defer("values", "form__definition")
    return {str(one.pk): _called(who, one) for one in rows.order_by("-sent_at", "-pk")[:MOST_OFFERED]}


def _called(who: FormFiller, filled: FilledForm) -> str:
    is_own = who.citizen is not None or filled.account_id == who.by.id
    owner = "" if is_own else f"，{masked_owner(filled)}"
    return f"{filled.form.title}（{number_of(filled)}{owner}）"


def earlier_cases(hall: Hall, who: FormFiller, numbers: Collection[str]) -> Mapping[str, str]:
    """Name by number of the cases that this person may see, of every app that has some."""
    found: dict[str, str] = {}
    for one in EARLIER_CASES.entries():
        found |= one.names(hall, who.by, who.citizen, numbers)
    return found
