"""一件事 on a hall's site: the guide of a package, its application, and one progress of the whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError, NotFound
from foundation.qr_codes import picture_of
from province.catalogue.queries.packages import shown_package
from province.citizens.access import citizen_of_request
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.forms.serving import SERVICE_ASKED, wish_posted
from tenants.casework.operations.packages import begin_package, withdraw_package
from tenants.casework.queries.applying import own_channel
from tenants.casework.queries.own_packages import looked_up_package, own_package, package_view
from tenants.casework.queries.packages import QUESTION, PackageGuide, package_guide, packages_here
from tenants.shell.layouts.citizen import citizen_page, for_citizen
from tenants.shell.layouts.own import citizen_routes, may_see, own_page
from tenants.shell.layouts.site import absolute, for_readers, hall_of, site_page
from tenants.workflow.queries.filled import filler_of


@require_safe
@for_readers
def guide(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """What is done at once, what to bring, in which order it goes, and where; the questions are in the address."""
    found = package_guide(hall_of(request), shown_package(package_id), dict(request.GET.lists()))
    query = urlencode(_asked_so(found))
    address, begin = reverse("site-package", args=[package_id]), reverse("site-package-begin", args=[package_id])
    context: dict[str, Any] = {
        "guide": found,
        "questions": [(one, found.answers.get(one.code)) for one in found.definition.situations.asked(found.answers)],
        "back": f"{address}?{query}" if query else address,
        "begin": f"{begin}?{query}" if query else begin,
        "section": reverse("site-services"),
    }
    return site_page(request, "casework/site/package.html", context)


def _asked_so(found: PackageGuide) -> list[tuple[str, str]]:
    """The answers as they stand in the address."""
    return [(f"{QUESTION}{code}", one) for code, codes in found.answers.items() for one in codes or ("0",)]


@own_page
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """How documents shall reach who applies, before the one form of what the answers choose; POST begins it, or goes on
    with the draft that there is. Who is not signed in signs in first and comes back. The guide itself is kept for all
    readers, so that no form with anybody's token stands on it."""
    citizen = citizen_of_request(request)
    if citizen is None:
        here = request.get_full_path() if request.method == "GET" else reverse("site-package", args=[package_id])
        return redirect(f"{reverse(citizen_routes(request).sign_in)}?{urlencode({'next': here})}")
    given = dict((request.POST if request.method == "POST" else request.GET).lists())
    found = package_guide(hall_of(request), shown_package(package_id), given)
    answers = {name.removeprefix(QUESTION): codes for name, codes in given.items() if name.startswith(QUESTION)}
    asked_so = _asked_so(found)
    query = f"?{urlencode(asked_so)}" if asked_so else ""
    if request.method == "POST":
        try:
            begun = begin_package(
                who=filler_of(citizen),
                hall=hall_of(request),
                package_id=package_id,
                answers=answers,
                is_another=request.POST.get("another") == "yes",
                channel=own_channel(request.POST.get("channel", "")),
                service=wish_posted(request.POST),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{request.path}{query}")
        return redirect("site-filled", begun.filled_id)
    guide_of_it = f"{reverse('site-package', args=[package_id])}{query}"
    if not found.is_whole or found.chosen.refusals or found.chosen.open_questions:
        return redirect(guide_of_it)
    context = {"guide": found, "answers": _answered(found), "back": guide_of_it, **SERVICE_ASKED}
    return citizen_page(request, "casework/site/package_begin.html", context)


def _answered(found: PackageGuide) -> list[tuple[str, Sequence[str]]]:
    return [(f"{QUESTION}{code}", codes or ("0",)) for code, codes in found.answers.items()]


@own_page
@require_safe
def whole(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One progress of all items: whole for who applied; without anything personal for who has looked it up by number
    and phone."""
    citizen = citizen_of_request(request)
    try:
        found, is_own = own_package(citizen, application_id) if citizen else None, True
    except NotFound:
        if not may_see(request, application_id):
            raise
        found = None
    if found is None:
        if not may_see(request, application_id):
            return redirect("site-progress")
        found, is_own = looked_up_package(application_id), False
    look_up = f"{reverse('site-progress')}?{urlencode({'number': found.number})}"
    context = {
        "application": found,
        "view": package_view(found, is_looked_up=not is_own),
        "is_own": is_own,
        "code": picture_of(absolute(request, look_up)),
        "reload": reverse("site-whole", args=[found.pk]),
    }
    if is_own:
        return citizen_page(request, "casework/site/whole.html", context)
    return site_page(request, "casework/site/whole.html", context, is_own=True)


@for_citizen
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, citizen: Citizen, application_id: UUID) -> HttpResponse:
    """撤回整件事: asked once more before it is done."""
    found = own_package(citizen, application_id)
    view = package_view(found)
    if request.method == "POST":
        try:
            withdraw_package(
                who=filler_of(citizen),
                hall=hall_of(request),
                application_id=application_id,
                reason=request.POST.get("reason", ""),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "整件事的申请已经撤回。")
        return redirect("site-whole", application_id)
    if not view.can_withdraw:
        return redirect("site-whole", application_id)
    return citizen_page(request, "casework/site/withdraw_whole.html", {"application": found, "view": view})


def packages_block(hall: Hall) -> SafeString | None:
    """一件事一次办 on 办事服务."""
    found = packages_here(hall)
    return render_to_string("casework/site/packages.html", {"packages": found}) if found else None
