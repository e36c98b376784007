from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from province.content.operations.outside_proofs import MOST_ROWS
from province.content.states import Outcome

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class LookSiteOut(Schema):
    number: int
    domain: str
    column: str


class LookOut(Schema):
    """What to look at, and for what: all that ``yizhan look`` needs. ``expectation`` has the program's own form."""

    id: UUID
    scheme: str
    port: int
    expectation: dict[str, Any]
    sites: list[LookSiteOut]


class LookRowIn(Schema):
    """What was seen on one hall's site. ``statuses``: of article, home, column, feed and search, as far as anything
    came back; ``digest``: SM3 of the article's page; ``faulty``: place -> SM3 of a page that was wrong."""

    number: int = Field(ge=0, le=9_999_999)
    outcome: Outcome
    looked_at: Moment
    seen: str = Field("", max_length=500)
    statuses: list[Annotated[int, Field(ge=100, le=999)]] = Field([], max_length=5)
    digest: Digest | None = None
    faulty: dict[Annotated[str, Field(max_length=10)], Digest] = Field({}, max_length=5)


class LookRowsIn(Schema):
    rows: list[LookRowIn] = Field(min_length=1, max_length=MOST_ROWS)


class LookStateOut(Schema):
    """``is_overtaken``: the push has changed since, and further rows are worth nothing."""

    id: UUID
    expected: int
    right: int
    wrong: int
    unreachable: int
    is_overtaken: bool
    digest: str
