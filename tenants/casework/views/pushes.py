"""Systems of departments at the desk: their keys, and each call of theirs."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from foundation.design.forms import ids_of
from foundation.exports import EXPORT_FORMATS, list_lines
from province.console.access import require_fresh
from tenants.casework.forms.cases import DepartmentKeyForm
from tenants.casework.layouts import at_keys
from tenants.casework.models import PushedCall
from tenants.casework.operations.push_keys import make_department_key, revoke_department_key
from tenants.casework.queries.pushes import department_key, department_keys, positions_for_keys, pushed_calls
from tenants.casework.states import PushedState
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}
_HEADINGS: Final = ("时间", "系统", "推送", "办件编号", "结果", "答复", "正文摘要")


@at_keys
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``state``, ``key`` and ``words`` choose calls. POST makes a key, whose secret is shown once."""
    form = DepartmentKeyForm(request.POST or None, positions=positions_for_keys(desk.by, desk.hall))
    if request.method == "POST":
        require_fresh(request)
    made = form.carry_out(
        lambda data: make_department_key(
            by=desk.by, hall=desk.hall, name=data["name"], position_id=UUID(data["position_id"])
        )
    )
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in ("state", "key", "words")}
    key_id = next(iter(ids_of([chosen["key"]])), None)
    rows = pushed_calls(state=chosen["state"], key_id=key_id, words=chosen["words"])
    if request.method == "GET" and (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        system = next((one.key.name for one in department_keys(desk.hall) if one.key.pk == key_id), "")
        narrowed = [dict(PushedState.choices).get(chosen["state"], ""), system]
        name, lines = f"{desk.hall.short_name}推送记录", list_lines(rows, _cells)
        return desk_export(desk, kind, name, _HEADINGS, lines, narrowed=narrowed, words=[chosen["words"]])
    page = rows_of_page(request, rows)
    context = {
        "keys": department_keys(desk.hall),
        "form": DepartmentKeyForm(positions=positions_for_keys(desk.by, desk.hall)) if made else form,
        "made": made[0] if made else None,
        "secret": made[1] if made else "",
        "page": page,
        "chosen": chosen,
        "states": PushedState.choices,
        "is_filtered": any(chosen.values()),
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/pushes.html", _PLACE | context, status=status)


def _cells(calls: list[PushedCall]) -> Iterator[tuple[Any, ...]]:
    for one in calls:
        yield (
            *(one.created_at, one.key.name, one.get_kind_display(), one.case_number),
            *(one.get_state_display(), one.said, one.digest),
        )


@at_keys
@require_POST
def revoke(request: HttpRequest, desk: Desk, key_id: UUID) -> HttpResponse:
    """Let a key open nothing from now on."""
    key = department_key(key_id)
    require_fresh(request)
    revoke_department_key(by=desk.by, hall=desk.hall, key_id=key.pk)
    messages.success(request, f"“{key.name}”的密钥已停用，立即生效。")
    return redirect("desk-case-pushes")
