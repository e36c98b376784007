"""What the HTTP interface of media accounts and deliveries says and takes."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.many import MOST_AT_ONCE
from foundation.masking import MaskedText
from province.content.models import ChannelDelivery, MediaAccount
from province.content.operations.many_deliveries import TickedAct
from province.content.states import AccountState, DeliveryState


class MediaAccountOut(Schema):
    id: UUID
    hall_id: UUID | None
    prefix: str
    platform: MediaAccount.Platform
    name: str
    external_id: str
    owner: str
    filing_number: str
    filed_on: date | None
    contact_name: MaskedText
    contact_phone: MaskedText
    state: AccountState
    connector: str
    endpoint: str


class AccountFacts(Schema):
    """Only what is sent is changed."""

    name: str | None = None
    owner: str | None = None
    filing_number: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    connector: str | None = None
    endpoint: str | None = None


class MediaAccountIn(Schema):
    """``code``: the division of the unit, 12 digits."""

    code: str
    platform: str
    name: str
    external_id: str
    owner: str
    filing_number: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    connector: str = ""
    endpoint: str = ""


class CloseIn(Schema):
    reason: str


class SigningKeyOut(Schema):
    """Hexadecimal; the key of HMAC-SHA256."""

    key: str


class ContactOut(Schema):
    """In plain text."""

    contact_name: str
    contact_phone: str


class AccountContactOut(ContactOut):
    account_id: UUID


class CredentialIn(Schema):
    """``name``, ``secret``: as the account's connector calls them; an empty secret leaves the one that is there.
    ``may_delete``: the platform has granted the account the right to delete by program."""

    name: str = ""
    secret: str = ""
    may_delete: bool = False


class CredentialOut(Schema):
    name: str
    may_delete: bool
    changed_at: datetime


class RowFaultOut(Schema):
    where: str
    message: str


class ImportOut(Schema):
    created: int
    updated: int
    unchanged: int
    faults: list[RowFaultOut]


class DeliveryOut(Schema):
    """``subscription_id``: a reader's installed app, in place of an account."""

    id: UUID
    push_id: UUID
    title: str = Field(alias="push.version.title")
    account_id: UUID | None
    account_name: str | None = Field(None, alias="account.name")
    subscription_id: UUID | None
    act: ChannelDelivery.Act
    turn: int
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    last_error: str
    external_ref: str
    finished_at: datetime | None


class DeliveriesIn(Schema):
    """``act``: retry (dead ones are tried again) or done (those to be done by hand are done)."""

    ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    act: TickedAct
