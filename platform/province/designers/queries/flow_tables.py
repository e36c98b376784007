"""A flow as its table of steps: lines, what their buttons do, where its faults stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Fault
from standards.flows.checks.people import OWNER
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import NODE_TITLES, AnyFlowNode
from standards.flows.table import as_table, numbers_of
from standards.flows.words import FlowWords
from standards.forms.definition import FormDefinition
from standards.forms.fields.choices import ListedField

type Choices = Sequence[tuple[str, str]]
# lists whose entries are people, or departments of them
_OF_PEOPLE: Final = frozenset({"person", "department"})
# so many drafts of a flow can be undone
MOST_FLOW_REVISIONS: Final = 100
# stands in an address in the place of a node's name, which a program replaces
ANY_NODE: Final = "any"
_WAIT: Final = {"type": "timer", "label": "等待", "wait": {"amount": 1}}
# what it is called by programs is written on the node's own page
_MESSAGE: Final = {"type": "message", "label": "等待消息", "message": "message"}
# what is called is picked on the node's own page
_OUTSIDE: Final = {"type": "plugin", "label": "外部动作", "plugin": "none"}
_CALL: Final = {"type": "call", "label": "子流程", "flow": "none"}
# what a button behind a line adds, with its words; ``branch:exclusive`` and so on say of which kind
_ADDED: Final[Mapping[str, str]] = {
    "step": "后面加环节",
    "branch:exclusive": "后面加条件分支",
    "branch:parallel": "后面加并行分支",
    "branch:inclusive": "后面加多选分支",
    "wait": "后面加等待",
    "message": "后面加等待消息",
    "plugin": "后面加外部动作",
    "call": "后面加子流程",
}
_CHANGES: Final[dict[str, Callable[[str, str], tuple[str, dict[str, Any]]]]] = {
    "step": lambda name, _: ("add_step", {"after": name, "label": "新的环节"}),
    "branch": lambda name, kind: ("add_branch", {"after": name, "kind": kind}),
    "wait": lambda name, _: ("add_node", {"after": name, "node": _WAIT}),
    "message": lambda name, _: ("add_node", {"after": name, "node": _MESSAGE}),
    "plugin": lambda name, _: ("add_node", {"after": name, "node": _OUTSIDE}),
    "call": lambda name, _: ("add_node", {"after": name, "node": _CALL}),
    "end": lambda *_: ("add_end", {}),
    "delete": lambda name, _: ("delete_node", {"name": name}),
    "up": lambda name, _: ("move_node", {"name": name, "up": True}),
    "down": lambda name, _: ("move_node", {"name": name, "up": False}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowVocabulary:
    """What a flow can name where it is designed. ``choices``: code and name of each ``role``, ``unit`` and of
    ``people``; ``kinds``: rules of who does a step; ``without``: types of nodes that it cannot have; ``plugins`` and
    ``flows``: what it can call, as JSON."""

    choices: Mapping[str, Choices]
    kinds: Mapping[str, str]
    without: frozenset[str] = frozenset()
    plugins: Sequence[Mapping[str, Any]] = ()
    flows: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of the table. ``ways``: number and name of where it goes on, and when; ``address``: of the node's page."""

    number: int
    node: AnyFlowNode
    kind: str
    who: str
    decides: str
    limit: str
    ways: list[tuple[int, str, str]]
    address: str


def lines_of_flow(flow: FlowDefinition, words: FlowWords, address_of: Callable[[str], str]) -> list[FlowLine]:
    """``address_of``: the page of a node, by its name."""
    numbers = numbers_of(flow)
    return [
        FlowLine(
            row.number,
            row.node,
            NODE_TITLES[row.node.type],
            words.who(row.node),
            words.decides(row.node),
            words.limit(row.node),
            [(numbers[way.target], called(flow.named_nodes[way.target]), words.condition(way)) for way in row.ways],
            address_of(row.node.name),
        )
        for row in as_table(flow)
    ]


def placed_faults(
    flow: FlowDefinition | None, faults: Iterable[Fault], address_of: Callable[[str], str], whole: str
) -> Iterator[tuple[str, str]]:
    """Each in words, with the address of the page where it can be mended; "" where that is the table itself.
    ``whole``: of the page on which name and owner stand."""
    sources = {edge.name: edge.source for edge in flow.edges} if flow else {}
    for fault in faults:
        name = fault.where.partition(".")[0]
        name = sources.get(name, name)
        if fault.where == OWNER:
            yield fault.message, whole
        else:
            yield fault.message, address_of(name) if flow and name in flow.named_nodes else ""


def added_kinds(without: Iterable[str] = ()) -> list[tuple[str, str, str]]:
    """What the buttons behind a line add: what is posted, an id, the words."""
    return [(act, act.replace(":", "-"), word) for act, word in _ADDED.items() if act not in set(without)]


def act_of_button(button: str, name: str) -> tuple[str, dict[str, Any]] | None:
    """The act of ``standards.flows.changes`` that a button of the line of this node stands for; None: there is none."""
    word, _, kind = button.partition(":")
    return _CHANGES[word](name, kind) if word in _CHANGES else None


def naming_fields(form: FormDefinition | None) -> list[tuple[str, str]]:
    """(name, label) of the fields in which people or departments are picked."""
    fields = form.named_fields.values() if form else ()
    return [(one.name, one.label) for one in fields if isinstance(one, ListedField) and one.source in _OF_PEOPLE]


def drawing_given(
    drawing: bytes,
    revision: int,
    form: FormDefinition | None,
    vocabulary: FlowVocabulary,
    *,
    save: str,
    lock: str,
    node: str,
) -> dict[str, Any]:
    """What the program that draws begins with, as JSON. ``save``: where it saves; ``lock``: where it keeps others out;
    ``node``: the address of the page of ``ANY_NODE``."""
    return {
        "drawing": drawing.decode(),
        "revision": revision,
        "save": save,
        "lock": lock,
        "choices": vocabulary.choices,
        "who": list(vocabulary.kinds.items()),
        "without": sorted(vocabulary.without),
        "plugins": vocabulary.plugins,
        "flows": vocabulary.flows,
        "fields": [(name, field.label) for name, field in form.named_fields.items() if field.is_filled] if form else [],
        "people_fields": naming_fields(form),
        "node": node,
        "any_node": ANY_NODE,
    }
