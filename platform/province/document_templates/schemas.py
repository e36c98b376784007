"""The province's templates as the API carries them."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from foundation.masking import MaskedName
from province.document_templates.queries.console import ProvinceKind


class ProvinceKindOut(Schema):
    """``version_id``, ``version``: in force for halls without a template of their own, None for the platform's;
    ``since``: None where nobody has ever decided."""

    code: str
    name: str
    version_id: UUID | None
    version: int | None
    revision: int
    since: datetime | None
    decided_by_name: MaskedName


class ProvinceVersionOut(Schema):
    """``sha256``: of what was read of the file."""

    id: UUID
    number: int
    sha256: str
    loaded_by_name: MaskedName
    created_at: datetime


class SeenRevisionIn(Schema):
    revision: int = Field(description="of the kind as it was read; refused (409) if somebody has decided since")


def province_kind_out(found: ProvinceKind) -> ProvinceKindOut:
    return ProvinceKindOut(
        code=found.kind.code,
        name=found.kind.name,
        version_id=found.version.pk if found.version else None,
        version=found.version.number if found.version else None,
        revision=found.revision,
        since=found.since,
        decided_by_name=found.decided_by_name,
    )
