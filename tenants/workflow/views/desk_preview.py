"""A form's draft as people would see it in this hall."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from province.designers.access import in_sandbox, preview_page
from province.designers.queries.previews import PreviewWorld
from standards.forms.definition import FormDefinition
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_design
from tenants.workflow.queries.contexts import context_without_rows
from tenants.workflow.queries.filled import FormFiller, rights_at_beginning
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.queries.pages import lists_for


@in_sandbox
@at_design
@require_POST
def preview(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    """POST as ``preview_page`` says."""
    form_with_id(form_id)
    who = FormFiller(desk.by)

    def world(definition: FormDefinition) -> PreviewWorld:
        rights = rights_at_beginning(who, definition)
        facts = context_without_rows(desk.hall, who, definition, {})
        return PreviewWorld(rights, facts, lists_for(desk.hall, who))

    return preview_page(request, world, accent=desk.hall.accent_colour.lstrip("#"))
