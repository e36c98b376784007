"""What anybody is told of a document whose code they have, or the file itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from foundation.digests import DigestBegin, begin_of
from province.halls.models import Hall
from province.halls.queries.sites import site_address, with_domain
from province.halls.states import HallState
from province.registries.models import DocumentEntry
from province.registries.states import DocumentState

_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """``ended_on``: the day from which it holds no more; ``is_expired``: its days are over, and nobody has ended it;
    ``address``: of the issuing hall's own page about it, "" where the hall has no open site."""

    id: UUID
    hall_id: UUID
    code: str
    title: str
    issuer: str
    number: str
    hall_name: str
    issued_on: date
    state: DocumentState
    state_label: str
    is_expired: bool
    ended_on: date | None
    successor: str
    is_made: bool
    address: str

    @property
    def holds(self) -> bool:
        return self.state == DocumentState.ISSUED and not self.is_expired


def as_code(typed: str) -> str:
    """As somebody typed or scanned it: in groups, in small letters, with letters that look like digits."""
    plain = "".join(sign for sign in typed.upper()[:40] if sign.isascii() and sign.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def grouped(code: str) -> str:
    """As people read it: 4F7K-0M2Q-…"""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def address_with(code: str) -> str:
    """Where anybody may check the document: at the province's host, which outlives a hall's."""
    return f"{site_address(settings.BASE_DOMAIN)}/verify/{code}/"


def document_with_code(typed: str) -> CheckedDocument | None:
    """The document that carries this code; None where there is none. Two queries."""
    return _checked(DocumentEntry.objects.filter(code=as_code(typed)).first())


def document_with_digest(sha256: str) -> CheckedDocument | None:
    """The document whose PDF has this digest; None for every other file, also one of ours that was changed."""
    entries = DocumentEntry.objects.alias(begin=DigestBegin("sha256")).filter(begin=begin_of(sha256), sha256=sha256)
    return _checked(entries.exclude(sha256="").first())


def number_with_id(document_id: UUID) -> str:
    """The number of the document with this id, as its hall has reported it; "" where there is none."""
    return DocumentEntry.objects.filter(pk=document_id).values_list("number", flat=True).first() or ""


def numbers_of_hall(hall_id: UUID, *, besides: Collection[UUID]) -> list[str]:
    """The numbers that a hall has ever given, but those of these documents."""
    entries = DocumentEntry.objects.filter(hall_id=hall_id).exclude(pk__in=besides)
    return list(entries.values_list("number", flat=True))


def _checked(entry: DocumentEntry | None) -> CheckedDocument | None:
    if entry is None:
        return None
    hall = with_domain(Hall.objects.filter(pk=entry.hall_id)).get()
    last = entry.valid_until
    is_expired = entry.state == DocumentState.ISSUED and last is not None and last < timezone.localdate()
    domain = str(hall.domain_name) if hall.state == HallState.LIVE and hall.domain_name else ""
    return CheckedDocument(
        id=entry.pk,
        hall_id=hall.pk,
        code=entry.code,
        title=entry.title,
        issuer=entry.issuer,
        number=entry.number,
        hall_name=hall.name,
        issued_on=entry.issued_on,
        state=DocumentState(entry.state),
        state_label="已过期" if is_expired else entry.get_state_display(),
        is_expired=is_expired,
        ended_on=last + timedelta(days=1) if is_expired and last else entry.ended_on,
        successor=entry.successor,
        is_made=bool(entry.sha256),
        address=f"{site_address(domain)}/verify/{entry.code}/" if domain else "",
    )
