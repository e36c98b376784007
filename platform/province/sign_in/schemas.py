"""What the HTTP interface of sign-in says and takes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.api import Moment

type _Name = Annotated[str, Field(max_length=40)]
type _Address = Annotated[str, Field(max_length=500)]
type _Addresses = Annotated[list[_Address], Field(max_length=20, examples=[["https://hr.example.gov.cn/callback"]])]


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


class SignInSessionOut(Schema):
    """Where somebody is signed in. ``device``: as its browser calls itself; ``factor``: by what it was proved."""

    id: UUID
    device: str
    address: str
    factor: str
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


class EndedSessionsOut(Schema):
    """How many sign-ins were open and have ended."""

    ended: int


class ClientAddressesIn(Schema):
    """What is left out stays as it is. ``backchannel_logout_uri``: "" for nowhere."""

    redirect_uris: _Addresses | None = None
    post_logout_redirect_uris: _Addresses | None = None
    backchannel_logout_uri: _Address | None = None


class ClientIn(Schema):
    """``scopes``: openid, profile, positions."""

    name: str = Field(max_length=80, examples=["人事系统"])
    redirect_uris: _Addresses
    scopes: list[str] = Field(max_length=20, examples=[["openid", "profile"]])
    post_logout_redirect_uris: _Addresses = []
    backchannel_logout_uri: _Address = ""


class ClientOut(Schema):
    client_id: str
    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    backchannel_logout_uri: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class ClientSecretOut(Schema):
    """The secret is in this answer and nowhere else."""

    client_id: str
    secret: str
