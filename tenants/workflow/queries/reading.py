"""What is typed into a form, read and judged without being kept."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from foundation.errors import NotFound
from province.designers.queries.asking import KNOWN
from province.halls.models import Hall
from standards.forms.filling import FillingContext
from standards.forms.posted import FilledResult, read_posted
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, rights_of, values_of
from tenants.workflow.queries.forms import definition_of


def read_filling(
    who: FormFiller, hall: Hall, filled: FilledForm, posted: Mapping[str, object], *, page: str = ""
) -> tuple[FilledResult, FillingContext]:
    """What would be kept of it, and what is wrong, for who fills it in. ``page``: the name of the page on which it was
    typed, "" for the whole form. Raises NotFound for a page that there is not."""
    context = filling_context(hall, who, filled, posted=posted)
    only = fields_of_page(filled, page)
    definition, before = definition_of(filled.version), values_of(hall, filled)
    return read_posted(definition, rights_of(who, filled), posted, before, context, only=only), context


def read_filling_with_page(
    who: FormFiller, hall: Hall, filled: FilledForm, posted: Mapping[str, object], *, page: str
) -> tuple[FilledResult, FillingContext]:
    """The whole form, with what was typed on one page of it (``page``; "": anywhere): what is wrong elsewhere is told,
    too. Raises NotFound for a page that there is not."""
    context = filling_context(hall, who, filled, posted=posted)
    only = fields_of_page(filled, page)
    read = posted if only is None else {name: one for name, one in posted.items() if name in only}
    result = read_posted(definition_of(filled.version), rights_of(who, filled), read, values_of(hall, filled), context)
    ignored = {*result.ignored, *(str(name)[:80] for name in posted if name not in read)}
    return replace(result, ignored=tuple(sorted(ignored))), context


def result_of_page(whole: FilledResult, filled: FilledForm, page: str) -> FilledResult:
    """Of a reading of the whole form, with what is wrong on this page alone."""
    only = fields_of_page(filled, page)
    if only is None:
        return whole
    return replace(whole, faults=tuple(one for one in whole.faults if one.where.partition(".")[0] in only))


def fields_of_page(filled: FilledForm, page: str) -> Collection[str] | None:
    """Names of the fields of a page; None for the whole form. Raises NotFound for a page that there is not."""
    if not page:
        return None
    if page == KNOWN:
        return ()
    found = next((one for one in definition_of(filled.version).pages if one.name == page), None)
    if found is None:
        raise NotFound("这张表单没有这一页。")
    return {field.name for field in found.fields}
