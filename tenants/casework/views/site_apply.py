"""在线办: from the guide to an application, and where to go instead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from foundation.design.forms import ids_of
from foundation.errors import DomainError, NotFound
from province.citizens.access import citizen_of_request
from tenants.casework.forms.serving import SERVICE_ASKED, wish_posted
from tenants.casework.operations.intake import begin_application
from tenants.casework.queries.applying import applying_for, is_open_online, own_channel
from tenants.shell.layouts.own import citizen_routes, own_page
from tenants.shell.layouts.site import hall_of, site_page
from tenants.workflow.queries.filled import filler_of


@own_page
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """What is needed, how long it takes, whether one qualifies; POST begins, or goes on with the draft that there is.
    Who is not signed in signs in first and comes back."""
    citizen = citizen_of_request(request)
    if request.method == "POST":
        if citizen is None:
            return redirect(f"{reverse(citizen_routes(request).sign_in)}?{urlencode({'next': request.path})}")
        chosen = ids_of([request.POST.get("setup", "")])
        if not chosen:
            raise NotFound("没有这个事项，请从办事指南重新开始。")
        company = request.POST.get("company", "")
        company_ids = ids_of([company] if company else [])
        if company and not company_ids:
            raise NotFound("没有这个单位，请从办事指南重新开始。")
        is_another = request.POST.get("another") == "yes"
        try:
            begun = begin_application(
                who=filler_of(citizen),
                hall=hall_of(request),
                setup_id=chosen[0],
                channel=own_channel(request.POST.get("channel", "")),
                is_another=is_another,
                company_id=company_ids[0] if company_ids else None,
                service=wish_posted(request.POST),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(request.path)
        return redirect("site-filled", begun.pk)
    applying = applying_for(item_id, filler_of(citizen) if citizen else None)
    context = {
        "applying": applying,
        "citizen": citizen,
        "section": reverse("site-services"),
        **SERVICE_ASKED,
    }
    return site_page(request, "casework/site/apply.html", context, is_own=True)


def way_to_apply(item_id: UUID) -> SafeString | None:
    """在线办 on the page of an item for which the hall takes applications."""
    is_online = is_open_online(item_id)
    if is_online is None:
        return None
    return render_to_string("casework/site/guide_part.html", {"item_id": item_id, "is_online": is_online})
