"""Forms and flows that are being designed, as APIs carry them."""

from typing import Annotated, Any, Literal

from ninja import Field, Schema

from standards.forms.expressions.kinds import ValueKind
from standards.forms.expressions.wording import MOST_COMPARISONS, Comparison, Comparisons

type Definition = Annotated[
    dict[str, Any], Field(description="A form's definition, format 1; GET /forms/palette says what it may hold")
]
type FlowJson = Annotated[dict[str, Any], Field(description="A flow's definition, format 1")]
type Revision = Annotated[int, Field(ge=0, le=2**31 - 1)]


class FormDraftIn(Schema):
    """``revision`` is the one that was read."""

    definition: Definition
    revision: Revision


class DesignRevisionIn(Schema):
    """The revision that is meant: where somebody saved since, nothing is done."""

    revision: Revision


class DesignLockIn(Schema):
    """``is_forced``: also where somebody else has it open."""

    is_forced: bool = False


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

    def asked(self) -> dict[str, Any]:
        """What ``expression_of`` takes besides the definition."""
        comparisons = self.comparisons.value() if self.comparisons else None
        rest = {"group": self.group, "shown": self.shown, "typed": self.typed, "wanted": self.wanted}
        return {"comparisons": comparisons, **rest}


class ExpressionOut(Schema):
    expression: str
    words: str
    result: str
    kind: str
    fault: str
    asked: list[str]


class FieldNameOut(Schema):
    name: str


class FlowDrawingIn(Schema):
    drawing: str = Field(description="BPMN 2.0 XML, 2 MB at most")
    revision: Revision


class FlowChangeIn(Schema):
    """``act``: add_step, add_node, add_end, add_branch, delete_node, move_node, change_node, change_ways or
    change_whole; ``given``: what it needs."""

    act: str = Field(examples=["add_step"])
    given: dict[str, Any] = Field(examples=[{"after": "leader", "label": "复核"}])
    revision: Revision


class FlowStepIn(Schema):
    revision: Revision
    is_undo: bool = True


class FlowFaultOut(Schema):
    """``where``: a node, a way, one attribute of a node (``leader.who``), or "" for the whole (``.owner`` for
    who owns it)."""

    where: str
    message: str
