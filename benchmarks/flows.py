"""How long a flow of 500 nodes takes to be read and checked, and written and read as BPMN, beside SpiffWorkflow's
parser of the same drawing, which asks for none of what is checked here."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from benchmarks.measuring import line, median_seconds, milliseconds
from benchmarks.world import Profile
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.checks import FlowContext, check_flow
from standards.flows.reading import read_flow
from standards.forms.reading import read_definition

_NODES = 500
_BOUND = 0.5
# a fork, two steps, a join
_BLOCK = 4


def run(profile: Profile) -> list[dict[str, Any]]:
    times = 10 if profile.is_full else 3
    form = read_definition(
        {
            "format": 1,
            "title": "样表",
            "parts": [
                {
                    "name": "all",
                    "label": "全部",
                    "fields": [
                        {"type": "number", "name": f"f{number}", "label": f"字段 {number}"} for number in range(100)
                    ],
                }
            ],
        }
    )
    raw = _flow()
    flow = read_flow(raw)
    context = FlowContext(count_people=lambda _: 1)
    assert len(flow.nodes) == _NODES
    assert check_flow(flow, form, context) == []
    ours = median_seconds(lambda: check_flow(read_flow(raw), form, context), times=times)
    drawing = write_bpmn(flow)
    assert read_bpmn(drawing).flow == flow
    writing = median_seconds(lambda: write_bpmn(flow), times=times)
    reading = median_seconds(lambda: read_bpmn(drawing), times=times)
    theirs = median_seconds(lambda: _spiff(drawing), times=times)
    return [
        line(
            f"a flow of {_NODES} nodes read and checked (ms)",
            measured=milliseconds(ours),
            bound=f"<= {milliseconds(_BOUND)} ms",
            holds=ours <= _BOUND,
            written_as_bpmn=milliseconds(writing),
            read_of_bpmn=milliseconds(reading),
            spiffworkflow_parses_it=milliseconds(theirs),
            kilobytes=round(len(drawing) / 1024),
        )
    ]


def _spiff(drawing: bytes) -> object:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(drawing))
    return parser.get_spec("Process")


def _flow() -> dict[str, Any]:
    """Blocks one behind another: two ways in turn parallel and by a condition over what was filled in before."""
    nodes: list[dict[str, Any]] = [{"type": "start", "name": "begin"}]
    edges: list[dict[str, Any]] = []

    def way(source: str, target: str, **values: Any) -> None:
        edges.append({"name": f"w{len(edges)}", "source": source, "target": target, **values})

    last = "begin"
    for number in range((_NODES - 2) // _BLOCK):
        kind = "parallel" if number % 2 else "exclusive"
        names = [f"{part}{number}" for part in ("fork", "one", "two", "join")]
        who = {"kind": "role", "role": "clerk"}
        step = {"type": "step", "label": "审批", "who": who, "limit": {"amount": 1}}
        nodes += [
            {"type": kind, "name": names[0]},
            {**step, "name": names[1], "fields": {f"f{number % 100}": "write"}},
            {**step, "name": names[2]},
            {"type": kind, "name": names[3]},
        ]
        way(last, names[0])
        way(names[0], names[1], **({} if number % 2 else {"condition": f"f{number % 100} > {number}"}))
        way(names[0], names[2], **({} if number % 2 else {"is_default": True}))
        way(names[1], names[3])
        way(names[2], names[3])
        last = names[3]
    while len(nodes) < _NODES - 1:
        name = f"wait{len(nodes)}"
        nodes.append({"type": "timer", "name": name, "wait": {"amount": 1}})
        way(last, name)
        last = name
    nodes.append({"type": "end", "name": "finish"})
    way(last, "finish")
    owner = {"kind": "role", "role": "hall_admin"}
    return {"format": 1, "title": "很大的流程", "owner": owner, "nodes": nodes, "edges": edges}
