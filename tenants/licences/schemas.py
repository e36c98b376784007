"""Licences as the API carries them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from foundation.editing.reasons import LONGEST_REASON
from province.cases.models import CaseApplicant
from tenants.licences.models import LONGEST_BASIS, Licence
from tenants.licences.queries.holders import shown_number
from tenants.licences.states import LicenceEnd, LicenceStanding


class LicenceHolderOut(Schema):
    """Masked, but for a body's name and code."""

    name: str
    number: str


class OwnLicenceOut(Schema):
    """``holds_until``: its last day; null: without an end. ``end_basis`` and ``end_reason``: why it was ended."""

    id: UUID
    number: str = Field(examples=["证照〔2026〕1号"])
    name: str
    type_code: str
    item_id: UUID
    item_name: str
    issuer: str
    standing: LicenceStanding
    holds_from: date
    holds_until: date | None
    code: str = Field(description="by which anybody checks it")
    is_made: bool = Field(description="制证: its file is there")
    end_basis: str
    end_reason: str
    successor: str = Field(description="the number of the one that took its place")


class LicenceOut(OwnLicenceOut):
    """``owner_id``: the case that has granted it."""

    owner_id: UUID
    document_id: UUID
    holder: LicenceHolderOut | None


class LicenceEndIn(Schema):
    # the operation checks how long they are, and says so in Chinese
    how: LicenceEnd
    basis: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_BASIS})]
    reason: Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_REASON})]


def own_licence_out(licence: Licence) -> OwnLicenceOut:
    document = licence.document
    return OwnLicenceOut(
        id=licence.pk,
        number=licence.number,
        name=licence.name,
        type_code=licence.type_code,
        item_id=licence.item_id,
        item_name=licence.item_name,
        issuer=document.issuer,
        standing=licence.standing,
        holds_from=licence.holds_from,
        holds_until=licence.holds_until,
        code=document.code,
        is_made=document.is_made,
        end_basis=licence.end_basis,
        end_reason=document.reason,
        successor=document.successor.number if document.successor else "",
    )


def licence_out(licence: Licence, holder: CaseApplicant | None) -> LicenceOut:
    known = LicenceHolderOut(name=holder.shown_name, number=shown_number(holder)) if holder else None
    return LicenceOut(
        **own_licence_out(licence).model_dump(),
        owner_id=licence.document.owner_id,
        document_id=licence.document_id,
        holder=known,
    )
