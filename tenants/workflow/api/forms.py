"""Forms of the hall, for those who design them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.designers.queries.expressions import expression_of
from province.designers.queries.form_designs import study_of
from province.designers.schemas import (
    DesignLockIn,
    DesignRevisionIn,
    ExpressionIn,
    ExpressionOut,
    FieldNameOut,
    FormChoicesOut,
    FormDraftIn,
    ItemMaterialOut,
    StudyIn,
    StudyOut,
)
from standards.forms.designing import draw_name
from standards.forms.palette import palette
from standards.forms.versions import DefinitionChange
from tenants.workflow.layouts import design_desk_of_request
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.operations import designs, forms
from tenants.workflow.queries.designs import definition_at, designs_at_desk, free_code, versions_of
from tenants.workflow.queries.form_choices import ItemMaterial, faults_in_hall, form_choices, item_materials
from tenants.workflow.queries.form_design import changes_between, trial_context
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.schemas.forms import (
    FormChangeOut,
    FormIn,
    FormLineOut,
    FormOpeningIn,
    FormOut,
    FormVersionOut,
)

router = Router(tags=["forms"])


def _line(form_id: UUID) -> FormLineOut:
    """As it stands now."""
    return FormLineOut.from_orm(form_with_id(form_id))


@router.get("", response=Page[FormLineOut])
def list_designed_forms(
    request: HttpRequest, page: PageParameters, state: str = "", search: str = ""
) -> dict[str, Any]:
    """List the forms, the newest first. ``state``: draft, published or retired."""
    design_desk_of_request(request)
    return page_of(designs_at_desk(Form, search=search, state=state), page)


@router.post("", response={201: FormLineOut})
@idempotent
def make_form(request: HttpRequest, data: FormIn) -> tuple[int, FormLineOut]:
    """Make a new form, which nobody can fill in before it is published."""
    desk = design_desk_of_request(request)
    code = data.code or free_code(Form, data.title)
    made = forms.create_form(by=desk.by, hall=desk.hall, code=code, title=data.title, definition=data.definition)
    return 201, _line(made.pk)


@router.get("/palette", response=dict[str, Any])
def show_palette(request: HttpRequest) -> dict[str, Any]:
    """Every type of field with its attributes, ready blocks and comparisons: what a definition may hold."""
    design_desk_of_request(request)
    return palette()


# the designer's page asks by these names: another endpoint's function may be called the same
@router.get("/names", response=FieldNameOut, url_name="form-names")
def name_field(request: HttpRequest, label: str) -> dict[str, str]:
    """The name that a field of this label gets: its pinyin."""
    design_desk_of_request(request)
    return {"name": draw_name(label, ())}


@router.get("/choices", response=FormChoicesOut)
def list_form_choices(request: HttpRequest) -> dict[str, Any]:
    """What a definition may name in this hall: roles in its rights, forms in a field that relates to an earlier one."""
    return form_choices(design_desk_of_request(request).hall)


@router.get("/materials", response=list[ItemMaterialOut], url_name="form-materials")
def search_item_materials(request: HttpRequest, search: str = "") -> list[ItemMaterial]:
    """Search the materials of the items that the hall has adopted, by words of the material and of the item; 50 at the
    most."""
    return item_materials(design_desk_of_request(request).hall, search)


@router.post("/study", response=StudyOut, url_name="form-study")
def study_form(request: HttpRequest, data: StudyIn) -> dict[str, Any]:
    """What is wrong with a definition, what its conditions may call, and how they read. Nothing is kept."""
    hall = design_desk_of_request(request).hall
    return study_of(data.definition, lambda form: faults_in_hall(form, hall))


@router.post("/expressions", response=ExpressionOut, url_name="form-expressions")
def write_expression(request: HttpRequest, data: ExpressionIn) -> dict[str, Any]:
    """Write a condition or a formula, and try it with values. Nothing is kept."""
    desk = design_desk_of_request(request)
    return asdict(expression_of(data.definition, trial_context(desk), **data.asked()))


@router.get("/{uuid:form_id}", response=FormOut)
def show_form(request: HttpRequest, form_id: UUID) -> Form:
    design_desk_of_request(request)
    return form_with_id(form_id)


@router.patch("/{uuid:form_id}", response=FormLineOut, url_name="form-draft")
@idempotent
def save_form(request: HttpRequest, form_id: UUID, data: FormDraftIn) -> tuple[int, FormLineOut]:
    """Save the draft, however unfinished, and hold its lock for five minutes. 409 where somebody else was quicker, 422
    where conditions or formulas read one another in a circle."""
    desk = design_desk_of_request(request)
    forms.save_form_draft(
        by=desk.by, hall=desk.hall, form_id=form_id, definition=data.definition, revision=data.revision
    )
    return 200, _line(form_id)


@router.post("/{uuid:form_id}/lock", response=FormLineOut)
@idempotent
def take_form_lock(request: HttpRequest, form_id: UUID) -> tuple[int, FormLineOut]:
    """Keep other designers out for five minutes, or for five more. 409, naming the holder, where one has it."""
    desk = design_desk_of_request(request)
    designs.lock_design(by=desk.by, hall=desk.hall, kind=Form, design_id=form_id)
    return 200, _line(form_id)


@router.post("/{uuid:form_id}/unlock", response=FormLineOut)
@idempotent
def give_form_lock_back(request: HttpRequest, form_id: UUID, data: DesignLockIn) -> tuple[int, FormLineOut]:
    desk = design_desk_of_request(request)
    designs.unlock_design(by=desk.by, hall=desk.hall, kind=Form, design_id=form_id, is_forced=data.is_forced)
    return 200, _line(form_id)


@router.post("/{uuid:form_id}/publish", response={201: FormVersionOut})
@idempotent
def publish_form(request: HttpRequest, form_id: UUID, data: DesignRevisionIn) -> tuple[int, FormVersionOut]:
    """Let people fill in the draft as it stands. 422 with every fault and its place where it has some."""
    desk = design_desk_of_request(request)
    version = forms.publish_form(by=desk.by, hall=desk.hall, form_id=form_id, revision=data.revision)
    return 201, FormVersionOut.from_orm(version)


@router.post("/{uuid:form_id}/retire", response=FormLineOut)
@idempotent
def retire_form(request: HttpRequest, form_id: UUID) -> tuple[int, FormLineOut]:
    """Let nobody begin it any more; what was begun can be sent."""
    desk = design_desk_of_request(request)
    designs.retire_design(by=desk.by, hall=desk.hall, kind=Form, design_id=form_id)
    return 200, _line(form_id)


@router.post("/{uuid:form_id}/restore", response=FormLineOut)
@idempotent
def restore_form(request: HttpRequest, form_id: UUID) -> tuple[int, FormLineOut]:
    """Undo a retirement."""
    desk = design_desk_of_request(request)
    designs.restore_design(by=desk.by, hall=desk.hall, kind=Form, design_id=form_id)
    return 200, _line(form_id)


@router.post("/{uuid:form_id}/opening", response=FormLineOut)
@idempotent
def open_form(request: HttpRequest, form_id: UUID, data: FormOpeningIn) -> tuple[int, FormLineOut]:
    """Let citizens fill it in on the hall's site, or no longer."""
    desk = design_desk_of_request(request)
    forms.open_form(by=desk.by, hall=desk.hall, form_id=form_id, is_open=data.is_open)
    return 200, _line(form_id)


@router.get("/{uuid:form_id}/versions", response=list[FormVersionOut])
def list_form_versions(request: HttpRequest, form_id: UUID) -> QuerySet[FormVersion]:
    """List what was published, the newest first."""
    design_desk_of_request(request)
    return versions_of(form_with_id(form_id))


@router.get("/{uuid:form_id}/versions/{int:number}", response=dict[str, Any])
def show_form_version(request: HttpRequest, form_id: UUID, number: int) -> dict[str, Any]:
    """The definition of a version; 0 is the draft."""
    design_desk_of_request(request)
    return dict(definition_at(form_with_id(form_id), number))


@router.get("/{uuid:form_id}/difference", response=list[FormChangeOut])
def show_form_difference(request: HttpRequest, form_id: UUID, before: int, after: int = 0) -> list[DefinitionChange]:
    """Compare two versions by their numbers; 0 is the draft."""
    design_desk_of_request(request)
    return changes_between(form_with_id(form_id), before, after)
