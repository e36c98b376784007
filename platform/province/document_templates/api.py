"""The HTTP interface of the province's templates of documents."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Status, UploadedFile

from foundation.api import idempotent
from foundation.exports import export_file
from province.document_templates.models import ProvinceTemplateVersion
from province.document_templates.operations import templates
from province.document_templates.queries.console import (
    SAMPLE_ISSUER,
    layout_to_show,
    province_kind,
    province_kinds,
    versions_of_province,
)
from province.document_templates.queries.samples import sample_pdf, template_file
from province.document_templates.schemas import (
    ProvinceKindOut,
    ProvinceVersionOut,
    SeenRevisionIn,
    province_kind_out,
)
from province.rights.actors import Actor
from province.rights.queries import require

router = Router(tags=["documents"])


def _actor(request: HttpRequest) -> Actor:
    """Raises NotAllowed for who does not keep the province's templates."""
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    require(actor, templates.MANAGE)
    return actor


@router.get("/kinds", response=list[ProvinceKindOut])
def list_kinds(request: HttpRequest) -> list[ProvinceKindOut]:
    """List the kinds of documents, each with what is in force for halls without a template of their own."""
    _actor(request)
    return [province_kind_out(one) for one in province_kinds()]


@router.get("/kinds/{slug:kind}", response=ProvinceKindOut)
def show_kind(request: HttpRequest, kind: str) -> ProvinceKindOut:
    _actor(request)
    return province_kind_out(province_kind(kind))


@router.get("/kinds/{slug:kind}/versions", response=list[ProvinceVersionOut])
def list_versions(request: HttpRequest, kind: str) -> QuerySet[ProvinceTemplateVersion]:
    """List every version that was ever loaded, the newest first."""
    _actor(request)
    return versions_of_province(province_kind(kind).kind.code)


@router.post("/kinds/{slug:kind}/versions", response={201: ProvinceVersionOut})
def load_version(request: HttpRequest, kind: str, file: File[UploadedFile]) -> Status[ProvinceTemplateVersion]:
    """Load a Word file (.docx) as a new version, which is not in force yet. 422 with every fault and its place. The
    same file once more is the same version, so that no key is needed to send it again."""
    by = _actor(request)
    content = file.read()
    return Status(201, templates.load_province_template(by=by, kind=kind, name=file.name or "", content=content))


@router.get("/kinds/{slug:kind}/versions/{uuid:version_id}/sample")
def show_sample(request: HttpRequest, kind: str, version_id: UUID) -> HttpResponse:
    """The version as a PDF filled in with examples, marked as a sample."""
    return _sample(request, kind, version_id)


@router.get("/kinds/{slug:kind}/versions/{uuid:version_id}/file")
def fetch_version(request: HttpRequest, kind: str, version_id: UUID) -> HttpResponse:
    """The version as a Word file, to make the next one of."""
    return _file(request, kind, version_id)


@router.get("/kinds/{slug:kind}/built-in/sample")
def show_built_in_sample(request: HttpRequest, kind: str) -> HttpResponse:
    """The platform's own template as a PDF filled in with examples."""
    return _sample(request, kind, None)


@router.get("/kinds/{slug:kind}/built-in/file")
def fetch_built_in(request: HttpRequest, kind: str) -> HttpResponse:
    """The platform's own template as a Word file, to begin with."""
    return _file(request, kind, None)


@router.post("/kinds/{slug:kind}/versions/{uuid:version_id}/publish", response=ProvinceKindOut)
@idempotent
def publish_version(
    request: HttpRequest, kind: str, version_id: UUID, data: SeenRevisionIn
) -> tuple[int, ProvinceKindOut]:
    """Put the version in force from now on, for every hall without a template of its own; an older one goes back to
    it. 409 where somebody else has decided meanwhile."""
    by = _actor(request)
    templates.publish_province_template(by=by, kind=kind, version_id=version_id, revision=data.revision)
    return 200, province_kind_out(province_kind(kind))


@router.post("/kinds/{slug:kind}/withdraw", response=ProvinceKindOut)
@idempotent
def withdraw_version(request: HttpRequest, kind: str, data: SeenRevisionIn) -> tuple[int, ProvinceKindOut]:
    """Go back to the platform's own template from now on; all versions are kept. 409 where none is in force, or where
    somebody else has decided meanwhile."""
    by = _actor(request)
    templates.withdraw_province_template(by=by, kind=kind, revision=data.revision)
    return 200, province_kind_out(province_kind(kind))


def _sample(request: HttpRequest, kind: str, version_id: UUID | None) -> HttpResponse:
    _actor(request)
    stated = province_kind(kind).kind
    content = sample_pdf(stated, layout_to_show(kind, version_id), issuer=SAMPLE_ISSUER)
    return export_file("pdf", f"{stated.name}样稿", content)


def _file(request: HttpRequest, kind: str, version_id: UUID | None) -> HttpResponse:
    _actor(request)
    stated = province_kind(kind).kind
    return export_file("docx", f"{stated.name}模板", template_file(stated, layout_to_show(kind, version_id)))
