"""A form's definition: versioned JSON, and the one place that says what the form is."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from standards.forms.fields import AnyField
from standards.forms.fields.base import BaseField, FieldName, LongWords, Strict, Words, titled
from standards.forms.pages import FormPage, pages_of
from standards.forms.plans import Plan, make_plan
from standards.forms.rights import FIRST_STEP, FieldRight, RightsRule, rights_for

FORMAT: Final = 1
MOST_FIELDS: Final = 1_000
MOST_PARTS: Final = 100


class DefinitionPart(Strict):
    """Fields about one matter: some pages for citizens, a block of the table for staff."""

    name: Annotated[FieldName, titled("代码", control="name", section="advanced")]
    label: Annotated[Words, titled("名称")]
    hint: Annotated[LongWords, titled("说明", "写在这一部分的开头。")] = ""
    fields: Annotated[
        tuple[AnyField, ...], Field(min_length=1, max_length=MOST_FIELDS), titled("字段", control="cells")
    ]


class FormDefinition(Strict):
    """A whole form. ``standards.forms.reading.read_definition`` makes one: only there is it checked as a whole."""

    format: Literal[1] = FORMAT
    title: Annotated[Words, titled("表单名称")]
    hint: Annotated[LongWords, titled("说明", "写在表单的开头。")] = ""
    parts: Annotated[
        tuple[DefinitionPart, ...], Field(min_length=1, max_length=MOST_PARTS), titled("部分", control="parts")
    ]
    rights: Annotated[
        tuple[RightsRule, ...],
        Field(max_length=500),
        titled("谁能看、谁能填", "不写就是谁都能填。走流程时，由流程的环节决定。", control="rights", section="rights"),
    ] = ()

    @cached_property
    def fields(self) -> tuple[BaseField, ...]:
        """Every field in the order of the parts; those of lines stand in their group."""
        return tuple(field for part in self.parts for field in part.fields)

    @cached_property
    def named_fields(self) -> Mapping[str, BaseField]:
        return {field.name: field for field in self.fields}

    @cached_property
    def pages(self) -> tuple[FormPage, ...]:
        """What citizens are asked at once, in its order."""
        return tuple(page for part in self.parts for page in pages_of(part.name, part.fields))

    @cached_property
    def plan(self) -> Plan:
        """How its expressions are worked out."""
        return make_plan(self.fields)

    def rights_at(self, *, step: str = FIRST_STEP, roles: Collection[str] = ()) -> dict[str, FieldRight]:
        """The right to every field at a step, for who has these roles."""
        return rights_for(self.fields, self.rights, step=step, roles=roles)

    def as_json(self) -> dict[str, Any]:
        """What ``read_definition`` reads again; what is as usual is left out."""
        return {"format": self.format, **self.model_dump(mode="json", exclude_unset=True)}
