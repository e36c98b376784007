"""What another app has made of a form that was sent."""

from tenants.workflow.models import FilledForm
from tenants.workflow.slots import FORM_TAKERS
from tenants.workflow.states import FilledState


def page_made_of(filled: FilledForm) -> str:
    """The path of what was made of it, for who filled it in; "" where it is only kept, or not sent yet."""
    if filled.state == FilledState.DRAFT:
        return ""
    for taker in FORM_TAKERS.entries():
        if taker.takes(filled.form_id):
            return taker.page(filled)
    return ""
