"""Forms of a hall, and what is filled in. All in the schema that is entered."""

from typing import Any
from uuid import UUID

from province.citizens.models import Citizen
from province.citizens.queries.citizens import actor_of_citizen
from province.halls.models import Hall
from tenants.workflow.models import FilledForm, Form
from tenants.workflow.operations.filling import begin_filling
from tenants.workflow.operations.forms import create_form, open_form, publish_form
from tenants.workflow.queries.filled import FormFiller
from tests.conftest import person

LEAVE: dict[str, Any] = {
    "format": 1,
    "title": "请假申请",
    "parts": [
        {
            "name": "who",
            "label": "申请人",
            "fields": [
                {"type": "person_name", "name": "name", "label": "姓名", "required": True},
                {
                    "type": "resident_number",
                    "name": "number",
                    "label": "身份证号",
                    "required": True,
                    "together": True,
                },
            ],
        },
        {
            "name": "what",
            "label": "请假",
            "fields": [
                {
                    "type": "choice",
                    "name": "kind",
                    "label": "请假类型",
                    "required": True,
                    "options": [{"code": "year", "label": "年休假"}, {"code": "ill", "label": "病假"}],
                },
                {"type": "short_text", "name": "doctor", "label": "医院", "visible_when": "kind == 'ill'"},
                {"type": "period", "name": "days", "label": "起止日期", "required": True},
            ],
        },
    ],
}
LEAVE_POST: dict[str, object] = {
    "name": "孙北",
    "number": "11010519491231002X",
    "kind": "year",
    "days": {"begins_on": "2026-12-01", "ends_on": "2026-12-03"},
}


def make_form(hall: Hall, definition: dict[str, Any] | None = None, *, code: str = "leave", by: str = "sun") -> Form:
    """A draft."""
    definition = definition or LEAVE
    return create_form(by=person(by), hall=hall, code=code, title=definition["title"], definition=definition)


def make_published_form(
    hall: Hall, definition: dict[str, Any] | None = None, *, code: str = "leave", is_open: bool = False
) -> Form:
    form = make_form(hall, definition, code=code)
    publish_form(by=person("sun"), hall=hall, form_id=form.pk, revision=form.revision)
    if is_open:
        open_form(by=person("sun"), hall=hall, form_id=form.pk, is_open=True)
    form.refresh_from_db()
    return form


def filler(username: str = "cao") -> FormFiller:
    """Somebody of the hall's staff."""
    return FormFiller(person(username))


def citizen_filler(citizen: Citizen) -> FormFiller:
    return FormFiller(actor_of_citizen(citizen), citizen)


def begin(hall: Hall, form_id: UUID, who: FormFiller | None = None) -> FilledForm:
    return begin_filling(who=who or filler(), hall=hall, form_id=form_id)
