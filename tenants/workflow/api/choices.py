"""What can be chosen in a field that looks into a list, for a program that fills in a form: what its page offers.

A field looks into a list where its value is an object with ``code`` in the schema of the form: departments, people,
positions, items, earlier forms, places. ``search``: words that are in the name; in the order of the ids, page by page.
404 for a field that the form has not, that one does not fill in, or that looks into no list.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, PageQuery, page_after
from standards.forms.definition import FormDefinition
from standards.forms.rights import Rights
from tenants.shell.slots import Desk
from tenants.workflow.layouts import part_desk_of_request
from tenants.workflow.queries.field_choices import FieldChoice, choices_of_field
from tenants.workflow.queries.filled import FormFiller, own_filled, rights_at_beginning, rights_of
from tenants.workflow.queries.flow_starts import startable_version
from tenants.workflow.queries.forms import definition_of, fillable_version
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.queries.run_pages import run_view
from tenants.workflow.queries.running import running_flow
from tenants.workflow.schemas.fillings import ChoiceOut

router = Router(tags=["choices"])


def _page(
    desk: Desk, definition: FormDefinition | None, rights: Rights, field: str, search: str, page: PageQuery
) -> dict[str, Any]:
    found = choices_of_field(desk.hall, FormFiller(desk.by), definition, rights, field, search=search)

    def rows_after(last: UUID | None, limit: int) -> list[FieldChoice]:
        return [one for one in found if last is None or one.id > last][:limit]

    return page_after(rows_after, page)


@router.get("/forms/{uuid:form_id}/{field}", response=Page[ChoiceOut])
def list_choices(
    request: HttpRequest,
    form_id: UUID,
    field: str,
    page: PageParameters,
    search: str = "",
    version: int | None = None,
) -> dict[str, Any]:
    """List the choices of a field for who begins the form. ``version``: its number, the newest one where it is left
    out."""
    desk = part_desk_of_request(request)
    definition = definition_of(fillable_version(form_id, version))
    return _page(desk, definition, rights_at_beginning(FormFiller(desk.by), definition), field, search, page)


@router.get("/fillings/{uuid:filled_id}/{field}", response=Page[ChoiceOut])
def list_choices_of_filling(
    request: HttpRequest, filled_id: UUID, field: str, page: PageParameters, search: str = ""
) -> dict[str, Any]:
    """List the choices of a field in what one has begun: an application too, by the version on which it was begun."""
    desk = part_desk_of_request(request)
    who = FormFiller(desk.by)
    filled = own_filled(who, filled_id)
    return _page(desk, definition_of(filled.version), rights_of(who, filled), field, search, page)


@router.get("/flows/{uuid:flow_id}/{field}", response=Page[ChoiceOut])
def list_choices_at_start(
    request: HttpRequest, flow_id: UUID, field: str, page: PageParameters, search: str = ""
) -> dict[str, Any]:
    """List the choices of a field of the form with which a flow starts."""
    desk = part_desk_of_request(request)
    flow = running_flow(startable_version(flow_id))
    return _page(desk, flow.form, flow.rights_at(flow.walking.start), field, search, page)


@router.get("/runs/{uuid:run_id}/{field}", response=Page[ChoiceOut])
def list_choices_at_step(
    request: HttpRequest, run_id: UUID, field: str, page: PageParameters, search: str = ""
) -> dict[str, Any]:
    """List the choices of a field of a run's form at one's own step."""
    desk = part_desk_of_request(request)
    view = run_view(desk.by, desk.hall, run_of(desk.by, desk.hall, run_id))
    return _page(desk, view.flow.form, view.rights, field, search, page)
