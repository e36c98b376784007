"""The tree of columns at the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from tenants.portal.forms import ColumnForm
from tenants.portal.layouts import at_desk
from tenants.portal.models import Column
from tenants.portal.operations import columns
from tenants.portal.queries.desk import column_at_desk, column_tree
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk


@at_desk
@require_GET
def tree(request: HttpRequest, desk: Desk) -> HttpResponse:
    return desk_page(
        request,
        desk,
        "portal/desk/columns.html",
        {"place": "columns", "rows": column_tree(), "moved": request.GET.get("moved", "")},
    )


@at_desk
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ColumnForm(request.POST or None, parents=_parents(), initial={"kind": Column.Kind.LIST})
    if column := form.carry_out(lambda filled: columns.add_column(by=desk.by, hall=desk.hall, **filled)):
        say_made(request, f"已新建栏目“{column.name}”。", address=reverse("desk-column", args=[column.code]))
        return redirect("desk-columns")
    return _form_page(request, desk, form, None)


@at_desk
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    column = column_at_desk(code)
    initial = {name: getattr(column, name) for name in ("name", "kind", "link_url", "body")}
    initial["parent"] = column.parent.code if column.parent else ""
    form = ColumnForm(request.POST or None, parents=_parents(column), column=column, initial=initial)
    if form.carry_out(lambda filled: columns.change_column(by=desk.by, hall=desk.hall, code=code, **filled)):
        messages.success(request, "已保存。")
        return redirect("desk-columns")
    return _form_page(request, desk, form, column)


@at_desk
@require_POST
def move(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Move the column one place up or down. The tree comes back with the focus on the same button, for people who work
    by keyboard."""
    steps = -1 if request.POST.get("to") == "up" else 1
    column = columns.move_column(by=desk.by, hall=desk.hall, code=code, steps=steps)
    messages.success(request, f"“{column.name}”现在是第 {column.order} 个。")
    return redirect(f"{reverse('desk-columns')}?moved={code}-{'up' if steps < 0 else 'down'}")


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, code: str, verb: str) -> HttpResponse:
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "code": code}
    name = column_at_desk(code).name
    acts = {
        "hide": (columns.hide_column, f"“{name}”已从网站隐藏，里面的文章都还在。可以随时恢复显示。"),
        "show": (columns.show_column, f"“{name}”已显示在网站上。"),
        "remove": (columns.remove_column, f"已删除空栏目“{name}”。"),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, lambda: carry_out(**given), said=said, to="desk-columns")


def _form_page(request: HttpRequest, desk: Desk, form: ColumnForm, column: Column | None) -> HttpResponse:
    context = {"place": "columns", "form": form, "column": column, "upload_url": reverse("desk-upload")}
    return desk_page(request, desk, "portal/desk/column_edit.html", context, status=422 if form.errors else 200)


def _parents(column: Column | None = None) -> list[tuple[str, str]]:
    return [
        (row.column.code, row.column.name)
        for row in column_tree()
        if row.depth == 0 and (column is None or row.column.code != column.code)
    ]
