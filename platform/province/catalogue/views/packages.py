"""一件事 packages: their list, and each with its draft, what stands against publishing it, and what halls see."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.design.said import say_made
from foundation.errors import DomainError, NotFound
from province.catalogue.forms.packages import PackageForm
from province.catalogue.models import Package
from province.catalogue.operations.packages import (
    add_package,
    change_package,
    publish_package,
    restore_package,
    retire_package,
)
from province.catalogue.queries.packages import package_faults, package_lines, package_with_id, packages
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.rights.queries import may


@require_GET
def package_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    context = {
        "tabs": tabs_of(by, "packages"),
        "packages": packages(),
        "may_change": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/packages.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    form = PackageForm(data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = add_package(by=by, name=form.name, values=form.values())
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            say_made(request, "已存为草稿。", address=reverse("console-package", args=[made.pk]))
            return redirect("console-package", made.pk)
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, package_id: UUID) -> HttpResponse:
    """POST ``act``: save, or publish what is saved with it."""
    by = actor_of_request(request, "catalogue.read")
    package = package_with_id(package_id)
    if request.method == "GET":
        return _page(request, PackageForm(name=package.name, values=package.values), package)
    by = actor_of_request(request, "catalogue.publish")
    form = PackageForm(data=request.POST)
    if form.is_valid():
        try:
            package = change_package(
                by=by, package=package, revision=_revision(request), name=form.name, values=form.values()
            )
            if request.POST.get("act") == "publish":
                publish_package(by=by, package=package, revision=package.revision)
        except NotFound:
            raise
        except DomainError as refusal:
            form.take_faults(refusal)
            package = package_with_id(package_id)
        else:
            is_published = request.POST.get("act") == "publish"
            messages.success(request, "已公布，各服务厅立即照此显示。" if is_published else "草稿已保存。")
            return redirect("console-package", package_id)
    return _page(request, form, package)


@require_POST
def retire(request: HttpRequest, package_id: UUID) -> HttpResponse:
    said = "已停用，各服务厅不再显示；已经收到的照常办理。"
    return _act(request, package_id, retire_package, said)


@require_POST
def restore(request: HttpRequest, package_id: UUID) -> HttpResponse:
    return _act(request, package_id, restore_package, "已恢复，各服务厅立即重新显示。")


def _act(request: HttpRequest, package_id: UUID, act: Callable[..., Package], said: str) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        act(by=by, package=package_with_id(package_id), revision=_revision(request))
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("console-package", package_id)


def _page(request: HttpRequest, form: PackageForm, package: Package | None) -> HttpResponse:
    parts, problems = form.drawn()
    refused = form.is_bound and not form.is_at_rows
    context: dict[str, Any] = {
        "package": package,
        "parts": parts,
        "problems": problems if refused else [],
        "lines": package_lines(package.values) if package else [],
        "gaps": package_faults(package.values) if package else [],
        "may_change": may(actor_of_request(request, "catalogue.read"), "catalogue.publish"),
    }
    return render(request, "catalogue/package.html", context, status=422 if refused else 200)


def _revision(request: HttpRequest) -> int:
    return posted_number(request.POST.get("revision", ""), otherwise=0)
