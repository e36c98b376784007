"""What the API takes of forms and flows alike."""

from typing import Annotated

from ninja import Field, Schema

type Revision = Annotated[int, Field(ge=0, le=2**31 - 1)]


class DesignRevisionIn(Schema):
    """The revision that is meant: where somebody saved since, nothing is done."""

    revision: Revision


class DesignLockIn(Schema):
    """``is_forced``: also where somebody else has it open."""

    is_forced: bool = False
