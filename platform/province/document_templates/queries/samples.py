"""What a template looks like filled in with examples, and as a Word file to begin one's own with."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils import timezone

from province.registries.queries.documents import address_with, grouped
from standards.documents.filling import chinese_date, example_values, fill
from standards.documents.fonts import Fonts
from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, NUMBER, DocumentKind
from standards.documents.layout import DocumentLayout
from standards.documents.numbering import number_by
from standards.documents.pdf import PaperFacts, write_pdf

_EXAMPLE_CODE: Final = "0123456789ABCDEF"


def sample_pdf(kind: DocumentKind, layout: DocumentLayout, *, issuer: str) -> bytes:
    """The template with examples in it, marked as a sample; it has no number and cannot be checked."""
    now = timezone.now()
    today = timezone.localdate(now)
    given = {
        NUMBER: number_by(kind.rule, year=today.year, order=0),
        ISSUER: issuer,
        ISSUED_ON: chinese_date(today),
        CODE: grouped(_EXAMPLE_CODE),
        ADDRESS: address_with(_EXAMPLE_CODE),
    }
    facts = PaperFacts(kind.name, given[ADDRESS], now, sample="样稿")
    return write_pdf(fill(layout, kind, example_values(kind), given), facts, fonts()).content


def template_file(kind: DocumentKind, layout: DocumentLayout) -> bytes:
    """The template as a Word file, written anew."""
    from standards.documents.word import write_word  # noqa: PLC0415 - brings lxml

    return write_word(layout, title=kind.name, made_at=timezone.now())


def fonts() -> Fonts:
    """What documents are printed in."""
    return _fonts(tuple(sorted(settings.DOCUMENT_FONTS.items())))


@lru_cache(maxsize=2)
def _fonts(own: tuple[tuple[str, str], ...]) -> Fonts:
    return Fonts(dict(own))
