"""一件事 at the desk: what somebody who comes or phones applies for at once, on one form."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError, NotFound
from foundation.exports import EXPORT_FORMATS, list_lines
from province.catalogue.queries.packages import shown_package
from tenants.casework.forms.cases import CaseWithdrawalForm
from tenants.casework.forms.serving import DESK_WAYS, wish_posted
from tenants.casework.layouts import at_cases
from tenants.casework.models import PackageApplication
from tenants.casework.operations.packages import AT_DESK, begin_package, withdraw_package
from tenants.casework.queries.own_packages import items_at_desk, package_at_desk, package_view, packages_at_desk
from tenants.casework.queries.packages import QUESTION, package_guide, packages_here
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.queries.filled import FormFiller

_PLACE: Final = {"place": "cases"}
_HEADINGS: Final = ("编号", "一件事", "提交时间", "撤回时间")


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which can be taken in here, and what was."""
    rows = packages_at_desk()
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return desk_export(desk, kind, f"{desk.hall.short_name}一件事", _HEADINGS, list_lines(rows, _cells))
    page = rows_of_page(request, rows)
    context = {"packages": packages_here(desk.hall), "page": page}
    return desk_page(request, desk, "casework/desk/packages.html", _PLACE | context)


def _cells(applications: list[PackageApplication]) -> Iterator[tuple[Any, ...]]:
    for one in applications:
        yield one.number, one.name, one.sent_at, one.withdrawn_at


@at_cases
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk, package_id: UUID) -> HttpResponse:
    """The questions, whose answers are in the address, and what they choose; POST begins the one form of it."""
    given = dict((request.POST if request.method == "POST" else request.GET).lists())
    found, refused = package_guide(desk.hall, shown_package(package_id), given), ""
    if request.method == "POST":
        answers = {name.removeprefix(QUESTION): codes for name, codes in given.items() if name.startswith(QUESTION)}
        begun: dict[str, Any] = {"who": FormFiller(desk.by), "hall": desk.hall, "package_id": package_id}
        try:
            made = begin_package(
                **begun,
                answers=answers,
                is_another=True,
                channel=request.POST.get("channel", ""),
                service=wish_posted(request.POST),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            refused = refusal.message
        else:
            return redirect("desk-filling", made.filled_id)
    context: dict[str, Any] = {
        "guide": found,
        "questions": [(one, found.answers.get(one.code)) for one in found.definition.situations.asked(found.answers)],
        "answers": [(f"{QUESTION}{code}", codes or ("0",)) for code, codes in found.answers.items()],
        "ways": DESK_WAYS,
        "way": request.POST.get("way", ""),
        "address": request.POST.get("address", ""),
        "channels": [(one.value, one.label) for one in AT_DESK],
        "refused": refused,
    }
    status = 422 if refused else 200
    return desk_page(request, desk, "casework/desk/package_new.html", _PLACE | context, status=status)


@at_cases
@require_http_methods(["GET", "POST"])
def whole(request: HttpRequest, desk: Desk, application_id: UUID) -> HttpResponse:
    """One application that was taken in here: its number, and how each item stands. POST withdraws the whole."""
    found = package_at_desk(application_id)
    form = CaseWithdrawalForm(request.POST or None)
    given: dict[str, Any] = {"who": FormFiller(desk.by), "hall": desk.hall, "application_id": application_id}
    if form.carry_out(lambda data: withdraw_package(**given, reason=data["reason"])):
        messages.success(request, "整件事的申请已经撤回。")
        return redirect("desk-package", application_id)
    context = {
        "application": found,
        "lines": items_at_desk(desk, found),
        "view": package_view(found),
        "form": form,
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/package.html", _PLACE | context, status=status)
