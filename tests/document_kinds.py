"""A kind of document that tests issue, beside those that apps state."""

from province.document_templates.slots import DOCUMENT_KINDS
from standards.documents.kinds import DocumentColumn, DocumentField, DocumentKind, FieldType

NOTICE = DocumentKind(
    code="test_notice",
    name="测试通知书",
    fields=(
        DocumentField("applicant", "申请人"),
        DocumentField("item", "事项名称", is_public=True),
        DocumentField("due_on", "办结期限", FieldType.DATE, is_required=False),
        DocumentField("reasons", "理由", FieldType.LONG_TEXT, is_required=False),
        DocumentField(
            "materials",
            "材料",
            FieldType.ROWS,
            is_required=False,
            columns=(DocumentColumn("name", "名称"), DocumentColumn("form", "形式")),
        ),
    ),
    rule="测受〔{year}〕{seq}号",
    default={
        "body": [
            {"issuer": "{{制发机关}}"},
            {"number": "{{文号}}"},
            {"title": "测试通知书"},
            {"to": "{{申请人}}："},
            "你提出的“{{事项名称}}”申请已收到，{{办结期限}}前办结。",
            "{{理由}}",
            {
                "table": {
                    "widths": [16, 100, 40],
                    "rows": [["序号", "名称", "形式"], ["{{材料/序号}}", "{{材料/名称}}", "{{材料/形式}}"]],
                }
            },
            "closing",
        ]
    },
)


def state_notice() -> None:
    """Beside what apps state."""
    apps_own = [("document_templates", kind) for kind in DOCUMENT_KINDS.entries() if kind.code != NOTICE.code]
    DOCUMENT_KINDS.fill([*apps_own, ("document_templates", NOTICE)])
