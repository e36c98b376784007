"""Templates of the entered hall, and what they would look like filled in."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.document_templates.queries.console import province_version
from province.document_templates.queries.in_force import TemplateInForce, templates_in_force
from province.document_templates.queries.kinds import document_kind, document_kinds
from province.document_templates.queries.layouts import layout_of
from standards.documents.kinds import DocumentKind
from standards.documents.layout import DocumentLayout
from standards.documents.samples import default_layout
from tenants.documents.models import DocumentTemplate, NumberYear, TemplateVersion
from tenants.documents.states import VersionOrigin


@dataclass(frozen=True, slots=True)
class KindAtDesk:
    """How the hall issues one kind. ``version``: of its own template, None where it uses none; ``given``: what the
    province has in force, which then holds, None for the platform's own."""

    kind: DocumentKind
    rule: str
    has_own_rule: bool
    version: TemplateVersion | None
    given: TemplateInForce | None
    last: int

    @property
    def source(self) -> VersionOrigin:
        """Whose template documents are issued by now."""
        if self.version:
            return VersionOrigin.OWN
        return VersionOrigin.PROVINCE if self.given else VersionOrigin.BUILT_IN

    @property
    def is_given_newer(self) -> bool:
        """Whether the hall goes on by its own template, and the province has put another in force since that was
        loaded."""
        return bool(self.version and self.given and self.given.since > self.version.created_at)

    @property
    def words(self) -> str:
        """Whose template it is, and which: 本厅第 2 版, 省级第 3 版, 平台自带."""
        if self.version:
            return self.version.words
        return f"省级第 {self.given.number} 版" if self.given else VersionOrigin.BUILT_IN.label


def kinds_at_desk() -> list[KindAtDesk]:
    """In the order of the kinds: three queries."""
    rows = DocumentTemplate.objects.select_related("series", "current")
    found = {row.kind: row for row in rows}
    last = dict(NumberYear.objects.order_by("year").values_list("series__rule", "last"))
    given = templates_in_force()
    return [_at_desk(kind, found.get(kind.code), given.get(kind.code), last) for kind in document_kinds()]


def kind_at_desk(code: str) -> KindAtDesk:
    """Raises NotFound."""
    kind = document_kind(code)
    row = DocumentTemplate.objects.select_related("series", "current").filter(kind=code).first()
    rule = row.series.rule if row and row.series else kind.rule
    last = dict(NumberYear.objects.filter(series__rule=rule).order_by("year").values_list("series__rule", "last"))
    return _at_desk(kind, row, templates_in_force().get(code), last)


def _at_desk(
    kind: DocumentKind, row: DocumentTemplate | None, given: TemplateInForce | None, last: dict[str, int]
) -> KindAtDesk:
    series = row.series if row else None
    rule = series.rule if series else kind.rule
    return KindAtDesk(kind, rule, series is not None, row.current if row else None, given, last.get(rule, 0))


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


def layout_to_show(code: str, version: TemplateVersion | None, *, is_given: bool = False) -> DocumentLayout:
    """Of a version of the hall's; ``is_given``: of what the province has in force; else the platform's own. Raises
    NotFound."""
    if version:
        return layout_of(version)
    if not is_given:
        return default_layout(document_kind(code))
    given = templates_in_force().get(code)
    if given is None:
        raise NotFound("省里现在没有这种文书的统一模板。")
    return layout_of(province_version(code, given.version_id))


def template_id(code: str) -> UUID | None:
    """Of the hall's row for a kind; None where it has none yet."""
    return DocumentTemplate.objects.filter(kind=code).values_list("pk", flat=True).first()
