"""Forms as those see them who design them: drafts, versions, faults, conditions in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from foundation.errors import Fault, Invalid
from province.halls.models import Hall
from province.workdays.queries.calendars import calendar_of
from standards.forms.definition import FormDefinition
from standards.forms.designing import is_editable, readable_fields, study_definition, write_expression
from standards.forms.expressions.kinds import ExpressionFault, ValueKind
from standards.forms.expressions.wording import Comparisons
from standards.forms.fields import FIELD_TYPES
from standards.forms.filling import FillingContext
from standards.forms.reading import read_definition
from standards.forms.trial import try_expression
from standards.forms.versions import DefinitionChange, compare_definitions
from tenants.shell.slots import Desk
from tenants.workflow.models import Form
from tenants.workflow.queries.designs import definition_at
from tenants.workflow.queries.form_choices import faults_in_hall


@dataclass(frozen=True, slots=True)
class WrittenExpression:
    """``expression``: what stands in the definition; ``words``: as people read it; ``result``: with the values that
    were typed; ``asked``: the fields on which it depends; ``fault``: in Chinese, why it cannot be used."""

    expression: str = ""
    words: str = ""
    result: str = ""
    kind: str = ""
    fault: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A field; ``cells``: of the lines of a group."""

    label: str
    kind: str
    is_required: bool
    cells: "list[OutlineLine]"


@dataclass(frozen=True, slots=True)
class FormOutline:
    """A page of a form with its fields."""

    label: str
    fields: list[OutlineLine]


def changes_between(form: Form, before: int, after: int) -> list[DefinitionChange]:
    """How two versions differ, by their numbers. Raises NotFound for one that is not there, Invalid for a draft that
    still has faults."""
    try:
        old, new = (read_definition(definition_at(form, number)) for number in (before, after))
    except Invalid as refusal:
        raise Invalid("草稿还有没改好的地方，比较不了：请先在设计器里点“检查”。", faults=refusal.faults) from refusal
    return compare_definitions(old, new)


def study_of(hall: Hall, definition: Mapping[str, Any]) -> dict[str, Any]:
    """What a designer's program asks while a form grows; plain JSON."""
    study = study_definition(definition)
    faults = study.faults or tuple(faults_in_hall(read_definition(definition), hall))
    return {**replace(study, faults=faults).as_json(), "is_editable": is_editable(definition)}


def outline_of(definition: Mapping[str, Any]) -> list[FormOutline]:
    """Pages with their fields, for people; a draft that cannot be read has none."""
    if not is_editable(definition):
        return []
    return [
        FormOutline(str(part.get("label", "")), [_line_of(field) for field in part["fields"]])
        for part in definition["parts"]
    ]


def _line_of(field: Mapping[str, Any]) -> OutlineLine:
    label, kind = str(field.get("label", "")), FIELD_TYPES[field["type"]].title
    return OutlineLine(label, kind, bool(field.get("required")), [_line_of(cell) for cell in field.get("cells") or ()])


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


def expression_of(
    desk: Desk,
    definition: Mapping[str, Any],
    *,
    group: str = "",
    comparisons: Comparisons | None = None,
    shown: str = "",
    typed: Mapping[str, object] | None = None,
    wanted: Sequence[ValueKind] = (),
) -> WrittenExpression:
    """Write the expression of a condition or of a formula as people say it, and try it with values. Never fails."""
    fields = readable_fields(definition, group=group)
    try:
        expression, words = write_expression(fields, comparisons=comparisons, shown=shown)
    except ExpressionFault as fault:
        return WrittenExpression(fault=fault.message)
    context = FillingContext(
        today=timezone.localdate(), person=desk.by.name, calendar=calendar_of(desk.hall.division.code)
    )
    trial = try_expression(fields, expression, typed or {}, context, wanted=wanted)
    return WrittenExpression(expression, words, trial.result, trial.kind, trial.fault, trial.asked)
