from datetime import date
from typing import Literal

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.catalogue.states import ExtraKind
from standards.items import Section
from standards.items.codelists import ItemType


class ElementConditionIn(Schema):
    element: str = Field(examples=["has_fee"])
    value: str = Field(examples=["true"], description="a code of its list; true or false of a yes or no")


class ElementWordsIn(Schema):
    label: str = Field(examples=["经办人专线"])
    item_types: list[ItemType]
    section: Section
    starts_on: date
    unit: str = Field("", description="of a number")
    options: list[str] = Field([], description="labels of the code list; a label keeps its code through all changes")
    # not shown to citizens
    is_hidden: bool = False
    help: str = ""
    is_needed: bool = False
    needed_from: date | None = Field(None, description="null: from its first day, where it is needed")
    condition: ElementConditionIn | None = Field(None, description="null: needed whatever other elements say")


class ConfirmedWordsIn(ElementWordsIn):
    accepts: int | None = Field(
        None, description="how many published items and guides it makes incomplete, as the preview said"
    )


class ElementRevisionIn(ConfirmedWordsIn):
    stamp: str = Field(examples=["1"], description="of the element as it was read")


class ExtraElementIn(ConfirmedWordsIn):
    name: str = Field("", description="x_ and letters; drawn from the label where it is not given")
    kind: ExtraKind
    filler: Literal["province", "hall"]
    office_code: str = Field("", description="which office reviews it; of the province's part")


class ElementEndIn(Schema):
    stamp: str = Field(examples=["1"], description="of the element as it was read")
    ends_on: date = Field(description="the first day on which it is not asked for")


class ExtraElementOut(Schema):
    name: str
    revision: int
    stamp: str = Field(description="changes with every change of the element; who changes it gives it back")
    label: str
    kind: ExtraKind
    unit: str
    options: list[tuple[str, str]] = Field(description="code and label")
    filler: str
    item_types: list[ItemType]
    section: Section
    is_hidden: bool
    help: str
    needed_from: date | None
    when_element: str
    when_value: bool | str | None
    when_words: str
    starts_on: date
    ends_on: date | None
    by_name: MaskedName


class ElementEffectsOut(Schema):
    items: int = Field(description="published items that would be incomplete")
    names: list[str] = Field(description="of the first of them")
    halls: int = Field(description="published guides of halls that would lack it, at most")
    count: int
