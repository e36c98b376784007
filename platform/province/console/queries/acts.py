"""What the audit calls the acts on the audit itself, on lists and on walls."""

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.console.models import WallLink

ACT_NAMES = (
    ActNames("审计", {"audit.export": "导出审计记录"}, objects={"audit": "审计记录"}, fields={"entries": "条数"}),
    ActNames(
        "清单",
        {"console.write_list": "导出清单"},
        objects={"list": "清单"},
        fields={"list": "文件", "filters": "筛选条件", "lines": "行数"},
    ),
    ActNames(
        "大屏",
        {"wall.make_link": "生成大屏链接", "wall.revoke_link": "停用大屏链接"},
        objects={"wall_link": "大屏链接"},
        fields={"name": "名称", "expires_at": "有效期至"},
        names={"wall_link": named_by(WallLink)},
    ),
)
