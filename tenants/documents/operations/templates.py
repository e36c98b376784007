"""Templates of documents: loaded from Word files, put to use."""

from dataclasses import asdict
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef

from foundation.errors import Conflict, NotFound
from foundation.files.store import StoredFacts, store_file
from foundation.row_locks import hold_row
from province.audit.operations import record_act
from province.document_templates.queries.in_force import digest_in_force, version_with_digest
from province.document_templates.queries.kinds import document_kind
from province.document_templates.queries.layouts import KeptLayout, kept_layout, layout_of, read_template
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.documents.checking import checked_template
from standards.documents.kinds import DocumentKind
from standards.documents.samples import default_layout
from tenants.documents.models import DocumentFile, DocumentTemplate, TemplateVersion
from tenants.documents.queries.access import DESIGN
from tenants.documents.states import VersionOrigin
from tenants.portal.operations.figures import require_in_hall


def load_template(*, by: Actor, hall: Hall, kind: str, name: str, content: bytes) -> TemplateVersion:
    """Read a Word file as a template of this kind and keep it as a new version, which is not in use yet. The same once
    more is the same version.

    Raises Invalid with every fault and its place: what the kind has no field for, with the nearest right name, and what
    of Word is not supported. The file is read and stored before the transaction begins: it waits for no store.
    """
    require_in_hall(by, DESIGN, hall)
    stated = document_kind(kind)
    kept = read_template(stated, content)
    facts = store_file(folder=hall.folder, name=name, content=BytesIO(content))
    return _keep(by, hall, stated, kept, facts)


@transaction.atomic
def _keep(by: Actor, hall: Hall, kind: DocumentKind, kept: KeptLayout, facts: StoredFacts) -> TemplateVersion:
    template = template_row(kind.code)
    if found := template.versions.filter(sha256=kept.sha256, origin=VersionOrigin.OWN).order_by("-number").first():
        return found
    version = TemplateVersion.objects.create(
        template=template,
        number=_next_number(template),
        origin=VersionOrigin.OWN,
        layout=kept.plain,
        sha256=kept.sha256,
        file=stored(facts),
        loaded_by_id=by.id,
        loaded_by_name=by.name,
    )
    _record(by, hall, template, "load_template", kind, version=[None, version.number])
    return version


@transaction.atomic
def publish_template(*, by: Actor, hall: Hall, kind: str, version_id: UUID | None) -> DocumentTemplate:
    """Issue documents of this kind by that version from now on; an older one goes back to it, None to the province's
    template, or to the platform's where there is none.

    Raises NotFound, Conflict for one that is in use, Invalid where the kind's fields are others by now.
    """
    require_in_hall(by, DESIGN, hall)
    stated = document_kind(kind)
    template = template_row(kind)
    before = template.current
    version = None
    if version_id is not None:
        version = template.versions.filter(pk=version_id, origin=VersionOrigin.OWN).first()
        if version is None:
            raise NotFound("没有这个版本的模板。")
        checked_template(layout_of(version), stated)
    if before == version:
        raise Conflict("这个版本的模板正在使用。")
    template.current = version
    template.save(update_fields=["current"])
    otherwise = (VersionOrigin.PROVINCE if template.given_sha256 else VersionOrigin.BUILT_IN).label
    said = [one.number if one else otherwise for one in (before, version)]
    _record(by, hall, template, "publish_template", stated, version=said)
    return template


def template_row(kind: str) -> DocumentTemplate:
    """The hall's row for a kind, held by the caller's transaction; made where there is none. The same statement brings
    what the province has in force."""
    DocumentTemplate.objects.bulk_create([DocumentTemplate(kind=kind)], ignore_conflicts=True)
    rows = DocumentTemplate.objects.select_related("series", "current")
    row = hold_row(rows.annotate(digest=digest_in_force(OuterRef("kind"))), kind=kind)
    assert row is not None  # noqa: S101 - it was made, and none is ever taken away
    row.given_sha256 = vars(row)["digest"]
    return row


def version_in_use(template: DocumentTemplate, kind: DocumentKind) -> TemplateVersion:
    """What documents are issued by now: the hall's own template, else the province's, else the platform's.

    Each of the latter two becomes a version of the hall's where it is first used, and again where there is another one:
    a document keeps what it was issued by, and the province's layout is read once in a hall.
    """
    if template.current:
        return template.current
    if digest := template.given_sha256:
        found = template.versions.filter(origin=VersionOrigin.PROVINCE, sha256=digest).first()
        if found:
            return found
        given = version_with_digest(kind.code, digest)
        return _copied(template, VersionOrigin.PROVINCE, KeptLayout(given.layout, digest), given.number)
    kept = kept_layout(default_layout(kind))
    own = template.versions.filter(origin=VersionOrigin.BUILT_IN, sha256=kept.sha256).first()
    return own or _copied(template, VersionOrigin.BUILT_IN, kept)


def _copied(
    template: DocumentTemplate, origin: VersionOrigin, kept: KeptLayout, province_number: int | None = None
) -> TemplateVersion:
    return TemplateVersion.objects.create(
        template=template,
        number=_next_number(template),
        origin=origin,
        layout=kept.plain,
        sha256=kept.sha256,
        province_number=province_number,
    )


def stored(facts: StoredFacts) -> DocumentFile:
    """The row of a file that lies in the store."""
    return DocumentFile.objects.get_or_create(key=facts.key, defaults=asdict(facts))[0]


def _next_number(template: DocumentTemplate) -> int:
    """The caller holds the template's row."""
    return (template.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _record(by: Actor, hall: Hall, template: DocumentTemplate, act: str, kind: DocumentKind, **changes: Any) -> None:
    record_act(
        by=by,
        act=f"documents.{act}",
        object_type="document_template",
        object_id=template.pk,
        hall_id=hall.pk,
        changes={"kind": [None, kind.name], **changes},
    )
