"""用我名下的证照: what is offered beside the fields of an application, and the button that takes it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from foundation.addresses import is_page_here
from foundation.design.forms import ids_of
from foundation.errors import DomainError, NotFound
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.layouts import at_cases
from tenants.casework.operations.licences import use_licence
from tenants.casework.queries.licences import offers_for
from tenants.casework.states import HolderConsent
from tenants.licences.queries.register import NO_LICENCE
from tenants.shell.layouts.citizen import for_citizen
from tenants.shell.layouts.site import hall_of
from tenants.shell.slots import Desk
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.filled import FormFiller, filler_of


def licences_beside(
    hall: Hall, who: FormFiller, filled: FilledForm, names: Collection[str], request: HttpRequest
) -> SafeString | None:
    """Above these fields of a form: licences that could stand in them; None where there are none."""
    offers = offers_for(hall, who, filled, names)
    if not offers:
        return None
    context: dict[str, Any] = {
        "offers": offers,
        "action": reverse("site-use-licence" if who.citizen else "desk-use-licence", args=[filled.pk]),
        "is_own": who.citizen is not None,
        "own_consent": HolderConsent.OWN,
        "ways": [(one.value, one.label) for one in HolderConsent if one is not HolderConsent.OWN],
        "back": request.path,
    }
    return render_to_string("casework/licence_offers.html", context, request)


def desk_page_of_case(case_id: UUID) -> str:
    """The path at the desk of the case that has granted a licence."""
    return reverse("desk-case", args=[case_id])


@for_citizen
@require_POST
def use_own(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    return _use(request, hall_of(request), filler_of(citizen), filled_id, "site-filled")


@at_cases
@require_POST
def use_at_desk(request: HttpRequest, desk: Desk, filled_id: UUID) -> HttpResponse:
    return _use(request, desk.hall, FormFiller(desk.by), filled_id, "desk-filling")


def _use(request: HttpRequest, hall: Hall, who: FormFiller, filled_id: UUID, otherwise: str) -> HttpResponse:
    """Go back to the page of the form, with a word about how it went."""
    posted = request.POST
    chosen = ids_of([posted.get("licence", "")])
    if not chosen:
        raise NotFound(NO_LICENCE)
    try:
        use_licence(
            who=who,
            hall=hall,
            filled_id=filled_id,
            field=posted.get("field", ""),
            licence_id=chosen[0],
            consent=posted.get("consent", ""),
        )
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已放进申请，不用再上传；空着的内容已按证照填好，请核对。")
    back = posted.get("back", "")
    return redirect(back) if is_page_here(back) else redirect(otherwise, filled_id)
