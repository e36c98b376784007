"""What a sub-flow or an action outside is handed and gives back, on the page of its node."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, override

from django import forms

from standards.flows.nodes import CallNode, PluginNode

type FieldChoices = Sequence[tuple[str, str]]
type Sections = Iterator[tuple[str, dict[str, forms.Field]]]
_WRITTEN: Final = "="
_NONE: Final = ("", "（没有）")
_NOWHERE: Final = ("", "（不填入）")


def plugin_sections(node: PluginNode, offered: Sequence[Mapping[str, Any]], ours: FieldChoices) -> Sections:
    """Headings with their fields. ``offered``: what ``plugin_choices`` gives; ``ours``: the form's fields. Inputs and
    outputs are those of the action that was saved: who chooses another one sees its own after that."""
    known = [(one["code"], one["label"]) for one in offered]
    if node.plugin not in dict(known):
        known.insert(0, (node.plugin, f"（请选择：“{node.plugin}”这里没有）"))
    yield "做什么", {"plugin": forms.ChoiceField(label="外部动作", choices=known, initial=node.plugin)}
    chosen = next((one for one in offered if one["code"] == node.plugin), None)
    if chosen is None:
        return
    sources = {name: field for field, name in node.given.items()}
    inputs: dict[str, forms.Field] = {}
    for port in chosen["inputs"]:
        name, label = port["name"], port["label"]
        fields = [] if port["right"] == "nothing" else ours
        written = name in node.constants
        inputs[f"in_{name}"] = _choice(
            label,
            [_NONE, (_WRITTEN, "写一个固定的值"), *fields],
            _WRITTEN if written else sources.get(name, ""),
            is_needed=port["required"],
        )
        inputs[f"const_{name}"] = _constant(f"{port['label']}的固定值", port["words"], node.constants.get(name, ""))
    yield "给它什么", inputs
    if ours:
        yield (
            "结果填入哪个字段",
            {
                f"out_{port['name']}": _choice(port["label"], [_NOWHERE, *ours], node.taken.get(port["name"], ""))
                for port in chosen["outputs"]
            },
        )


def call_sections(node: CallNode, offered: Sequence[Mapping[str, Any]], ours: FieldChoices) -> Sections:
    """As ``plugin_sections``, of a sub-flow; ``offered``: what ``flow_choices`` gives."""
    known = [(one["code"], one["title"]) for one in offered]
    if node.flow not in dict(known):
        known.insert(0, (node.flow, f"（请选择：“{node.flow}”没有发布）"))
    yield (
        "运行哪个流程",
        {
            "flow": forms.ChoiceField(label="子流程", choices=known, initial=node.flow),
            "waits": forms.BooleanField(label="等它办完再往下走", required=False, initial=node.waits),
        },
    )
    chosen = next((one for one in offered if one["code"] == node.flow), None)
    if chosen is None or not chosen["fields"] or not ours:
        return
    sources = {name: field for field, name in node.given.items()}
    yield (
        "传给它的字段",
        {f"in_{name}": _choice(label, [_NONE, *ours], sources.get(name, "")) for name, label in chosen["fields"]},
    )
    yield (
        "办完以后取回到哪个字段",
        {
            f"out_{name}": _choice(label, [_NOWHERE, *ours], node.taken.get(name, ""))
            for name, label in chosen["fields"]
        },
    )


def called_values(node: PluginNode | CallNode, data: Mapping[str, Any]) -> dict[str, Any]:
    """The node's attributes as they were filled in. What was said of another action or flow goes with it."""
    key = "plugin" if isinstance(node, PluginNode) else "flow"
    found: dict[str, Any] = {key: data[key]} | ({"waits": data["waits"]} if "waits" in data else {})
    is_same = data[key] == getattr(node, key)
    picked = {name.removeprefix("in_"): value for name, value in data.items() if name.startswith("in_") and is_same}
    given = {field: name for name, field in picked.items() if field not in ("", _WRITTEN)}
    into = {name.removeprefix("out_"): field for name, field in data.items() if name.startswith("out_") and is_same}
    taken = {name: field for name, field in into.items() if field}
    found |= {"given": given, "taken": taken}
    if isinstance(node, PluginNode):
        written = {name: data[f"const_{name}"].strip() for name, value in picked.items() if value == _WRITTEN}
        found["constants"] = {name: value for name, value in written.items() if value}
    return {name: value or None if name in {"given", "taken", "constants"} else value for name, value in found.items()}


class NeededChoice(forms.ChoiceField):
    """Is not called optional, and may be empty in a draft: the check before publication asks for it."""

    @override
    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def _choice(
    label: str, choices: Sequence[tuple[str, str]], initial: str, *, is_needed: bool = False
) -> forms.ChoiceField:
    known = [*choices]
    if initial not in dict(known):
        known.append((initial, f"（已不可选：{initial[:40]}）"))
    kind = NeededChoice if is_needed else forms.ChoiceField
    return kind(label=label, choices=known, required=is_needed, initial=initial)


def _constant(label: str, words: Sequence[tuple[str, str]], initial: str) -> forms.Field:
    if words:
        return _choice(label, [("", "（不写）"), *words], initial)
    return forms.CharField(
        label=label, required=False, max_length=100, initial=initial, help_text="上面选“写一个固定的值”时填写。"
    )
