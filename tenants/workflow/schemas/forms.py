"""Forms as the API carries them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from standards.forms.expressions.kinds import ValueKind
from standards.forms.expressions.wording import MOST_COMPARISONS, Comparison, Comparisons
from tenants.workflow.schemas.designs import Revision

type Definition = Annotated[
    dict[str, Any], Field(description="A form's definition, format 1; GET /forms/palette says what it may hold")
]


class FormIn(Schema):
    """``code`` never changes; without one, it is made of the title."""

    title: str = Field(examples=["请假单"])
    code: str = Field("", examples=["leave"])
    definition: Definition | None = None


class FormDraftIn(Schema):
    """``revision`` is the one that was read."""

    definition: Definition
    revision: Revision


class FormOpeningIn(Schema):
    """Whether citizens may fill it in on the hall's site."""

    is_open: bool


class FormLineOut(Schema):
    id: UUID
    code: str
    title: str
    state: str
    is_open: bool
    revision: int
    version: int | None = Field(alias="newest.number", default=None)
    origin_version_id: UUID | None = Field(description="the version of an item with which it came down; null: its own")
    origin_digest: str | None = Field(description="SM3 of the form and flow that came with it")
    edited_by_name: MaskedName
    edited_at: datetime | None


class FormOut(FormLineOut):
    definition: dict[str, Any]


class FormVersionOut(Schema):
    number: int
    submitted_by_name: MaskedName
    created_at: datetime


class FormChangeOut(Schema):
    """``where``: the field's name, or title, parts, rights."""

    where: str
    said: str


class FormChoicesOut(Schema):
    """Code and label of each."""

    roles: list[tuple[str, str]]
    forms: list[tuple[str, str]]
    place_kinds: list[tuple[str, str]]


class ItemMaterialOut(Schema):
    """``item`` and ``material``: as a field of type material names them."""

    item: str = Field(examples=["000119001000"])
    item_name: str
    material: str


class StudyIn(Schema):
    definition: Definition


class FormFaultOut(Schema):
    where: str
    message: str


class StudyOut(Schema):
    """``names``: what conditions may call; ``expressions``: of ``field.attribute``, as people read it."""

    faults: list[FormFaultOut]
    names: list[dict[str, Any]]
    expressions: dict[str, dict[str, Any]]
    is_editable: bool


class ComparisonIn(Schema):
    name: str = Field("", max_length=100)
    operator: str = Field("", max_length=20)
    value: str = Field("", max_length=200)


class ComparisonsIn(Schema):
    joined: Literal["and", "or"] = "and"
    rows: list[ComparisonIn] = Field(max_length=MOST_COMPARISONS)

    def value(self) -> Comparisons:
        return Comparisons(self.joined, tuple(Comparison(row.name, row.operator, row.value) for row in self.rows))


class ExpressionIn(Schema):
    """``comparisons`` of a condition, or ``shown``: a formula with labels for names. ``group``: that of the lines in
    which it stands; ``typed``: values by field, to try it."""

    definition: Definition
    group: str = ""
    comparisons: ComparisonsIn | None = None
    shown: str = Field("", max_length=2_000)
    typed: dict[str, Any] = {}
    wanted: list[ValueKind] = []


class ExpressionOut(Schema):
    expression: str
    words: str
    result: str
    kind: str
    fault: str
    asked: list[str]


class FieldNameOut(Schema):
    name: str
