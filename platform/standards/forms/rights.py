"""What may be done with each field at a step, by a role."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from standards.forms.fields.base import BaseField, FieldName, Strict

StepName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,60}\Z")]


class FieldRight(StrEnum):
    """From the least to the most. ``REQUIRED``: may write, and must."""

    HIDDEN = "hidden"
    READ = "read"
    WRITE = "write"
    REQUIRED = "required"

    @property
    def is_writable(self) -> bool:
        return self in {FieldRight.WRITE, FieldRight.REQUIRED}

    @property
    def label(self) -> str:
        return _LABELS[self]


_ORDER: Final = tuple(FieldRight)
_LABELS: Final = dict(zip(FieldRight, ("不显示", "只看", "可以填", "必须填"), strict=True))
# where the form begins: who starts it fills it in
FIRST_STEP: Final = ""
# who fills it in on a site
CITIZEN_ROLE: Final = "citizen"

Rights = Mapping[str, FieldRight]


class RightsRule(Strict):
    """At a step (``""``: where the form is begun), for a role (``""``: for every role that has no rule of its own): the
    right to each field, and to all others."""

    step: StepName = FIRST_STEP
    role: StepName = ""
    otherwise: FieldRight = FieldRight.READ
    rights: Annotated[Mapping[FieldName, FieldRight], Field(max_length=1_000)] = {}


def rights_for(
    fields: Iterable[BaseField], rules: Collection[RightsRule], *, step: str = FIRST_STEP, roles: Collection[str] = ()
) -> dict[str, FieldRight]:
    """The right to every field by its name. Who has several roles has the most that one of them gives.

    Without any rule for the step, everything may be written where the form is begun, and only read at any other step.
    """
    rules = [rule for rule in rules if rule.step == step]
    own = [rule for rule in rules if rule.role and rule.role in roles]
    holding = own or [rule for rule in rules if not rule.role]
    if not holding:
        # a step whose rules name only other roles shows this one nothing
        usual = FieldRight.HIDDEN if rules else FieldRight.READ if step else FieldRight.WRITE
        return {field.name: usual for field in fields}
    return {
        field.name: max((rule.rights.get(field.name, rule.otherwise) for rule in holding), key=_ORDER.index)
        for field in fields
    }
