"""Applications that a citizen has begun at this hall and not handed in."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tenants.casework.models import CaseSetup
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.filled import FormFiller, own_drafts

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """``item_id``: of the item that is applied for."""

    filled: FilledForm
    item_id: UUID


def drafts_of_applications(who: FormFiller) -> list[ApplicationDraft]:
    """The latest first: two queries."""
    rows = list(own_drafts(who).filter(form_id__in=CaseSetup.objects.values("form_id"))[:_MOST])
    forms = [one.form_id for one in rows]
    items = dict(CaseSetup.objects.filter(form_id__in=forms).values_list("form_id", "item_id")) if rows else {}
    return [ApplicationDraft(one, items[one.form_id]) for one in rows]
