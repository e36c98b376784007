"""Who fills in which field of the form, and what is known of it where something asks."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from foundation.errors import Fault
from standards.flows.conditions import OUTCOME
from standards.flows.definition import FlowDefinition
from standards.flows.graph import arrows_of, before, called
from standards.flows.nodes import BaseNode, CallNode, PluginNode, StartNode, StepNode
from standards.forms.definition import FormDefinition
from standards.forms.expressions.checking import TODAY
from standards.forms.fields.base import BaseField
from standards.forms.fields.shown import ComputedField
from standards.forms.rights import FieldRight


class Writing:
    """Where the fields of a form are filled in along a flow."""

    def __init__(self, flow: FlowDefinition, form: FormDefinition | None) -> None:
        self._flow = flow
        self._form = form
        self._leaders = arrows_of(flow)[1]
        self._before: dict[str, set[str]] = {}

    @property
    def fields(self) -> Mapping[str, BaseField]:
        """The form's fields by name."""
        return self._form.named_fields if self._form else {}

    @cached_property
    def writers(self) -> Mapping[str, Collection[str]]:
        """For each field, the nodes that can fill it in."""
        found: dict[str, set[str]] = {name: set() for name in self.fields}
        for node in self._flow.nodes:
            for name in self._written(node):
                if name in found:
                    found[name].add(node.name)
        return found

    def _written(self, node: BaseNode) -> Iterable[str]:
        if isinstance(node, CallNode | PluginNode):
            return node.taken.values()
        if isinstance(node, StartNode | StepNode):
            return [
                name
                for name, field in self.fields.items()
                if field.is_filled and node.fields.get(name, node.otherwise).is_writable
            ]
        return ()

    def comes_before(self, name: str) -> Collection[str]:
        """The nodes that can come before a node."""
        if name not in self._before:
            self._before[name] = before(self._leaders, name)
        return self._before[name]

    def unknown_at(self, at: str, reads: Iterable[str]) -> Iterator[str]:
        """Of these names, what nobody can have given when the run comes to a node: in Chinese, what to do."""
        for name in sorted(reads):
            owner, _, member = name.partition(".")
            node = self._flow.named_nodes.get(owner)
            if node and (member == OUTCOME or (member and isinstance(node, PluginNode))):
                if owner not in self.comes_before(at):
                    yield f"{called(node)}不在它前面，这时还没有办理结果。"
            elif name != TODAY:
                for field in self._sources(owner):
                    if not set(self.writers.get(field.name, ())) & set(self.comes_before(at)):
                        yield f"字段“{field.label}”在它前面没有人填。请让前面的一个环节可以填写它。"

    def _sources(self, name: str) -> Iterator[BaseField]:
        """The fields that people fill in and from which a field's value comes."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one in seen or one not in self.fields:
                continue
            seen.add(one)
            field = self.fields[one]
            if isinstance(field, ComputedField):
                waiting += self._read_by(one)
            elif field.is_filled:
                yield field

    def _read_by(self, name: str) -> list[str]:
        assert self._form is not None  # noqa: S101 - it has the field
        planned = next(one for one in self._form.plan.order if one.field.name == name)
        return [read.partition(".")[0] for read in planned.computed.reads] if planned.computed else []


def writing_faults(flow: FlowDefinition, writing: Writing) -> Iterator[Fault]:
    """Rights to fields that are not there or that nobody fills in, and fields that are needed and never filled in."""
    for node in flow.nodes:
        if isinstance(node, StartNode | StepNode):
            yield from _faults_of_rights(node, writing.fields)
        elif isinstance(node, CallNode | PluginNode):
            ours = {*node.given, *node.taken.values()}
            for name in sorted(ours - writing.fields.keys()):
                yield Fault(node.name, f"{called(node)}用到的“{name}”不是表单的字段。")
            known = [name for name in node.given if name in writing.fields]
            for said in writing.unknown_at(node.name, known):
                yield Fault(node.name, f"{called(node)}要用的内容还没有：{said}")
    for name, field in writing.fields.items():
        if field.required and field.is_filled and not writing.writers[name]:
            said = "是必填的，可是没有一个环节能填写它：请在某个环节的字段权限里允许填写，或者改成不必填。"
            yield Fault("", f"字段“{field.label}”{said}")


def _faults_of_rights(node: StartNode | StepNode, fields: Mapping[str, BaseField]) -> Iterator[Fault]:
    for name, right in node.fields.items():
        if name not in fields:
            yield Fault(node.name, f"{called(node)}的字段权限里有“{name}”，表单里没有这个字段：请删去。")
        elif right == FieldRight.REQUIRED and not fields[name].is_filled:
            said = "不是填写的字段，不能设为必填。"
            yield Fault(node.name, f"{called(node)}：“{fields[name].label}”{said}")
