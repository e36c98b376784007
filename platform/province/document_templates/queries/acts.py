"""What the audit calls the acts on the province's templates."""

from collections.abc import Collection, Mapping
from uuid import UUID

from province.audit.queries.acts import ActNames
from province.document_templates.models import ProvinceTemplate
from province.document_templates.queries.kinds import document_kinds


def _names(ids: Collection[UUID]) -> Mapping[UUID, str]:
    kinds = {kind.code: kind.name for kind in document_kinds()}
    rows = ProvinceTemplate.objects.filter(pk__in=ids).values_list("pk", "kind")
    return {pk: f"{kinds.get(kind, kind)}模板" for pk, kind in rows}


ACT_NAMES = (
    ActNames(
        "省级文书模板",
        {
            "document_templates.load_template": "载入省级文书模板",
            "document_templates.publish_template": "启用省级文书模板",
            "document_templates.withdraw_template": "撤下省级文书模板",
        },
        objects={"province_template": "省级文书模板"},
        fields={"kind": "文书种类", "version": "模板版本", "file_digest": "文件摘要"},
        names={"province_template": _names},
    ),
)
