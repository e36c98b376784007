"""The hall's forms at the desk: the table, the page of each, the designer."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.tables import TableColumn, TableKind
from foundation.editing.drafts import lock_holder
from foundation.errors import Conflict, Invalid
from province.designers.queries.form_designs import FormCanvas, outline_of
from province.halls.models import Hall
from province.rights.queries import may
from standards.forms.palette import palette
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.forms.filling import FormBeginning
from tenants.workflow.layouts import at_design
from tenants.workflow.models import Form
from tenants.workflow.operations import designs, forms
from tenants.workflow.queries.designs import definition_at, free_code
from tenants.workflow.queries.form_choices import form_choices
from tenants.workflow.queries.form_design import changes_between, faults_of_draft
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.views.designs import (
    DesignAct,
    acts_of_life,
    comparison_context,
    design_context,
    design_table,
    json_file,
    numbers_to_compare,
    place_of,
    revision_posted,
    version_asked,
)

_TABLE: Final = TableKind(
    "desk.forms",
    (
        TableColumn("title", "名称", sort="title", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("version", "版本"),
        TableColumn("citizens", "群众可以填写"),
        TableColumn("edited", "最后修改", sort="edited_at"),
    ),
    filters=("search", "state"),
)


@at_design
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    return design_table(request, desk, Form, _TABLE)


@at_design
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = FormBeginning(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        begun = form.begun()
        try:
            made = forms.create_form(by=desk.by, hall=desk.hall, code=free_code(Form, begun["title"]), **begun)
        except Invalid as refusal:
            form.take_faults(refusal)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("desk-form-design", made.pk)
    context = {"place": place_of(Form), "form": form}
    return desk_page(request, desk, "workflow/desk/form_new.html", context, status=422 if form.errors else 200)


@at_design
@require_GET
def form(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    found = form_with_id(form_id)
    context = {
        **design_context(found, desk),
        "is_changed": not found.newest or found.newest.definition != found.definition,
        "faults": faults_of_draft(found, desk.hall),
        "outline": outline_of(found.definition),
        "may_read_sent": may(desk.by, "workflow.read_sent", hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "workflow/desk/form.html", context)


@at_design
@require_GET
def design(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    """The designer. Opening it takes the lock; while somebody else holds it, the form's page says so."""
    found = form_with_id(form_id)
    if lock_holder(found, desk.by):
        return redirect("desk-form", form_id)
    held = designs.lock_design(by=desk.by, hall=desk.hall, kind=Form, design_id=form_id)
    context = {
        "place": place_of(Form),
        "form": held,
        "palette": palette(),
        "given": _canvas(desk.hall, held).given(held.definition, held.revision),
        "outline": outline_of(held.definition),
    }
    return desk_page(request, desk, "workflow/desk/form_design.html", context)


@at_design
@require_GET
def compare(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    """What differs between two versions, or a version and the draft (number 0)."""
    found = form_with_id(form_id)
    numbers = numbers_to_compare(request)
    context = comparison_context(found, numbers)
    try:
        context["changes"] = changes_between(found, *numbers)
    except Invalid as refusal:
        context["refused"] = refusal.message
    return desk_page(request, desk, "workflow/desk/compare.html", context)


@at_design
@require_GET
def export(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The draft, or the version that is asked for, as a file that can be brought into another form."""
    found = form_with_id(form_id)
    return json_file(found, definition_at(found, version_asked(request)))


@at_design
@require_POST
def act(request: HttpRequest, desk: Desk, form_id: UUID, verb: str) -> HttpResponse:
    """Do what a button of a form's page says."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "form_id": form_id}
    revision = revision_posted(request)
    acts: dict[str, DesignAct] = {
        "publish": (lambda: forms.publish_form(**given, revision=revision), "已发布，现在就能填写。"),
        "open": (lambda: forms.open_form(**given, is_open=True), "群众现在可以在网站上填写这张表单。"),
        "close": (lambda: forms.open_form(**given, is_open=False), "群众在网站上看不到这张表单了。"),
        **acts_of_life(
            desk,
            Form,
            form_id,
            retired="已停用，不能再开始填写；已经开始填的还可以交。",
            left="已退出设计，改动都已保存。",
        ),
    }
    carry_out, said = acts[verb]
    return act_and_return(request, carry_out, said=said, to="desk-form", args=(form_id,))


def _canvas(hall: Hall, held: Form) -> FormCanvas:
    return FormCanvas(
        urls={
            "save": reverse("hall-api:form-draft", args=[held.pk]),
            "study": reverse("hall-api:form-study"),
            "expression": reverse("hall-api:form-expressions"),
            "names": reverse("hall-api:form-names"),
            "materials": reverse("hall-api:form-materials"),
            "lock": reverse("hall-api:take_form_lock", args=[held.pk]),
        },
        choices=form_choices(hall),
        preview_url=reverse("desk-form-preview", args=[held.pk]),
        goal="发布",
        materials="在本厅的事项里找，例如“取水许可 申请书”。",
    )
