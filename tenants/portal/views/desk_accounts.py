"""The hall's registered media accounts (新媒体备案) at its desk."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.content.models import MediaAccount
from province.content.operations import accounts
from tenants.portal.forms import AccountForm, NewAccountForm
from tenants.portal.layouts import at_desk
from tenants.portal.queries.accounts import account_at_desk, accounts_at_desk
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.slots import Desk

_TABLE: Final = TableKind(
    "desk.accounts",
    (
        TableColumn("name", "账号名称", sort="name", is_fixed=True),
        TableColumn("platform", "平台", sort="platform"),
        TableColumn("owner", "主管单位", sort="owner"),
        TableColumn("filed", "备案", sort="filed_on"),
        TableColumn("state", "状态", sort="state"),
    ),
    filters=("search",),
)
_HEADINGS = ("平台", "账号名称", "平台账号", "主管单位", "备案号", "备案日期", "状态")


@at_desk
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the accounts of the hall and of the halls below it."""
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    search = request.GET.get("search", "")[:80]
    rows = shown.in_order(accounts_at_desk(desk, search=search))
    if request.GET.get("export") in EXPORT_FORMATS:
        lines = (
            [
                *(row.get_platform_display(), row.name, row.external_id, row.owner),
                *(row.filing_number, row.filed_on, row.get_state_display()),
            ]
            for row in rows.iterator()
        )
        return export_table(request.GET["export"], f"{desk.hall.short_name}新媒体账号", _HEADINGS, lines)
    context = {"place": "accounts", "page": rows_of_page(request, rows), "table": shown, "search": search}
    return desk_page(request, desk, "portal/desk/accounts.html", context)


@at_desk
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = NewAccountForm(request.POST or None, initial={"owner": desk.hall.organiser or desk.hall.name})
    code = desk.hall.division.code
    if account := form.carry_out(lambda filled: accounts.file_account(by=desk.by, code=code, **filled)):
        say_made(request, f"已登记“{account.name}”。", address=reverse("desk-account", args=[account.pk]))
        return redirect("desk-accounts")
    return _form_page(request, desk, form, None)


@at_desk
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, account_id: UUID) -> HttpResponse:
    account = account_at_desk(desk, account_id)
    initial = {name: getattr(account, name) for name in AccountForm.base_fields}
    form = AccountForm(request.POST or None, initial=initial)
    if form.carry_out(lambda filled: accounts.change_account(by=desk.by, account=account, **filled)):
        messages.success(request, "变更已登记，等待上级确认。")
        return redirect("desk-accounts")
    return _form_page(request, desk, form, account)


@at_desk
@require_POST
def close(request: HttpRequest, desk: Desk, account_id: UUID) -> HttpResponse:
    account, reason = account_at_desk(desk, account_id), request.POST.get("reason", "")
    return act_and_return(
        request,
        lambda: accounts.close_account(by=desk.by, account=account, reason=reason),
        said=f"已登记“{account.name}”注销，不再向它推送。",
        to="desk-accounts",
    )


def _form_page(request: HttpRequest, desk: Desk, form: Any, account: MediaAccount | None) -> HttpResponse:
    context = {"place": "accounts", "form": form, "account": account}
    return desk_page(request, desk, "portal/desk/account_edit.html", context, status=422 if form.errors else 200)
