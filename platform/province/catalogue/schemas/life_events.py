from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from standards.items.facets import Whom


class LifeEventIn(Schema):
    name: str
    whom: Whom
    code: str = Field("", description="what items name for ever; drawn from the name where it is not given")


class LifeEventChangeIn(Schema):
    name: str
    whom: Whom
    revision: int = Field(description="the one that was read; refused (409) if somebody has changed it since")


class LifeEventMoveIn(Schema):
    up: bool = Field(description="one place towards the first among those in use of the same people; else the last")


class LifeEventOut(Schema):
    id: UUID
    code: str
    name: str
    whom: Whom
    place: int
    retired_at: datetime | None
    revision: int


class LifeEventLineOut(LifeEventOut):
    items: int = Field(description="that citizens find and that name it")


class LifeEventTrialOut(Schema):
    groups: list[str] = Field(description="the events that citizens would see, in their order")
    items: int = Field(description="under the one that is tried")
    names: list[str] = Field(description="of the first of them")
