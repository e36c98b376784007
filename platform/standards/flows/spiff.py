"""SpiffWorkflow at its work: a specification that is built from a checked FlowDefinition alone, and a walk over it.

It reads no XML and no script of anybody. Conditions are those that ours worked out (``decide``); its script engine
refuses whatever it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import BaseNode, EndNode, FlowEdge, GatewayNode
from standards.flows.walking import Decide, Landing, MoveBudget, RunStuck, Walk, WalkingFlow, is_join, label_at


class _NoScripts(PythonScriptEngine):  # type: ignore[misc]  # Spiff has no types
    """Works nothing out: no text of a definition is ever run."""

    def __init__(self) -> None:
        super().__init__(environment=object())

    def evaluate(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("nothing is evaluated here")

    execute = call_service = evaluate


class _Workflow(BpmnWorkflow):  # type: ignore[misc]  # Spiff has no types
    def __init__(self, spec: BpmnProcessSpec, decide: Decide) -> None:
        self.decide = decide
        super().__init__(spec, script_engine=_NoScripts())


class _Rest(SimpleBpmnTask):  # type: ignore[misc]  # Spiff has no types
    """Holds its token until somebody lets it go."""

    def __init__(self, spec: BpmnProcessSpec, name: str) -> None:
        super().__init__(spec, name, manual=True)


class _Parallel(ParallelGateway):  # type: ignore[misc]  # Spiff has no types
    """Waits for nobody: its tokens have come together before."""

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()  # noqa: SLF001 - as Spiff's own gateways do
        return True

    def _run_hook(self, _my_task: Any) -> bool:
        return True


class _Inclusive(InclusiveGateway):  # type: ignore[misc]  # Spiff has no types
    """Waits for nobody, and takes every way whose condition holds."""

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()  # noqa: SLF001
        return True

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not (chosen := matches or defaults):
            raise LookupError(self.name)
        my_task._sync_children(chosen, TaskState.FUTURE)  # noqa: SLF001
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001
        return True


_GATEWAYS: Final = {"exclusive": ExclusiveGateway, "parallel": _Parallel, "inclusive": _Inclusive}


@dataclass(frozen=True, slots=True)
class _Condition:
    """Of one edge, as Spiff asks it; ``always``: an edge without one."""

    edge: str
    always: bool

    def _matches(self, task: Any) -> bool:
        return self.always or bool(task.workflow.decide(self.edge))


def build_spec(definition: FlowDefinition) -> BpmnProcessSpec:
    """Build what Spiff walks by, from a definition that ``read_flow`` has checked."""
    spec = BpmnProcessSpec("flow")
    tasks = {node.name: _task(spec, definition, node) for node in definition.nodes}
    for node in definition.nodes:
        for edge in definition.ways_out[node.name]:
            _connect(spec, node, tasks, edge)
    spec.start.connect(tasks[next(node.name for node in definition.nodes if node.type == "start")])
    return spec


def _task(spec: BpmnProcessSpec, definition: FlowDefinition, node: BaseNode) -> Any:
    if is_join(definition, node):
        # the token rests before it, and goes on behind it
        _Rest(spec, _before(node.name))
        return _GATEWAYS[node.type](spec, node.name)
    if isinstance(node, GatewayNode):
        return _GATEWAYS[node.type](spec, node.name)
    if isinstance(node, EndNode):
        return EndEvent(spec, node.name, NoneEventDefinition())
    return _Rest(spec, node.name)


def _before(join: str) -> str:
    return f"before:{join}"


def _connect(spec: BpmnProcessSpec, node: BaseNode, tasks: Mapping[str, Any], edge: FlowEdge) -> None:
    way = SimpleBpmnTask(spec, f"edge:{edge.name}")
    way.connect(spec.task_specs.get(_before(edge.target), tasks[edge.target]))
    source = tasks[node.name]
    if node.type in {"exclusive", "inclusive"} and not edge.is_default:
        only = len(source.outputs) == 0 and not edge.condition
        if only and node.type == "exclusive":
            # a merge, or the one way on
            source.connect(way)
        else:
            source.connect_if(_Condition(edge.name, always=not edge.condition), way)
    else:
        source.connect(way)


def walk_by_spiff(flow: WalkingFlow, node: str, decide: Decide, budget: MoveBudget) -> Walk:
    """As ``walking.walk``."""
    workflow = _Workflow(flow.spec, decide)
    root = workflow.task_tree
    root._drop_children(force=True)  # noqa: SLF001 - Spiff offers no other way to begin inside a flow
    root._set_state(TaskState.COMPLETED)  # noqa: SLF001
    task = root._add_child(flow.spec.task_specs[node], TaskState.FUTURE)  # noqa: SLF001
    task._set_state(TaskState.READY)  # noqa: SLF001
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001
    ready = [task]
    while ready:
        for one in ready:
            budget.take(label_at(flow, one.task_spec.name))
            _run(flow, one)
        ready = [one for one in workflow.get_tasks(state=TaskState.READY) if not one.task_spec.manual]
    ends = tuple(
        one.task_spec.name
        for one in workflow.get_tasks(state=TaskState.COMPLETED)
        if isinstance(one.task_spec, EndEvent) and one is not task
    )
    rests = [one for one in workflow.get_tasks(state=TaskState.READY) if one.task_spec.manual]
    return Walk(tuple(_landing(one) for one in rests), ends)


def _run(flow: WalkingFlow, task: Any) -> None:
    try:
        task.run()
    except Exception as refusal:
        where = label_at(flow, task.task_spec.name)
        message = f"流程走到“{where}”时，没有一条出路的条件成立，走不下去。请填写相关的字段，或者请流程管理员修改流程。"
        raise RunStuck(where, message) from refusal


def _landing(task: Any) -> Landing:
    name = task.task_spec.name
    if name.startswith("before:"):
        return Landing(name.removeprefix("before:"), task.parent.task_spec.name.removeprefix("edge:"))
    return Landing(name)
