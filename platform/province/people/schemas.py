"""What the HTTP interface of people says and takes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.api import ProblemFault
from province.rights.roles import Reach

type _Name = Annotated[str, Field(max_length=40)]


class PositionOut(Schema):
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
    positions: list[PositionOut]

    @staticmethod
    def resolve_positions(account: object) -> list[object]:
        return list(account.positions.all())  # type: ignore[attr-defined]


class PeopleQuery(Schema):
    """``state``: active, closed or idle (without a position)."""

    search: str = ""
    hall_id: UUID | None = None
    role: str = ""
    state: str = Field("", pattern="^(active|closed|idle|)$")


class PositionIn(Schema):
    """``role``: a ready-made role's code, or the id of an own role of that hall (or of the province). Without a hall:
    at the province."""

    role: str = Field(max_length=36)
    hall_id: UUID | None = None
    unit_id: UUID | None = None
    title: _Name = ""
    reach: Reach | None = None


class AccountIn(PositionIn):
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
    """One reason for a right; ``acting_for``: whose position it is, "" at the person's own."""

    position_id: UUID | None
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


class HolderOut(PositionOut):
    username: str = Field(alias="account.username")
    name: str = Field(alias="account.name")


class SubstitutionIn(Schema):
    substitute_id: UUID
    from_on: date
    to_on: date


class SubstitutionOut(Schema):
    id: UUID
    position_id: UUID
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


class PeopleImportQuery(Schema):
    hall_id: UUID | None = None
    is_trial: bool = False


class ActivationCodeOut(Schema):
    username: str
    name: str
    activation_code: str


class PeopleImportOut(Schema):
    """What went in (or, on trial, would go in), and a fault for every row that did not. The codes are in this answer
    and nowhere else."""

    accounts: int
    positions: int
    units: int
    unchanged: int
    faults: list[ProblemFault]
    codes: list[ActivationCodeOut]

    @staticmethod
    def resolve_codes(report: object) -> list[dict[str, str]]:
        return [
            {"username": username, "name": name, "activation_code": code}
            for username, name, code in report.codes  # type: ignore[attr-defined]
        ]
