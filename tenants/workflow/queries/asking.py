"""Where a citizen stands in a form of the hall that asks one thing a page."""

from province.designers.queries.asking import FillingPages
from province.halls.models import Hall
from standards.forms.filling import FillingContext
from standards.forms.posted import FilledResult
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.filled import FormFiller, rights_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.prefill import own_values
from tenants.workflow.queries.reading import read_filling


def filling_pages(
    hall: Hall, who: FormFiller, filled: FilledForm, typed: tuple[FilledResult, FillingContext] | None = None
) -> FillingPages:
    """Of a form as it is kept; ``typed``: what ``read_filling`` gave of the whole of it. Queries do not grow with the
    form."""
    result, context = typed or read_filling(who, hall, filled, {})
    definition = definition_of(filled.version)
    return FillingPages.of(definition, rights_of(who, filled), result, context, own_values(who, definition))
