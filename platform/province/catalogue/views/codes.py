"""变更编码, and the address of an item by any code that it has ever had."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from province.catalogue.forms.codes import NewCodeForm
from province.catalogue.operations import save_draft
from province.catalogue.queries.code_changes import code_preview
from province.catalogue.queries.codes import code_answer, code_lines
from province.catalogue.queries.desks import item_at_desk, require_over
from province.console.access import actor_of_request


@require_GET
def by_code(request: HttpRequest, basic_code: str) -> HttpResponse:
    """Lead to the item that answers to a code, also to one that it bore before."""
    by = actor_of_request(request, "catalogue.read")
    return HttpResponsePermanentRedirect(reverse("console-item", args=[code_answer(by, basic_code).item.pk]))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """``?basic_code=``: show what that code would touch; POST writes it into the draft."""
    by = actor_of_request(request, "catalogue.write")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", found)
    asked = request.POST if request.method == "POST" else request.GET
    form = NewCodeForm(asked if "basic_code" in asked else None)
    if request.method == "POST":
        saved = form.carry_out(
            lambda filled: save_draft(
                by=by, item=found, revision=filled["revision"], values={"basic_code": filled["basic_code"]}
            )
        )
        if saved is not None:
            messages.success(request, "新编码已写入草稿。请报送审核，随新版施行时启用，旧编码一直指向这个事项。")
            return redirect("console-item", item_id=item_id)
    code = form.cleaned_data.get("basic_code", "") if form.is_valid() else ""
    context = {
        "item": found,
        "form": form,
        "codes": code_lines(found),
        "preview": code_preview(found, code) if code else None,
    }
    return render(request, "catalogue/change_code.html", context, status=422 if form.errors else 200)
