"""Random flows that people of the northern hall do: each step with somebody, some way of deciding, and its acts."""

from random import Random
from typing import Any, Final

from tests.factories.runs import ALL_ACTS, CLERKS, DECISIONS, HANDLERS, LEADERS, people
from tests.standards.run_samples import flow_of_block, random_block

# a flow with one step, which others call
INNER: Final = "inner"
_HOUR: Final = {"amount": 1, "unit": "hours"}
_WAITS: Final[tuple[dict[str, Any], ...]] = (
    {"type": "timer", "wait": _HOUR},
    {"type": "message", "message": "payment"},
    {"type": "call", "flow": INNER},
    {"type": "call", "flow": INNER, "waits": False},
    {"type": "call", "flow": "missing"},
)


def staffed_flow(random: Random) -> dict[str, Any]:
    """A definition as JSON, of one to seven steps, sound by construction."""
    found = flow_of_block(random_block(random, random.randint(1, 7))).as_json()
    steps: list[dict[str, Any]] = []
    nodes = []
    for drawn in found["nodes"]:
        node = drawn
        # one is a step in any case, for conditions to ask for
        if node["type"] == "step" and steps and random.random() < 0.15:
            node = {"name": node["name"], "label": node["label"]} | random.choice(_WAITS)
        elif node["type"] == "step":
            node = node | _staffing(random)
            steps.append(node)
        nodes.append(node)
    edges = []
    for number, edge in enumerate(found["edges"]):
        asks = {"condition": _condition(random, steps)} if "condition" in edge else {}
        # no node has that name
        edges.append(edge | {"name": f"way_{number}"} | asks)
    return found | {"nodes": nodes, "edges": edges}


def _staffing(random: Random) -> dict[str, Any]:
    rules = [
        HANDLERS,
        LEADERS,
        CLERKS,
        {"kind": "initiator"},
        people("cao", "hua"),
        people("cao", "hua", "tao"),
        people("cao", "hua", "tao"),
        # nobody: it falls to the flow's owner
        {"kind": "title", "title": "没有的职务"},
    ]
    found: dict[str, Any] = {
        "who": random.choice(rules),
        "sharing": random.choice(("any", "all", "share", "veto", "in_turn")),
        "share": random.choice((34, 50, 67, 100)),
        "on_refusal": random.choice(("go_on", "end", "return_previous", "return_start")),
        "acts": list(map(str, ALL_ACTS)),
        "free": random.random() < 0.2,
    }
    if random.random() < 0.5:
        found["outcomes"] = DECISIONS
    if random.random() < 0.4:
        found |= {"limit": _HOUR, "at_limit": random.choice(("remind", "hand_up", "hand_up", "pass", "return"))}
        if random.random() < 0.7:
            found["fallback"] = people("he", "tao")
    return found


def _condition(random: Random, steps: list[dict[str, Any]]) -> str:
    asked = random.choice(steps)
    return f"{asked['name']}.outcome == '{'refused' if 'outcomes' in asked else 'done'}'"
