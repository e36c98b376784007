"""投诉: who applied complains about their case."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.proof_of_work import FIELD
from foundation.rows import draw_id
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from tenants.casework.forms.cases import CaseComplaintForm, GuestComplaintForm
from tenants.casework.operations.complaints import (
    CaseComplaint,
    complain_about_looked_up_case,
    complain_about_own_case,
)
from tenants.casework.views.site import case_for
from tenants.engagement.models import Question
from tenants.engagement.operations.asking import Guest
from tenants.engagement.queries.settings import complaint_days
from tenants.shell.layouts.own import let_see, own_page
from tenants.shell.layouts.site import hall_of, site_page


@own_page
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """For who applied, signed in or having looked the case up; others are asked for number and phone."""
    citizen = citizen_of_request(request)
    found, is_own = case_for(request, citizen, case_id)
    if found is None:
        return redirect("site-progress")
    own = citizen if is_own else None
    form = (CaseComplaintForm if own else GuestComplaintForm)(request.POST or None, initial={"form_id": draw_id()})
    made = form.carry_out(lambda data: _complained(request, own, case_id, data))
    if made:
        let_see(request, made.pk)
        return redirect("site-question", made.pk)
    context = {"case": found, "form": form, "citizen": own, "days": complaint_days()}
    status = 422 if form.errors else 200
    return site_page(request, "casework/site/complain.html", context, status=status, is_own=True)


def _complained(request: HttpRequest, citizen: Citizen | None, case_id: UUID, data: dict[str, Any]) -> Question:
    phone, name = data.pop("phone", ""), data.pop("name", "")
    hall, complaint = hall_of(request), CaseComplaint(**data)
    if citizen:
        return complain_about_own_case(hall=hall, citizen=citizen, case_id=case_id, complaint=complaint)
    address = str(request.META.get("REMOTE_ADDR", ""))
    guest = Guest(phone=phone, name=name, address=address, proof=request.POST.get(FIELD, ""))
    return complain_about_looked_up_case(hall=hall, case_id=case_id, complaint=complaint, guest=guest)
