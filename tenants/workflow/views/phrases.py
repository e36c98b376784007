"""常用语 of who writes opinions: one page, one phrase a line."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.models.phrases import LONGEST_PHRASE, MOST_PHRASES
from tenants.workflow.operations.phrases import set_phrases
from tenants.workflow.queries.phrases import own_phrases


@at_part
@require_http_methods(["GET", "POST"])
def phrases(request: HttpRequest, desk: Desk) -> HttpResponse:
    typed = request.POST.get("texts", "")
    refused = ""
    if request.method == "POST":
        try:
            set_phrases(by=desk.by, hall=desk.hall, texts=typed.splitlines())
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(request, "常用语已保存。")
            return redirect("desk-work-phrases")
    context = {
        "place": "work",
        "texts": typed if refused else "\n".join(own_phrases(desk.by)),
        "refused": refused,
        "most": MOST_PHRASES,
        "longest": LONGEST_PHRASE,
    }
    return desk_page(request, desk, "workflow/desk/phrases.html", context, status=422 if refused else 200)
