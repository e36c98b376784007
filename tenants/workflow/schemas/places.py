"""What the hall's interface takes and gives about its list of places (地点清单)."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from standards.forms.fields.places import Datum


class PlaceIn(Schema):
    """``longitude``, ``latitude``: degrees of ``datum``, both or neither; ``keeper``: who looks after the place;
    ``kind``: what it is good for, in the hall's own words: fields of forms may offer some kinds alone."""

    name: str = Field(examples=["政务服务中心一楼大厅"])
    kind: str = Field(default="", examples=["领取点"])
    address: str = ""
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    datum: Datum = "cgcs2000"
    keeper: str = ""
    phone: str = ""


class PlaceChangeIn(PlaceIn):
    """``revision``: of the place as it was read."""

    revision: int = Field(ge=0, le=2**31 - 1, examples=[0])


class PlaceUseIn(Schema):
    is_in_use: bool


class PlaceOut(PlaceIn):
    id: UUID
    is_in_use: bool
    revision: int


class PlacesReportOut(Schema):
    """Names of places; ``faults``: of rows that stay out, in Chinese."""

    added: list[str]
    changed: list[str]
    unchanged: int
    faults: list[str]


PlaceState = Literal["used", "ended"]
