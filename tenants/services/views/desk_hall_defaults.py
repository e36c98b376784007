"""常用信息: what the hall says once for all items, or for those of a department."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError
from province.catalogue.forms import ItemForm
from province.catalogue.queries.departments import department_with_id
from province.rights.queries import may, require
from tenants.services.layouts import at_items
from tenants.services.operations.hall_defaults import fill_gaps, save_hall_defaults
from tenants.services.queries.hall_defaults import hall_defaults_lines
from tenants.services.queries.prefill import hall_defaults_by_department
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk


@at_items
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show each set of answers with how much of it is there."""
    context = {
        "place": "items",
        "lines": hall_defaults_lines(),
        "may_adopt": may(desk.by, "services.adopt", hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "services/desk/hall_defaults.html", context)


@at_items
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, department_id: UUID | None = None) -> HttpResponse:
    """Edit the answers of a department; without one, those for all items."""
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    department = department_with_id(department_id) if department_id else None
    answers = hall_defaults_by_department()
    form = ItemForm(
        family="",
        item_type="",
        part="hall_defaults",
        values=answers.get(None, {}) if department_id else {},
        hall_values=answers.get(department_id, {}),
        data=request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            save_hall_defaults(by=desk.by, hall=desk.hall, department_id=department_id, values=form.values())
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已保存。新认领的事项会自动带上；已认领的，可以在下面一次补齐。")
            return redirect("desk-hall-defaults")
    context = {"place": "items", "department": department, "form": form}
    is_refused = form.is_bound and not form.is_at_rows
    return desk_page(request, desk, "services/desk/hall_defaults_edit.html", context, status=422 if is_refused else 200)


@at_items
@require_POST
def fill(request: HttpRequest, desk: Desk) -> HttpResponseRedirect:
    """Fill the answers into drafts that say nothing yet."""
    changed = fill_gaps(by=desk.by, hall=desk.hall)
    if changed:
        messages.success(request, f"已补齐 {changed} 个事项的空白处，原来填写的没有改动。")
    else:
        messages.info(request, "没有可以补的空白处，所有事项都没有改动。")
    return redirect("desk-hall-defaults")
