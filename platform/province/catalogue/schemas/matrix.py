"""What the interface says of items × halls."""

from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from province.catalogue.states import CellState
from province.halls.models import HallKind
from standards.items.codelists import Family

type _Words = Annotated[str, Field(max_length=80)]


class MatrixQuery(Schema):
    """``under``: the code of a division, left out: the province, or where one works. The rest asks for less than
    everything there; ``below``: the code of a division directly below; ``item`` and ``hall``: the codes of one of each;
    ``department``: its name."""

    under: str = Field("", max_length=12, examples=["420582000000"])
    kind: HallKind | None = None
    below: _Words = ""
    family: Family | None = None
    department: _Words = ""
    words: _Words = ""
    state: CellState | None = None
    item: _Words = ""
    hall: _Words = ""


class MatrixCountOut(Schema):
    state: CellState
    label: str
    number: int


class MatrixHallOut(Schema):
    """``shown``: how many items citizens see there, of the ``due`` ones that its level handles."""

    hall_id: UUID
    code: str
    name: str
    kind: HallKind
    shown: int
    due: int


class MatrixRowOut(Schema):
    """``states``: one letter a hall, in the order of ``halls``; what it means stands in ``counts`` (``-``: not handled
    at that level). ``scores``: how complete it is there, in percent."""

    item_id: UUID
    code: str
    name: str
    family: Family
    department: str
    shown: int
    states: str
    scores: list[int]


class MatrixOut(Schema):
    counts: list[MatrixCountOut]
    halls: list[MatrixHallOut]
    items: list[MatrixRowOut]
