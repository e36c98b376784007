"""Actions outside: known, handed all that they need and only what they may have, and taken from what they give."""

from collections.abc import Iterator, Mapping

from foundation.errors import Fault
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import PluginNode
from standards.flows.plugins import ContentRight, PluginPort, PluginPorts
from standards.forms.fields.base import BaseField


def plugin_faults(
    flow: FlowDefinition, fields: Mapping[str, BaseField], plugins: Mapping[str, PluginPorts] | None
) -> Iterator[Fault]:
    """``plugins``: by code those that there are; None: not looked at."""
    if plugins is None:
        return
    for node in flow.nodes:
        if not isinstance(node, PluginNode):
            continue
        ports = plugins.get(node.plugin)
        if ports is None:
            yield Fault(node.name, f"{called(node)}要用的外部动作“{node.plugin}”这里没有：请重新选择。")
            continue
        yield from _faults_of_inputs(node, ports, fields)
        yield from _faults_of_outputs(node, ports, fields)


def _faults_of_inputs(node: PluginNode, ports: PluginPorts, fields: Mapping[str, BaseField]) -> Iterator[Fault]:
    where, at = f"{node.name}.given", called(node)
    for name in sorted({*node.given.values(), *node.constants} - ports.inputs.keys()):
        yield Fault(where, f"{at}：“{ports.label}”没有“{name}”这项输入，请删去。")
    for name, port in ports.inputs.items():
        sources = [one for one, target in node.given.items() if target == name]
        if len(sources) + (name in node.constants) > 1:
            yield Fault(where, f"{at}的“{port.label}”有几个来源：请只留一个。")
        elif port.required and not sources and name not in node.constants:
            yield Fault(where, f"{at}的“{port.label}”没有来源：请选一个字段，或者写一个固定的值。")
        for source in sources:
            if field := fields.get(source):
                yield from (Fault(where, f"{at}的“{port.label}”{said}") for said in _misfits(field, port))
        if name in node.constants and (said := port.refusal(node.constants[name])):
            yield Fault(where, f"{at}的“{port.label}”{said}")


def _misfits(field: BaseField, port: PluginPort) -> Iterator[str]:
    if not port.takes(field.kind):
        yield f"要的是{port.kind.label}，字段“{field.label}”是{field.kind.label}：请换一个字段。"
    if port.right is ContentRight.NOTHING:
        yield f"不能取表单里的内容，现在取了“{field.label}”：请写一个固定的值。"
    elif port.right is ContentRight.PLAIN and field.is_personal:
        yield f"不能取个人信息，字段“{field.label}”按个人信息保护：请换一个字段。"


def _faults_of_outputs(node: PluginNode, ports: PluginPorts, fields: Mapping[str, BaseField]) -> Iterator[Fault]:
    where, at = f"{node.name}.taken", called(node)
    targets = list(node.taken.values())
    for name, target in node.taken.items():
        port, field = ports.outputs.get(name), fields.get(target)
        if port is None:
            yield Fault(where, f"{at}：“{ports.label}”没有“{name}”这项结果，请删去。")
        elif field is not None and not field.is_filled:
            yield Fault(where, f"{at}的“{port.label}”不能填入“{field.label}”：那不是填写的字段。")
        elif field is not None and field.kind != port.kind:
            said = f"是{port.kind.label}，字段“{field.label}”是{field.kind.label}：请换一个字段。"
            yield Fault(where, f"{at}的“{port.label}”{said}")
        elif field is not None and targets.count(target) > 1:
            yield Fault(where, f"{at}有几项结果填入同一个字段“{field.label}”：请只留一项。")
