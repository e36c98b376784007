"""What the HTTP interface of identity says and takes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment
from province.identity.models import Reach

type _Name = Annotated[str, Field(max_length=40)]


class PostOut(Schema):
    """``role``: a ready-made role's code, or "" where ``own_role_id`` names one of the hall's own."""

    id: UUID
    account_id: UUID
    role: str
    own_role_id: UUID | None
    role_name: str
    hall_id: UUID | None
    unit_id: UUID | None
    title: str
    reach: Reach


class AccountOut(Schema):
    id: UUID
    username: str
    name: str
    is_active: bool
    posts: list[PostOut]

    @staticmethod
    def resolve_posts(account: object) -> list[object]:
        return list(account.posts.all())  # type: ignore[attr-defined]


class PeopleQuery(Schema):
    """``state``: active, closed or idle (without a post)."""

    search: str = ""
    hall_id: UUID | None = None
    role: str = ""
    state: str = Field("", pattern="^(active|closed|idle|)$")


class PostIn(Schema):
    """``role``: a ready-made role's code, or the id of an own role of that hall (or of the province). Without a hall:
    at the province."""

    role: str = Field(max_length=36)
    hall_id: UUID | None = None
    unit_id: UUID | None = None
    title: _Name = ""
    reach: Reach | None = None


class AccountIn(PostIn):
    username: str = Field(max_length=64)
    name: _Name


class ActivationOut(Schema):
    """The code is in this answer and nowhere else."""

    account: AccountOut
    activation_code: str


class HandOverIn(Schema):
    successor_id: UUID
    reason: str = Field(max_length=200)


class HandOverOut(Schema):
    moved: int


class GrantOut(Schema):
    """One reason for a right; ``acting_for``: whose post it is, "" at the person's own."""

    post_id: UUID | None
    role: str
    hall_id: UUID | None
    reach: Reach
    acting_for: str


class RightOut(Schema):
    permission: str
    label: str
    because: list[GrantOut]


class PermissionOut(Schema):
    name: str
    label: str
    reach: Reach


class HolderOut(PostOut):
    username: str = Field(alias="account.username")
    name: str = Field(alias="account.name")


class SubstitutionIn(Schema):
    substitute_id: UUID
    from_on: date
    to_on: date


class SubstitutionOut(Schema):
    id: UUID
    post_id: UUID
    substitute_id: UUID
    from_on: date
    to_on: date
    ended_at: datetime | None


class UnitOut(Schema):
    id: UUID
    hall_id: UUID | None
    parent_id: UUID | None
    name: str
    order: int


class UnitIn(Schema):
    name: _Name
    hall_id: UUID | None = None
    parent_id: UUID | None = None


class UnitChangeIn(Schema):
    """What is left out stays; ``parent_id: null`` moves it to the top."""

    name: _Name = ""
    parent_id: UUID | None = None


class OrderIn(Schema):
    is_up: bool


class RoleOut(Schema):
    id: UUID
    hall_id: UUID | None
    name: str
    permissions: list[str]


class RoleIn(Schema):
    name: str = Field(max_length=24)
    permissions: list[str] = Field(max_length=200)
    hall_id: UUID | None = None


class RoleChangeIn(Schema):
    name: str = Field(max_length=24)
    permissions: list[str] = Field(max_length=200)


class ReadyRoleOut(Schema):
    code: str
    name: str
    reach: Reach
    permissions: list[str]


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
