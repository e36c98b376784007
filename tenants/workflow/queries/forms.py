"""Forms of the hall that is entered, and their versions."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition
from tenants.workflow.models import Form, FormVersion
from tenants.workflow.queries.designs import design_with_id, nothing_found
from tenants.workflow.queries.published import Published
from tenants.workflow.states import DesignState

# of 200 fields each takes a megabyte
_KEPT: Final = 32


def form_with_id(form_id: UUID) -> Form:
    """Raises NotFound, also for another hall's."""
    return design_with_id(Form, form_id)


def fillable_forms(*, is_citizen: bool) -> QuerySet[Form]:
    """Forms that may be begun now, by their titles."""
    found = Form.objects.filter(state=DesignState.PUBLISHED).order_by("title")
    return found.filter(is_open=True) if is_citizen else found


def fillable_form(form_id: UUID, *, is_citizen: bool) -> Form:
    """Raises NotFound for one that may not be begun now."""
    found = fillable_forms(is_citizen=is_citizen).select_related("newest").filter(pk=form_id).first()
    if found is None:
        raise NotFound(nothing_found(Form))
    return found


def fillable_version(form_id: UUID, number: int | None = None) -> FormVersion:
    """A version, by its number, of a form that may be begun now; None: the newest one. Raises NotFound."""
    form = fillable_form(form_id, is_citizen=False)
    found = form.newest if number is None else form.versions.filter(number=number).first()
    if found is None:
        message = f"表单没有第 {number} 版。"
        raise NotFound(message)
    return found


def newest_version(form_id: UUID) -> FormVersion:
    """Raises NotFound where the form is not there, or was never published."""
    found = form_with_id(form_id).newest
    if found is None:
        raise NotFound("这张表单还没有发布过。")
    return found


def definition_of(version: FormVersion) -> FormDefinition:
    """What was published, read. A version never changes, so that the last ones are kept."""
    return _read(Published(version.pk, lambda: version))


@lru_cache(maxsize=_KEPT)
def _read(published: Published[FormVersion]) -> FormDefinition:
    return read_definition(published.read().definition)
