"""我有问题: somebody asks about an item, and gets a number."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError, NotFound
from foundation.proof_of_work import FIELD
from tenants.services.forms import QuestionForm
from tenants.services.operations.questions import ask_question
from tenants.services.queries.questions import question_with_id
from tenants.services.queries.shown import shown_item
from tenants.shell.layouts.own import own_page
from tenants.shell.layouts.site import hall_of, site_page


@own_page
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, item_id: UUID) -> HttpResponse:
    shown = shown_item(item_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            question = ask_question(
                hall=hall_of(request),
                item_id=item_id,
                **form.cleaned_data,
                address=str(request.META.get("REMOTE_ADDR", "")),
                proof=request.POST.get(FIELD, ""),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            return redirect("site-question", question_id=question.pk)
    context = {"version": shown.version, "form": form, "section": reverse("site-services")}
    status = 422 if form.errors else 200
    return site_page(request, "services/site/ask.html", context, status=status, is_own=True)


@own_page
@require_GET
def question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Say that the question has arrived, and under which number. Shows nothing of what was asked, nor by whom."""
    found = question_with_id(question_id)
    context = {"question": found.question, "version": found.version, "section": reverse("site-services")}
    return site_page(request, "services/site/question.html", context, is_own=True)
