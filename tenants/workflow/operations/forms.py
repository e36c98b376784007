"""A hall's forms: begun, drafted, published, opened to citizens. What is the same for flows stands in ``designs``."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Invalid
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.designing import savable_draft
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.operations.designs import (
    DESIGN,
    LONGEST_TITLE,
    add_version,
    clean_title,
    insert_design,
    keep_draft,
    locked_design,
    record_design,
)
from tenants.workflow.queries.form_design import publishable_definition
from tenants.workflow.queries.taken import taker_of

_CODE: Final = re.compile(r"[a-z](?:[_-]?[a-z0-9]){1,39}\Z")
_EMPTY: Final[Mapping[str, Any]] = {"format": 1, "title": "", "parts": []}


@transaction.atomic
def create_form(*, by: Actor, hall: Hall, code: str, title: str, definition: Mapping[str, Any] | None = None) -> Form:
    """A form that nobody can fill in yet. ``code`` never changes: 2 to 40 small letters, digits, - and _.

    Raises Invalid for a bad code or title, or conditions in a circle (``save_form_draft``), Conflict for a code that
    another form of the hall has.
    """
    require_in_hall(by, DESIGN, hall)
    code, title = code.strip(), clean_title(title, Form)
    if not _CODE.match(code):
        raise Invalid.at("code", "代码用小写英文字母、数字、横线和下划线，以字母开头，2 至 40 个字符，例如 leave。")
    begun = savable_draft(definition) if definition is not None else {**_EMPTY, "title": title}
    form = Form(code=code, title=title, definition=begun)
    insert_design(by, hall, form)
    return form


@transaction.atomic
def save_form_draft(*, by: Actor, hall: Hall, form_id: UUID, definition: Mapping[str, Any], revision: int) -> Form:
    """Write the draft, whatever is still wrong with it, and hold the lock on. People go on filling in what was
    published.

    ``revision`` is the one that the designer has read. Raises Conflict where somebody saved since or has the form open,
    Invalid for more than a megabyte, and for conditions and formulas that read one another in a circle, named by the
    labels of their fields.
    """
    form = locked_design(by, hall, Form, form_id, revision=revision)
    definition = savable_draft(definition)
    is_changed = definition != form.definition
    if is_changed:
        form.definition = definition
        form.title = _title_of(definition) or form.title
    keep_draft(by, hall, form, is_changed=is_changed)
    return form


@transaction.atomic
def publish_form(*, by: Actor, hall: Hall, form_id: UUID, revision: int) -> FormVersion:
    """Let people fill in the draft as it stands from the commit on; what was begun stays on its version.

    Raises Invalid with every fault of the definition and its place, also where it names a role, a form or a material
    that the hall has not, Conflict where somebody saved since ``revision``
    or nothing has changed since the last version.
    """
    form = locked_design(by, hall, Form, form_id, revision=revision)
    definition = publishable_definition(form, hall)
    version = add_version(by, hall, form, form.versions, title=definition.title)
    if taker := taker_of(form.pk):
        taker.published(hall, form.pk)
    return version


@transaction.atomic
def open_form(*, by: Actor, hall: Hall, form_id: UUID, is_open: bool) -> Form:
    """Let citizens fill it in on the hall's site once it is published, or no longer."""
    form = locked_design(by, hall, Form, form_id)
    if form.is_open != is_open:
        record_design(by, hall, form, "open_form", changes={"is_open": [form.is_open, is_open]})
        form.is_open = is_open
        form.save(update_fields=["is_open"])
    return form


def _title_of(definition: Mapping[str, Any]) -> str:
    title = definition.get("title")
    return " ".join(title.split())[:LONGEST_TITLE] if isinstance(title, str) else ""
