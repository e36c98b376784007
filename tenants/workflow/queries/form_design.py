"""Forms as those see them who design them: drafts, versions, faults, what can be named."""

from collections.abc import Sequence

from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.halls.models import Hall
from standards.forms.definition import FormDefinition
from standards.forms.filling import FillingContext
from standards.forms.reading import read_definition
from standards.forms.versions import DefinitionChange, compare_definitions
from tenants.shell.slots import Desk
from tenants.workflow.models import Form
from tenants.workflow.queries.designs import definition_at
from tenants.workflow.queries.form_choices import faults_in_hall
from tenants.workflow.queries.office_days import office_days


def changes_between(form: Form, before: int, after: int) -> list[DefinitionChange]:
    """How two versions differ, by their numbers. Raises NotFound for one that is not there, Invalid for a draft that
    still has faults."""
    try:
        old, new = (read_definition(definition_at(form, number)) for number in (before, after))
    except Invalid as refusal:
        raise Invalid("草稿还有没改好的地方，比较不了：请先在设计器里点“检查”。", faults=refusal.faults) from refusal
    return compare_definitions(old, new)


def faults_of_draft(form: Form, hall: Hall) -> Sequence[Fault]:
    """Why the draft cannot be published, in Chinese."""
    try:
        publishable_definition(form, hall)
    except Invalid as refusal:
        return refusal.faults or (Fault("", refusal.message),)
    return ()


def publishable_definition(form: Form, hall: Hall) -> FormDefinition:
    """The draft, read. Raises Invalid with every fault and its place: of the definition, then of what it names and the
    hall has not."""
    definition = read_definition(form.definition)
    if faults := faults_in_hall(definition, hall):
        raise Invalid.of(faults, many=f"表单有 {len(faults)} 处要改，改好才能发布。")
    return definition


def trial_context(desk: Desk) -> FillingContext:
    """For trying an expression out: today, on the hall's calendar."""
    days, open_at = office_days(lambda: desk.hall)
    return FillingContext(today=timezone.localdate(), person=desk.by.name, days=days, open_at=open_at)
