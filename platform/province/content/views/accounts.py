"""Registered media accounts (新媒体备案): one by one, or by a table."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError, Invalid
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request, first_view, list_download, require_fresh
from province.console.queries.picks import picks_for
from province.console.queries.tables import own_table
from province.content.connectors import ACCOUNT_CONNECTORS
from province.content.forms import (
    AccountImportForm,
    ChangedAccountForm,
    CredentialForm,
    MediaAccountForm,
    NewMediaAccountForm,
)
from province.content.models import MediaAccount
from province.content.operations.account_imports import import_accounts
from province.content.operations.accounts import change_account, close_account, confirm_account, file_account
from province.content.operations.contacts import export_contacts, reveal_contact
from province.content.operations.credentials import set_credential
from province.content.queries.account_facts import HEADINGS
from province.content.queries.accounts import (
    account_with_id,
    accounts_table,
    credential_of,
    deliveries_table,
    signing_key,
)
from province.content.states import AccountState
from province.rights.actors import Actor
from province.rights.queries import has_anywhere, may

_PAGE = 50
_DELIVERIES = 30
_TABLE = TableKind(
    "console.accounts",
    (
        TableColumn("name", "账号名称", sort="name", is_fixed=True),
        TableColumn("platform", "平台"),
        TableColumn("account", "平台账号", sort="external_id"),
        TableColumn("owner", "主管单位", sort="owner"),
        TableColumn("hall", "服务厅", sort="hall_name"),
        TableColumn("state", "状态"),
        TableColumn("filed", "备案日期", sort="filed_on"),
    ),
    filters=("search", "platform", "state"),
)
_CONTACT_HEADINGS = ("平台", "账号名称", "平台账号", "主管单位", "负责人", "联系电话")
_HEADINGS = ("平台", "账号名称", "平台账号", "主管单位", "服务厅", "备案号", "备案日期", "负责人", "联系电话", "状态")


_CHOICES = {"platform": MediaAccount.Platform.choices, "state": AccountState.choices}


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    filters = {name: request.GET.get(name, "").strip()[:80] for name in ("search", "platform", "state")}
    accounts = table.in_order(accounts_table(by=by, **filters))
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = (
            (
                account.get_platform_display(),
                account.name,
                account.external_id,
                account.owner,
                account.hall_name,  # type: ignore[attr-defined]
                account.filing_number,
                account.filed_on,
                str(account.contact_name),
                str(account.contact_phone),
                account.get_state_display(),
            )
            for account in accounts.iterator()
        )
        return list_download(
            by=by,
            hall_id=None,
            file_format=request.GET["format"],
            name="新媒体账号",
            headings=_HEADINGS,
            lines=rows,
            narrowed=[dict(choices).get(filters[one], "") for one, choices in _CHOICES.items()],
            words=[filters["search"]],
        )
    context = {
        "page": Paginator(accounts, _PAGE).get_page(request.GET.get("page")),
        "table": table,
        "filters": filters,
        "may_read_contacts": has_anywhere(by, "accounts.read_contacts"),
        "is_filtered": any(filters.values()),
        "platforms": MediaAccount.Platform.choices,
        "states": AccountState.choices,
    }
    return render(request, "content/accounts.html", context)


@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """A table in; afterwards how much of it went in, and a line for every row that did not."""
    by = actor_of_request(request, "accounts.manage")
    form = AccountImportForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = import_accounts(by=by, file=form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "report": report, "headings": HEADINGS}
    return render(request, "content/accounts_import.html", context, status=422 if form.errors else 200)


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the right headings and one line to follow."""
    actor_of_request(request, "accounts.manage")
    example = (
        "微信公众号",
        "示例发布",
        "shili-fabu",
        "某市人民政府办公室",
        "420500000000",
        "",
        "2026-01-31",
        "",
        "",
        "",
        "",
    )
    return export_table("xlsx", "新媒体备案表", list(HEADINGS), [example])


