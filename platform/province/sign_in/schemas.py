"""What the HTTP interface of sign-in says and takes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment

type _Name = Annotated[str, Field(max_length=40)]


class TokenOut(Schema):
    id: UUID
    account_id: UUID
    name: str
    scopes: list[str]
    addresses: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenIn(Schema):
    """``account_id``: whose; left out, one's own. ``expires_at``: in 90 days, if left out."""

    account_id: UUID | None = None
    name: _Name
    scopes: list[str] = Field(max_length=200)
    expires_at: Moment | None = None
    addresses: list[str] = Field([], max_length=20)


class IssuedOut(Schema):
    """The key is in this answer and nowhere else."""

    key: str
