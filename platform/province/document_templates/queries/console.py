"""The province's templates as its operators see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateVersion
from province.document_templates.queries.kinds import document_kind, document_kinds
from province.document_templates.queries.layouts import layout_of
from standards.documents.kinds import DocumentKind
from standards.documents.layout import DocumentLayout
from standards.documents.samples import default_layout

# whose name stands in samples
SAMPLE_ISSUER = "示例县政务服务中心"


@dataclass(frozen=True, slots=True)
class ProvinceKind:
    """What halls without a template of their own issue one kind by. ``row_id``: None where nothing was ever loaded;
    ``version``: None for the platform's own template."""

    kind: DocumentKind
    row_id: UUID | None = None
    version: ProvinceTemplateVersion | None = None
    revision: int = 0
    since: datetime | None = None
    decided_by_name: str = ""


def province_kinds() -> list[ProvinceKind]:
    """In the order of the kinds: one query."""
    rows = {row.kind: row for row in _rows()}
    return [_kind(one, rows.get(one.code)) for one in document_kinds()]


def province_kind(code: str) -> ProvinceKind:
    """Raises NotFound."""
    return _kind(document_kind(code), _rows().filter(kind=code).first())


def _rows() -> QuerySet[ProvinceTemplate]:
    return ProvinceTemplate.objects.select_related("current").defer("current__layout")


def _kind(kind: DocumentKind, row: ProvinceTemplate | None) -> ProvinceKind:
    if row is None:
        return ProvinceKind(kind)
    return ProvinceKind(kind, row.pk, row.current, row.revision, row.since, row.decided_by_name)


def versions_of_province(code: str) -> QuerySet[ProvinceTemplateVersion]:
    """The newest first, without what stands in them."""
    rows = ProvinceTemplateVersion.objects.filter(template__kind=code)
    return rows.select_related("file").defer("layout").order_by("-number")


def province_version(code: str, version_id: UUID) -> ProvinceTemplateVersion:
    """Raises NotFound, also for another kind's."""
    found = ProvinceTemplateVersion.objects.filter(template__kind=code, pk=version_id).first()
    if found is None:
        raise NotFound("没有这个版本的模板。")
    return found


def layout_to_show(code: str, version_id: UUID | None) -> DocumentLayout:
    """Of a version; None is the platform's own template. Raises NotFound."""
    return layout_of(province_version(code, version_id)) if version_id else default_layout(document_kind(code))