@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    form = NewMediaAccountForm(request.POST or None, picks=picks_for(by))
    if account := form.carry_out(lambda filled: file_account(by=by, **filled)):
        messages.success(request, f"账号“{account.name}”已备案。")
        return redirect("console-account", account_id=account.pk)
    return render(request, "content/account_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "accounts.manage")
    found = account_with_id(by, account_id)
    names = MediaAccountForm.base_fields.keys() - {"contact_name", "contact_phone"}
    credential = _credential_form(request, found)
    form = ChangedAccountForm(initial={name: getattr(found, name) for name in names})
    if request.method == "POST":
        if credential is None or request.POST.get("act") != "credential":
            form = ChangedAccountForm(request.POST)
        try:
            messages.success(request, _done(request, by, found, form, credential))
        except DomainError as refusal:
            faulty = credential if credential is not None and request.POST.get("act") == "credential" else form
            faulty.is_valid()
            faulty.take_faults(refusal)
        else:
            return redirect("console-account", account_id=account_id)
    is_sent_to = found.connector and found.state != AccountState.CLOSED
    context = {
        "account": found,
        "form": form,
        "credential": credential,
        "deliveries": deliveries_table(by=by, account_id=account_id)[:_DELIVERIES],
        "may_read_contact": may(by, "accounts.read_contacts", hall_id=found.hall_id, prefix=found.prefix),
        "signing_key": signing_key(by=by, account=found) if is_sent_to else "",
    }
    return render(
        request,
        "content/account.html",
        context,
        status=422 if form.errors or (credential and credential.errors) else 200,
    )


@require_POST
def contact(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Whom one calls about the account, in full, for this one page."""
    by = actor_of_request(request, "accounts.read_contacts")
    require_fresh(request)
    found = account_with_id(by, account_id)
    name, phone = reveal_contact(by=by, account=found)
    return render(request, "content/account_contact.html", {"account": found, "name": name, "phone": phone})


@require_POST
def contacts(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, with everybody's name and phone in full."""
    by = actor_of_request(request, "accounts.read_contacts")
    require_fresh(request)
    filters = {name: request.POST.get(name, "").strip()[:80] for name in ("search", "platform", "state")}
    rows = (
        (one.get_platform_display(), one.name, one.external_id, one.owner, name, phone)
        for one, (name, phone) in export_contacts(by=by, **filters)
    )
    return export_table("xlsx", "新媒体账号负责人", _CONTACT_HEADINGS, rows)


def _credential_form(request: HttpRequest, found: MediaAccount) -> CredentialForm | None:
    """None where the account's connector needs none."""
    connector = ACCOUNT_CONNECTORS.get(found.connector)
    if connector is None or not connector.key_label or found.state == AccountState.CLOSED:
        return None
    kept = credential_of(found)
    return CredentialForm(
        request.POST if request.POST.get("act") == "credential" else None,
        connector=connector,
        is_kept=kept is not None,
        initial={"name": kept.name, "may_delete": kept.may_delete} if kept else None,
    )


def _done(
    request: HttpRequest, by: Actor, found: MediaAccount, form: ChangedAccountForm, credential: CredentialForm | None
) -> str:
    """Do what the button says; answers what has happened."""
    match request.POST.get("act"):
        case "credential":
            if credential is None or not credential.is_valid():
                raise Invalid("请按提示修改。")
            set_credential(by=by, account=found, **credential.cleaned_data)
            return "接口凭据已保存。"
        case "confirm":
            confirm_account(by=by, account=found)
            return "变更已确认，账号恢复为已备案。"
        case "close":
            close_account(by=by, account=found, reason=request.POST.get("reason", ""))
            return "账号已注销，以后不再向它推送。"
        case _:
            if not form.is_valid():
                raise Invalid("请按提示修改。")
            change_account(by=by, account=found, **form.changes())
            return "已保存。如有改动，账号处于“变更中”，确认后恢复。"
