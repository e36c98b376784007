"""A flow in the words of those who do not draw."""

from collections.abc import Callable, Mapping
from typing import Final

from standards.flows.checks.times import limit_text
from standards.flows.conditions import OUTCOME, names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import BaseNode, CallNode, FlowEdge, MessageNode, PluginNode, StepNode, TimerNode
from standards.flows.people import (
    AnyWho,
    ByChoice,
    ByDoer,
    ByExpression,
    ByInitiatorsLeader,
    ByPeople,
    ByRole,
    ByTitle,
    ByUnit,
    OnDuty,
)
from standards.flows.plugins import PluginPorts
from standards.forms.definition import FormDefinition
from standards.forms.expressions.kinds import NamedValue
from standards.forms.expressions.wording import in_words

SHARING_WORDS: Final[Mapping[str, str]] = {
    "any": "其中一人办理",
    "all": "会签：都同意才通过",
    "share": "会签：达到比例就通过",
    "veto": "会签：一人不同意就不通过",
    "in_turn": "依次办理",
}
ACT_WORDS: Final[Mapping[str, str]] = {
    "return_previous": "退回上一步",
    "return_any": "退回任意一步",
    "transfer": "转办",
    "delegate": "委派",
    "add_before": "前加签",
    "add_after": "后加签",
    "add_beside": "并加签",
    "remove": "减签",
    "copy": "抄送",
    "withdraw": "撤回",
    "terminate": "终止",
    "urge": "催办",
}
AT_LIMIT_WORDS: Final[Mapping[str, str]] = {
    "remind": "提醒",
    "hand_up": "交给找不到人时的办理人",
    "pass": "按第一个办理结果通过",
    "return": "退回上一步",
}
ON_REFUSAL_WORDS: Final[Mapping[str, str]] = {
    "go_on": "照样往下走",
    "end": "结束流程",
    "return_previous": "退回上一步",
    "return_start": "退回发起人",
}
# kind ("role", "unit", "person"), code -> what it is called; "" where it is unknown
Naming = Callable[[str, str], str]
_NO_PLUGINS: Final[Mapping[str, PluginPorts]] = {}


def _no_names(kind: str, code: str) -> str:  # noqa: ARG001 - the shape of a callback
    return ""


def who_in_words(who: AnyWho, flow: FlowDefinition, name_of: Naming = _no_names) -> str:  # noqa: PLR0911 - one a rule
    """A rule as people read it: 岗位“受理岗”."""

    def step(name: str) -> str:
        return called(flow.named_nodes[name]) if name in flow.named_nodes else f"“{name}”"

    match who:
        case ByRole(role=role, in_unit=in_unit):
            place = "发起人所在部门的" if in_unit else ""
            return f"{place}岗位“{name_of('role', role) or role}”"
        case ByUnit(unit_id=unit_id, leaders=leaders):
            called_unit = name_of("unit", str(unit_id)) or "（已撤销的部门）"
            return f"部门“{called_unit}”的{'负责人' if leaders else '全体人员'}"
        case ByTitle(title=title):
            return f"职务“{title}”"
        case ByInitiatorsLeader(levels=levels):
            return "发起人的部门负责人" if levels == 1 else f"发起人上面第 {levels} 级的部门负责人"
        case ByPeople(account_ids=ids):
            return "、".join(name_of("person", str(one)) or "（已离开的人员）" for one in ids)
        case ByChoice(at=at):
            return f"由{step(at)}的办理人选"
        case ByDoer(step=done):
            return f"{step(done)}的办理人"
        case ByExpression(expression=expression):
            return f"表单里填的人（{expression}）"
    return _on_duty_in_words(who, name_of) if isinstance(who, OnDuty) else "发起人"


def _on_duty_in_words(who: OnDuty, name_of: Naming) -> str:
    place = f"部门“{name_of('unit', str(who.unit_id)) or '（已撤销的部门）'}”的" if who.unit_id else ""
    return f"{place}{'带班领导' if who.leading else '值班人员'}"


class FlowWords:
    """Says the parts of one flow in Chinese, with the names of its form."""

    def __init__(
        self,
        flow: FlowDefinition,
        form: FormDefinition | None,
        name_of: Naming = _no_names,
        plugins: Mapping[str, PluginPorts] = _NO_PLUGINS,
    ) -> None:
        self._flow = flow
        self._name_of = name_of
        self._plugins = plugins
        self.names: Mapping[str, NamedValue] = names_of_flow(flow, form, plugins)
        self._codes = {f"{step.name}.{OUTCOME}": {one.code: one.label for one in step.outcomes} for step in flow.steps}

    def who(self, node: BaseNode) -> str:
        """Who has to do with a node, of an action outside where it fails; "" where nobody has."""
        if isinstance(node, PluginNode):
            return f"失败时：{who_in_words(node.keeper, self._flow, self._name_of)}" if node.keeper else ""
        if isinstance(node, StepNode):
            said = who_in_words(node.who, self._flow, self._name_of)
            return said if node.sharing == "any" else f"{said}（{SHARING_WORDS[node.sharing]}）"
        return ""

    @property
    def owner(self) -> str:
        """Who has what nobody else has."""
        return who_in_words(self._flow.owner, self._flow, self._name_of)

    def limit(self, node: BaseNode) -> str:
        """How long a node has or waits; "" where nothing is said."""
        limit = node.limit if isinstance(node, StepNode) else node.wait if isinstance(node, TimerNode) else None
        return limit_text(limit) if limit else ""

    def decides(self, node: BaseNode) -> str:
        """What may come out of a node, or what it waits for or calls."""
        match node:
            case StepNode(outcomes=outcomes):
                return "、".join(one.label for one in outcomes)
            case CallNode(flow=code):
                return f"运行流程“{code}”"
            case PluginNode(plugin=code):
                return f"执行“{self._plugins[code].label if code in self._plugins else code}”"
            case MessageNode(message=code):
                return f"收到消息“{code}”"
        return ""

    def condition(self, edge: FlowEdge) -> str:
        """When a way is taken; "" where it always is."""
        if edge.is_default:
            return "其他情况"
        return in_words(edge.condition, self.names, self._codes) if edge.condition.strip() else ""
