"""What the audit calls the acts on divisions and halls, and on the audit itself."""

from collections.abc import Collection, Mapping

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.halls.models import Division, DivisionChange, DivisionPlan, HallKind
from province.halls.queries.decision_columns import DECISION_WORDS
from province.halls.states import HallState


def _places(prefixes: Collection[str]) -> Mapping[str, str]:
    """The names of the divisions with these prefixes, "" being the province."""
    padded = {f"{prefix:0<12}": prefix for prefix in prefixes if prefix}
    named = Division.objects.filter(code__in=padded, valid_to=None).values_list("code", "name")
    return {"": "全省", **{padded[code]: name for code, name in named}}


_HALLS = ActNames(
    "服务厅",
    {
        "halls.provision": "开通",
        "halls.upgrade": "升级",
        "halls.backup": "备份",
        "halls.restore": "恢复备份",
        "halls.rotate_store_key": "更换文件存储密钥",
        "halls.retire_store_key": "停用旧的文件存储密钥",
        "halls.open": "转为试运行",
        "halls.go_live": "转为正式运行",
        "halls.suspend": "暂停",
        "halls.resume": "恢复",
        "halls.retire": "停用",
        "halls.update": "修改资料",
        "halls.add_domain": "添加域名",
        "halls.remove_domain": "停用域名",
    },
    objects={"hall": "服务厅", "rollout": "开通批次"},
    pages={"rollout": "console-rollout"},
    fields={
        "state": "状态",
        "name": "名称",
        "short_name": "简称",
        "slug": "域名前缀",
        "domain": "域名",
        "accent_colour": "主题色",
        "emblem_key": "徽标",
        "slogan": "标语",
        "organiser": "主办单位",
        "site_code": "网站标识码",
        "icp_number": "ICP备案号",
        "police_number": "公安备案号",
        "address": "地址",
        "phone": "电话",
        "opening_hours": "开放时间",
        "closed_days": "不开放的日子",
        "days": "开放日",
        "from": "开始",
        "to": "结束",
        "store_key": "文件存储密钥（第几把）",
        "column": "栏目",
        "columns": "栏目",
        "kind": "类型",
    },
    choices={("hall", "state"): HallState.choices, ("hall", "kind"): HallKind.choices},
    codes={"prefix": _places, "desk": _places},
)
_DIVISIONS = ActNames(
    "区划",
    {
        "halls.load_divisions": "载入区划",
        "halls.plan_divisions": "提出区划调整",
        "halls.decide_changes": "决定区划变更",
        "halls.correct_change": "更正区划变更",
        "halls.apply_plan": "执行区划调整",
        "halls.undo_changes": "撤回已生效的区划变更",
        "halls.discard_plan": "放弃区划调整",
    },
    objects={"division": "区划", "division_plan": "区划调整", "division_change": "区划变更项"},
    pages={"division_plan": "console-division-plan"},
    fields={
        "source": "来源",
        "rows": "行数",
        "lines": "变更项",
        "halls": "服务厅数",
        "decisions": "决定",
        "new_code": "新代码",
        "new_name": "新名称",
        "undone": "撤回的项",
        "count": "项数",
        "reason": "原因",
    },
    choices={
        ("division_plan", "lines"): DivisionChange.Kind.choices,
        ("division_plan", "decisions"): [(act, word) for word, act in DECISION_WORDS.items()],
        ("division_change", "kind"): DivisionChange.Kind.choices,
    },
    names={
        "division_plan": named_by(DivisionPlan, "source"),
        "division_change": named_by(DivisionChange, "old_name"),
    },
)
_BACKUPS = ActNames(
    "备份",
    {
        "backups.take": "备份全部",
        "backups.restore": "恢复全部",
        "backups.drill": "演练恢复",
    },
    objects={"backup": "备份"},
    fields={"moment": "时刻", "files": "文件数"},
)
_DEMO = ActNames(
    "演示",
    {"demo.begin": "开始载入演示数据", "demo.load": "载入演示数据", "demo.live": "补办演示的一个月办件"},
    objects={"demo": "演示数据"},
    fields={"place": "序号"},
)

ACT_NAMES = (_HALLS, _DIVISIONS, _BACKUPS, _DEMO)
