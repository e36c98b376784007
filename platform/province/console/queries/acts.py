"""What the audit calls the acts on the audit itself."""

from province.audit.queries.acts import ActNames

ACT_NAMES = (
    ActNames("审计", {"audit.export": "导出审计记录"}, objects={"audit": "审计记录"}, fields={"entries": "条数"}),
)
