"""What citizens asked about the hall's items, and whom to call back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import Invalid
from province.citizens.operations.citizens import REVEAL
from province.citizens.operations.guest_contacts import reveal_guest_contact
from province.console.access import require_fresh
from province.rights.queries import may
from tenants.services.forms import CallForm
from tenants.services.layouts import at_items
from tenants.services.queries.questions import asked_questions, question_with_id, with_guest_contacts
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    page = rows_of_page(request, asked_questions())
    context = {"place": "items", "page": page, "rows": with_guest_contacts(page)}
    return desk_page(request, desk, "services/desk/questions.html", context)


@at_items
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, desk: Desk, question_id: UUID) -> HttpResponse:
    """Show the question. POST shows the number to call, in this answer and nowhere else."""
    found = question_with_id(question_id)
    form, phone = CallForm(request.POST or None), ""
    if request.method == "POST":
        require_fresh(request)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                phone = reveal_guest_contact(
                    by=desk.by, hall_id=desk.hall.pk, guest_contact_id=found.guest_contact.pk, reason=reason
                )
            except Invalid as refusal:
                form.take_faults(refusal)
    context = {
        "place": "items",
        "found": found,
        "form": form,
        "phone": phone,
        "may_reveal": may(desk.by, REVEAL, hall_id=desk.hall.pk),
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "services/desk/question.html", context, status=status)
