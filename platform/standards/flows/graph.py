"""A flow as points and arrows: what comes before what."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import NODE_TITLES, BaseNode

Arrows = Mapping[str, Sequence[str]]


def arrows_of(flow: FlowDefinition) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For every node, those that follow it at once, and those that stand before it."""
    followers = {name: [edge.target for edge in edges] for name, edges in flow.ways_out.items()}
    leaders = {name: [edge.source for edge in edges] for name, edges in flow.ways_in.items()}
    return followers, leaders


def reached(arrows: Arrows, starts: Iterable[str]) -> set[str]:
    """Everything that the arrows lead to, with the starts themselves."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += arrows.get(name, ())
    return found


def before(leaders: Arrows, name: str) -> set[str]:
    """Everything that can come before a node; the node itself only where a loop leads back to it."""
    return reached(leaders, leaders.get(name, ()))


def circles(arrows: Arrows, names: Collection[str]) -> list[list[str]]:
    """Groups of these names in which each leads to each by way of the group, in their order."""
    inside = {name: [one for one in arrows.get(name, ()) if one in names] for name in names}
    backwards: dict[str, list[str]] = {name: [] for name in names}
    for name, followers in inside.items():
        for one in followers:
            backwards[one].append(name)
    found, seen = [], set[str]()
    for name in names:
        if name in seen:
            continue
        group = reached(inside, [name]) & reached(backwards, [name])
        seen |= group
        if len(group) > 1 or name in inside[name]:
            found.append([one for one in names if one in group])
    return found


def in_order(followers: Arrows, starts: Iterable[str]) -> tuple[list[str], set[tuple[str, str]]]:
    """The names so that each stands behind those that lead to it, and the arrows that lead back and do not count."""
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    state: dict[str, bool] = {}  # True: still on the way that is being walked
    for start in starts:
        if start in state:
            continue
        state[start] = True
        path = [(start, iter(followers.get(start, ())))]
        while path:
            name, ways = path[-1]
            for follower in ways:
                if follower not in state:
                    state[follower] = True
                    path.append((follower, iter(followers.get(follower, ()))))
                    break
                if state[follower]:
                    back.add((name, follower))
            else:
                state[name] = False
                order.append(name)
                path.pop()
    return order[::-1], back


def called(node: BaseNode) -> str:
    """A node as faults name it."""
    return f"“{node.label}”" if node.label else f"{NODE_TITLES[node.type]}（{node.name}）"
