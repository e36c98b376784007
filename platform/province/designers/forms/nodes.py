"""The page on which a designer says everything of one node of a flow, in words."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms

from foundation.design.forms import FaultyForm
from foundation.texts import lines_of
from province.designers.forms.boxes import choice_box, number_box, text_box, yes_box
from province.designers.forms.calls import call_sections, called_values, plugin_sections
from province.designers.forms.conditions import ConditionFault, code_labels, condition_fields, condition_given
from province.designers.forms.people import lacking_parts, rule_fields, rule_given
from province.designers.queries.flow_tables import FlowVocabulary, naming_fields
from standards.flows.checks.times import UNIT_WORDS
from standards.flows.conditions import names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import (
    MOST_COPIES,
    MOST_PHRASES,
    AnyFlowNode,
    CallNode,
    EndNode,
    MessageNode,
    PluginNode,
    StartNode,
    StepNode,
    TimerNode,
)
from standards.flows.people import AnyWho
from standards.flows.plugins import PluginPorts
from standards.flows.words import ACT_WORDS, AT_LIMIT_WORDS, ON_REFUSAL_WORDS, SHARING_WORDS
from standards.forms.definition import FormDefinition
from standards.forms.designing import draw_name
from standards.forms.fields.base import LONGEST_NAME, NAME_PATTERN

_RIGHTS: Final = (("hidden", "看不到"), ("read", "只能看"), ("write", "可以填"), ("required", "必须填"))
_OPINIONS: Final = (
    ("no", "不写"),
    ("optional", "可写可不写"),
    ("required", "必须写"),
    ("on_refusal", "不同意时写"),
)
_GRADES: Final = (("", "（不是风险点）"), ("high", "高"), ("middle", "中"), ("low", "低"))
_UNITS: Final = [(str(unit), word) for unit, word in UNIT_WORDS.items()]
_MORE_WAYS: Final = 2
# the rules of those whom a step is copied to are asked for under this and a number
_COPY: Final = "copy"


class FlowNodeForm(FaultyForm):
    """``values`` and ``ways``: what ``changes.change_node`` takes. ``ports``: what actions outside take and give, of
    those that conditions may name."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    label = forms.CharField(label="名称", max_length=100, required=False)

    def __init__(
        self,
        data: Any,
        *,
        node: AnyFlowNode,
        flow: FlowDefinition,
        form: FormDefinition | None,
        vocabulary: FlowVocabulary,
        ports: Mapping[str, PluginPorts],
    ) -> None:
        super().__init__(data)
        self.node, self._flow, self._form, self._vocabulary = node, flow, form, vocabulary
        self._names, self._labels = names_of_flow(flow, form, ports), code_labels(flow, form, ports)
        self._conditions: dict[int, str] = {}
        # the boxes of conditions, and which part of one each is
        self._condition_boxes: dict[str, str] = {}
        # prefixes of the rules of people that are asked for
        self._rules: list[str] = []
        self.fields["label"].initial = node.label
        self.sections: list[tuple[str, list[str]]] = [("基本情况", ["label"])]
        if isinstance(node, StepNode):
            self.fields["label"].required = True
            self._add_step(node)
        if isinstance(node, TimerNode):
            unit = choice_box("单位", _UNITS, node.wait.unit)
            self._add("等待", amount=number_box("等待多久", node.wait.amount), unit=unit)
        if isinstance(node, MessageNode):
            self._add("等待", message=_message_box(node.message))
        if isinstance(node, EndNode):
            self._add(
                "怎样结束",
                is_refused=yes_box("以不通过结束", node.is_refused),
                terminates=yes_box("别的分支还没办完，也都结束", node.terminates),
            )
        if isinstance(node, StartNode | StepNode) and form:
            self._add_rights(node, form)
        if isinstance(node, PluginNode | CallNode):
            self._add_call(node, form)
        if node.type != "end":
            self._add_ways()

    def _add(self, heading: str, **fields: forms.Field) -> None:
        self.fields |= fields
        self.sections.append((heading, list(fields)))

    @property
    def shown(self) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
        """Headings, each with its fields; those of a rule of people, or of a condition, with the part that they are."""
        for heading, names in self.sections:
            yield heading, [(self._part_of(name), self[name]) for name in names]

    def _part_of(self, name: str) -> str:
        prefix, _, part = name.partition("_")
        return self._condition_boxes.get(name) or (part if prefix in self._rules else "")

    def _add_step(self, step: StepNode) -> None:
        self.fields["hint"] = text_box("办理说明", step.hint, rows=2)
        self.sections[0][1].append("hint")
        self._add("办理人", **self._rule("who", step.who, label="办理人"))
        self._add("找不到人时交给", **self._rule("fallback", step.fallback, label="交给", may_lack=True))
        good, bad = ([one.label for one in step.outcomes if one.is_favourable is kind] for kind in (True, False))
        self._add(
            "怎样办理",
            sharing=choice_box("有几个人时", list(SHARING_WORDS.items()), step.sharing),
            share=number_box("会签比例（%）", step.share, most=100),
            good=text_box(
                "同意一类的结果", "\n".join(good), rows=2, help_text="每行一个，例如“同意”。都不写，就是办完。"
            ),
            bad=text_box("不同意一类的结果", "\n".join(bad), rows=2, help_text="每行一个，例如“不同意”。"),
            on_refusal=choice_box("不同意，而后面的分支没有问到时", list(ON_REFUSAL_WORDS.items()), step.on_refusal),
            asks_opinion=choice_box("意见", _OPINIONS, step.asks_opinion),
            phrases=text_box(
                "意见的常用语",
                "\n".join(step.phrases),
                rows=3,
                help_text=f"每行一条，最多 {MOST_PHRASES} 条。写意见的人点一下就填进去，还可以再改。",
            ),
            acts=forms.MultipleChoiceField(
                label="还可以",
                choices=list(ACT_WORDS.items()),
                required=False,
                initial=sorted(step.acts),
                widget=forms.CheckboxSelectMultiple,
            ),
            free=forms.BooleanField(label="自由流转：办完的人自己选下一个人", required=False, initial=step.free),
        )
        limit, early = step.limit, step.remind_before
        self._add(
            "时限",
            amount=number_box("办理时限", limit.amount if limit else None),
            unit=choice_box("单位", _UNITS, limit.unit if limit else "working_days"),
            early_amount=number_box("提前多久提醒", early.amount if early else None),
            early_unit=choice_box("单位", _UNITS, early.unit if early else "working_hours"),
            at_limit=choice_box("超时以后", list(AT_LIMIT_WORDS.items()), step.at_limit),
        )
        for number, rule in enumerate([*step.copies, None][:MOST_COPIES], start=1):
            copied = self._rule(f"{_COPY}{number}", rule, label="抄送给", may_lack=True)
            self._add(f"到这一步时抄送（第 {number} 个）", **copied)
        risk = step.risk
        self._add(
            "廉政风险点和公开",
            grade=choice_box("风险等级", _GRADES, risk.grade if risk else ""),
            risk=text_box("风险表现", risk.risk if risk else "", rows=2),
            control=text_box("防控措施", risk.control if risk else "", rows=2),
            public_label=forms.CharField(
                label="群众看到的名称",
                required=False,
                max_length=40,
                initial=step.public_label,
                help_text="不写，群众的进度里就没有这一步。",
            ),
            public_names=yes_box("群众能看到这一步是谁办的", step.public_names),
        )

    def _add_call(self, node: PluginNode | CallNode, form: FormDefinition | None) -> None:
        self.fields["label"].required = True
        ours = [(name, field.label) for name, field in form.named_fields.items()] if form else []
        if isinstance(node, CallNode):
            sections = call_sections(node, self._vocabulary.flows, ours)
        else:
            sections = plugin_sections(node, self._vocabulary.plugins, ours)
        for heading, fields in sections:
            self._add(heading, **fields)
        if isinstance(node, PluginNode):
            self._add("没有成功时由谁处理", **self._rule("keeper", node.keeper, label="交给", may_lack=True))

    def _rule(self, prefix: str, who: AnyWho | None, *, label: str, may_lack: bool = False) -> dict[str, forms.Field]:
        others = [(step.name, called(step)) for step in self._flow.steps if step.name != self.node.name]
        named = naming_fields(self._form)
        self._rules.append(prefix)
        return rule_fields(
            prefix,
            who,
            label=label,
            choices=self._vocabulary.choices,
            kinds=self._vocabulary.kinds,
            steps=others,
            named=named,
            may_lack=may_lack,
        )

    def _add_rights(self, node: StartNode | StepNode, form: FormDefinition) -> None:
        rest = [("", "同其他字段"), *_RIGHTS]
        rights = {
            f"right_{name}": choice_box(field.label, rest, node.fields.get(name, ""))
            for name, field in form.named_fields.items()
            if field.is_filled or name in node.fields
        }
        self._add("字段权限", otherwise=choice_box("其他字段", _RIGHTS, node.otherwise), **rights)

    def _add_ways(self) -> None:
        ways = self._flow.ways_out[self.node.name]
        targets = [("", "（不用）"), *((one.name, called(one)) for one in self._flow.nodes if one != self.node)]
        self.ways_count = len(ways) + _MORE_WAYS if self.node.type in _FORKS else max(len(ways), 1)
        is_choosing = self.node.type in {"exclusive", "inclusive"}
        for number in range(self.ways_count):
            way = ways[number] if number < len(ways) else None
            prefix = f"way_{number}"
            fields: dict[str, forms.Field] = {
                f"{prefix}_target": choice_box("通到", targets, way.target if way else ""),
            }
            if is_choosing:
                asked = condition_fields(way.condition if way else "", self._names, self._labels)
                fields |= {f"{prefix}_{part}": field for part, field in asked.items()}
                self._condition_boxes |= {f"{prefix}_{part}": part for part in asked}
                fields[f"{prefix}_is_default"] = yes_box("其他情况走这条", way.is_default if way else False)
            heading = f"下一步（第 {number + 1} 路）" if self.ways_count > 1 else "下一步"
            self._add(heading, **fields)

    def condition_names(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Label of all that a condition may call, each with the codes and labels that it can be compared with."""
        return [(named.label, [*self._labels.get(name, {}).items()]) for name, named in self._names.items()]

    def ways(self) -> list[dict[str, Any]] | None:
        """The ways out as they were filled in; None for an end, which has none."""
        if self.node.type == "end":
            return None
        data, old = self.cleaned_data, self._flow.ways_out[self.node.name]
        found = []
        for number in range(self.ways_count):
            prefix = f"way_{number}"
            if target := data[f"{prefix}_target"]:
                label = old[number].label if number < len(old) and old[number].target == target else ""
                found.append(
                    {
                        "target": target,
                        "label": label,
                        "condition": self._conditions.get(number, ""),
                        "is_default": data.get(f"{prefix}_is_default", False),
                    }
                )
        return found

    def values(self) -> dict[str, Any]:
        """The node's attributes as they were filled in; None for what is taken away."""
        data, node = self.cleaned_data, self.node
        found: dict[str, Any] = {"label": data["label"].strip()}
        if isinstance(node, TimerNode):
            found["wait"] = {"amount": data["amount"] or 0, "unit": data["unit"]}
        if isinstance(node, MessageNode):
            found["message"] = data["message"]
        if isinstance(node, EndNode):
            found |= {name: data[name] or None for name in ("is_refused", "terminates")}
        if isinstance(node, StepNode):
            found |= self._step_values(node)
        if isinstance(node, PluginNode | CallNode):
            found |= called_values(node, data)
        if isinstance(node, PluginNode):
            found["keeper"] = rule_given("keeper", data)
        if "otherwise" in data:
            given = {name.removeprefix("right_"): data[name] for name in data if name.startswith("right_")}
            found["otherwise"] = data["otherwise"] or node.otherwise  # type: ignore[union-attr]  # it has rights
            found["fields"] = {name: right for name, right in given.items() if right}
        return found

    def _step_values(self, step: StepNode) -> dict[str, Any]:
        data = self.cleaned_data
        plain = (
            "hint",
            "sharing",
            "on_refusal",
            "asks_opinion",
            "acts",
            "free",
            "at_limit",
            "public_label",
            "public_names",
        )
        risk = {"grade": data["grade"], "risk": data["risk"], "control": data["control"]}
        return {
            **{name: data[name] for name in plain},
            "who": rule_given("who", data),
            "fallback": rule_given("fallback", data),
            "share": data["share"] or 100,
            "outcomes": list(self._outcomes(step)),
            "phrases": lines_of(data["phrases"]),
            "limit": _limit(data["amount"], data["unit"]),
            "copies": self._copies() or None,
            "remind_before": _limit(data["early_amount"], data["early_unit"]),
            "risk": risk if data["grade"] else None,
        }

    def _copies(self) -> list[dict[str, Any]]:
        given = (rule_given(one, self.cleaned_data) for one in self._rules if one.startswith(_COPY))
        return [rule for rule in given if rule]

    def _outcomes(self, step: StepNode) -> Iterator[dict[str, Any]]:
        known = {one.label: one.code for one in step.outcomes}
        taken: set[str] = set()
        for field, is_favourable in (("good", True), ("bad", False)):
            for label in lines_of(self.cleaned_data[field]):
                code = known.get(label) or draw_name(label, taken | set(known.values()), otherwise="outcome")
                taken.add(code)
                yield {"code": code, "label": label, "is_favourable": is_favourable}

    def clean(self) -> dict[str, Any]:
        """Asks for what a rule of people needs, and reads the conditions."""
        data = super().clean() or {}
        for name in [name for prefix in self._rules for name in lacking_parts(prefix, data)]:
            self.add_error(name, "请填写。")
        self._read_conditions(data)
        return data

    def _read_conditions(self, data: Mapping[str, Any]) -> None:
        if self.node.type not in {"exclusive", "inclusive"}:
            return
        for number in range(self.ways_count):
            prefix = f"way_{number}"
            given = {name.removeprefix(f"{prefix}_"): data[name] for name in data if name.startswith(f"{prefix}_")}
            try:
                self._conditions[number] = condition_given(given, self._names, self._labels)
            except ConditionFault as fault:
                self.add_error(f"{prefix}_{fault.box}", fault.message)


def _message_box(initial: str) -> forms.RegexField:
    return forms.RegexField(
        NAME_PATTERN,
        label="消息的代码",
        max_length=LONGEST_NAME,
        initial=initial,
        error_messages={"invalid": "代码用小写英文字母、数字和单个下划线，以字母开头，例如 payment。"},
        help_text="别的程序发消息来，写的就是它。没有程序，管理员在办理页面上点“已经收到”。",
    )


_FORKS: Final = frozenset({"exclusive", "inclusive", "parallel"})


def _limit(amount: int | None, unit: str) -> dict[str, Any] | None:
    return {"amount": amount, "unit": unit or "working_days"} if amount else None
