"""The province's templates as halls read them: rows of the public schema, never the object store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from foundation.errors import NotFound
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateVersion


@dataclass(frozen=True, slots=True)
class TemplateInForce:
    """``number``: of the version; ``since``: when it was put in force."""

    version_id: UUID
    number: int
    since: datetime


def templates_in_force() -> dict[str, TemplateInForce]:
    """Kind → what is in force; a kind without one is not named. One query."""
    rows = ProvinceTemplate.objects.filter(current__isnull=False)
    found = rows.values_list("kind", "current_id", "current__number", "since")
    return {kind: TemplateInForce(pk, number, since) for kind, pk, number, since in found if pk and since}


def digest_in_force(kind: OuterRef) -> Subquery:
    """The digest of what is in force for a kind, as a part of the caller's own statement; NULL where nothing is."""
    rows = ProvinceTemplate.objects.filter(kind=kind, current__isnull=False)
    return Subquery(rows.annotate(digest=F("current__sha256")).values("digest")[:1])


def version_with_digest(kind: str, sha256: str) -> ProvinceTemplateVersion:
    """The version of a kind's template that has this layout. Whatever was in force stays here. Raises NotFound."""
    found = ProvinceTemplateVersion.objects.filter(template__kind=kind, sha256=sha256).first()
    if found is None:
        raise NotFound("没有这个版本的省级模板。")
    return found
