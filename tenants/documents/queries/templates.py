"""Templates of the entered hall, and what they would look like filled in."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.halls.models import Hall
from standards.documents.filling import chinese_date, example_values, fill
from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, NUMBER, DocumentKind
from standards.documents.layout import DocumentLayout, layout_from
from standards.documents.numbering import number_by
from standards.documents.pdf import PaperFacts, write_pdf
from standards.documents.samples import default_layout
from tenants.documents.models import DocumentTemplate, NumberYear, TemplateVersion
from tenants.documents.queries.kinds import document_kind, document_kinds
from tenants.documents.queries.papers import address_with, fonts, grouped

# a layout takes some 20 KB
_KEPT: Final = 64
_EXAMPLE_CODE: Final = "0123456789ABCDEF"


@dataclass(frozen=True, slots=True)
class KindAtDesk:
    """How the hall issues one kind: ``version`` None is the platform's own template."""

    kind: DocumentKind
    rule: str
    has_own_rule: bool
    version: TemplateVersion | None
    last: int


def kinds_at_desk() -> list[KindAtDesk]:
    """In the order of the kinds: two queries."""
    rows = DocumentTemplate.objects.select_related("series", "current")
    found = {row.kind: row for row in rows}
    last = dict(NumberYear.objects.order_by("year").values_list("series__rule", "last"))
    return [_at_desk(kind, found.get(kind.code), last) for kind in document_kinds()]


def kind_at_desk(code: str) -> KindAtDesk:
    """Raises NotFound."""
    kind = document_kind(code)
    row = DocumentTemplate.objects.select_related("series", "current").filter(kind=code).first()
    rule = row.series.rule if row and row.series else kind.rule
    last = dict(NumberYear.objects.filter(series__rule=rule).order_by("year").values_list("series__rule", "last"))
    return _at_desk(kind, row, last)


def _at_desk(kind: DocumentKind, row: DocumentTemplate | None, last: dict[str, int]) -> KindAtDesk:
    series = row.series if row else None
    rule = series.rule if series else kind.rule
    return KindAtDesk(kind, rule, series is not None, row.current if row else None, last.get(rule, 0))


def versions_of_kind(code: str) -> QuerySet[TemplateVersion]:
    """The newest first, without what stands in them."""
    return (
        TemplateVersion.objects.filter(template__kind=code).select_related("file").defer("layout").order_by("-number")
    )


def version_with_id(code: str, version_id: UUID) -> TemplateVersion:
    """Raises NotFound, also for another hall's or another kind's."""
    found = TemplateVersion.objects.filter(template__kind=code, pk=version_id).select_related("file").first()
    if found is None:
        raise NotFound("没有这个版本的模板。")
    return found


def layout_of(version: TemplateVersion) -> DocumentLayout:
    """A version never changes, so that the last ones are kept."""
    return _read(_Kept(version.pk, version))


class _Kept:
    """A version by its key alone."""

    __slots__ = ("key", "version")

    def __init__(self, key: UUID, version: TemplateVersion) -> None:
        self.key = key
        self.version = version

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.key == self.key


@lru_cache(maxsize=_KEPT)
def _read(kept: _Kept) -> DocumentLayout:
    return layout_from(kept.version.layout)


def layout_to_show(kind: DocumentKind, version: TemplateVersion | None) -> DocumentLayout:
    """Of a version; None is the platform's own."""
    return layout_of(version) if version else default_layout(kind)


def preview_pdf(hall: Hall, kind: DocumentKind, version: TemplateVersion | None) -> bytes:
    """The template with examples in it, marked as a sample; it has no number and cannot be checked."""
    now = timezone.now()
    today = timezone.localdate(now)
    given = {
        NUMBER: number_by(kind.rule, year=today.year, order=0),
        ISSUER: hall.name,
        ISSUED_ON: chinese_date(today),
        CODE: grouped(_EXAMPLE_CODE),
        ADDRESS: address_with(_EXAMPLE_CODE),
    }
    filled = fill(layout_to_show(kind, version), kind, example_values(kind), given)
    facts = PaperFacts(kind.name, given[ADDRESS], now, sample="样稿")
    return write_pdf(filled, facts, fonts()).content


def template_file(kind: DocumentKind, version: TemplateVersion | None) -> bytes:
    """The template as a Word file, written anew: to begin one's own with."""
    from standards.documents.word import write_word  # noqa: PLC0415 - brings lxml

    return write_word(layout_to_show(kind, version), title=kind.name, made_at=timezone.now())


def template_id(code: str) -> UUID | None:
    """Of the hall's row for a kind; None where it has none yet."""
    return DocumentTemplate.objects.filter(kind=code).values_list("pk", flat=True).first()
