"""What the audit calls the acts on documents."""

from province.audit.queries.acts import ActNames
from province.registries.states import DocumentState

ACT_NAMES = (
    ActNames(
        "文书",
        {
            "documents.load_template": "载入文书模板",
            "documents.publish_template": "启用文书模板",
            "documents.set_number_rule": "设置文号规则",
            "documents.issue_document": "制发文书",
            "documents.open_document": "打开文书",
            "documents.revoke_document": "撤销文书",
            "documents.replace_document": "替换文书",
            "documents.end_document": "终止文书效力",
            "documents.reinstate_document": "恢复文书效力",
        },
        objects={"document": "文书", "document_template": "文书模板"},
        fields={
            "kind": "文书种类",
            "number": "文号",
            "rule": "文号规则",
            "version": "模板版本",
            "successor": "替换它的文书",
            "state": "状态",
        },
        choices={("document", "state"): DocumentState.choices},
    ),
)
