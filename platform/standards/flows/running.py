"""Where a run of a flow stands, as a value, and what may become of it. No row, no person, no clock.

A state is the tokens that are out, and the moves that brought them there, each with what it consumed and produced. So
going back takes away exactly what came of the step that is done again, in every branch, and gives back what that had
consumed: the state is one that the flow could have come to by itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self

from standards.flows.futures import check_goes_on
from standards.flows.nodes import EndNode
from standards.flows.walking import Decide, MoveBudget, RunStuck, Walk, WalkingFlow, walk

# kept to go back by; what is older can only be jumped to. It bounds the row of a run that loops for years
MOST_KEPT: Final = 100
# more tokens at once: a loop that forks and never joins
MOST_TOKENS: Final = 200

type Ending = Literal["", "finished", "refused"]


@dataclass(frozen=True, slots=True)
class RunToken:
    """``edge``: by which it came, where it waits before a join; else ""."""

    id: int
    node: str
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """``consumed``: the tokens that went into it, the one that was acted on first; ``produced``: ids of those that
    came out; ``before``: the outcome that its step had until then."""

    consumed: tuple[RunToken, ...]
    produced: tuple[int, ...]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class RunState:
    """``outcomes``: of each step that was done, its last one."""

    tokens: tuple[RunToken, ...] = ()
    moves: tuple[Move, ...] = ()
    outcomes: Mapping[str, str] = None  # type: ignore[assignment]  # set below: a frozen class has no empty mapping
    next_id: int = 1
    ending: Ending = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcomes", dict(self.outcomes or {}))

    @property
    def held(self) -> tuple[RunToken, ...]:
        """Those that wait for somebody or something, not for one another."""
        return tuple(token for token in self.tokens if not token.edge)

    def token(self, token_id: int) -> RunToken:
        """Raises LookupError for one that is not out."""
        found = next((token for token in self.tokens if token.id == token_id), None)
        if found is None:
            message = f"no token {token_id} is out"
            raise LookupError(message)
        return found

    def as_json(self) -> dict[str, Any]:
        """Compact: it stands in the row of the run."""
        return {
            "t": [_packed(token) for token in self.tokens],
            "m": [
                [[_packed(token) for token in move.consumed], list(move.produced), move.before] for move in self.moves
            ],
            "o": dict(self.outcomes),
            "n": self.next_id,
            "e": self.ending,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            tuple(RunToken(*one) for one in data["t"]),
            tuple(
                Move(tuple(RunToken(*one) for one in consumed), tuple(produced), before)
                for consumed, produced, before in data["m"]
            ),
            data["o"],
            data["n"],
            data["e"],
        )


def _packed(token: RunToken) -> list[Any]:
    return [token.id, token.node, token.edge] if token.edge else [token.id, token.node]


@dataclass(frozen=True, slots=True)
class Advance:
    """What an act made of a run: ``entered`` and ``left`` are the held tokens that came and those that went."""

    state: RunState
    entered: tuple[RunToken, ...]
    left: tuple[RunToken, ...]


def begin(flow: WalkingFlow) -> Advance:
    """A new run: its one token rests at the start, until who starts it has filled in the form."""
    return _advance(RunState(), RunState((RunToken(1, flow.start),), next_id=2))


def finish(flow: WalkingFlow, state: RunState, token_id: int, decide: Decide, *, outcome: str = "") -> Advance:
    """Let a held token go on; ``outcome``: of its step, for conditions. Raises LookupError where it is not out,
    RunStuck where the run cannot go on."""
    token = state.token(token_id)
    if token.edge:
        message = f"token {token_id} waits for others"
        raise LookupError(message)
    budget = MoveBudget()
    before = state.outcomes.get(token.node)
    outcomes = dict(state.outcomes) | ({token.node: outcome} if outcome else {})
    gone = replace(state, tokens=tuple(one for one in state.tokens if one != token), outcomes=outcomes)
    after = _moved(flow, gone, (token,), walk(flow, token.node, decide, budget), before)
    return _advance(state, _joined(flow, after, decide, budget))


def _advance(before: RunState, after: RunState) -> Advance:
    was, now = set(before.held), set(after.held)
    return Advance(
        after,
        tuple(token for token in after.held if token not in was),
        tuple(token for token in before.held if token not in now),
    )


def _moved(
    flow: WalkingFlow, state: RunState, consumed: tuple[RunToken, ...], walked: Walk, before: str | None = None
) -> RunState:
    """``state``: without what was consumed."""
    born = tuple(
        RunToken(number, one.node, one.edge) for number, one in enumerate(walked.landings, start=state.next_id)
    )
    move = Move(consumed, tuple(token.id for token in born), before)
    ends = [node for name in walked.ends if isinstance(node := flow.node(name), EndNode)]
    tokens = (*state.tokens, *born)
    if any(node.terminates or node.is_refused for node in ends):
        tokens = ()
    if len(tokens) > MOST_TOKENS:
        message = f"流程同时有超过 {MOST_TOKENS} 个分支，已经停下。请检查分支的循环。"
        raise RunStuck(consumed[0].node, message)
    ending: Ending = "" if tokens else "refused" if any(node.is_refused for node in ends) else "finished"
    return replace(
        state,
        tokens=tokens,
        moves=(*state.moves, move)[-MOST_KEPT:],
        next_id=state.next_id + len(born),
        ending=ending,
    )


def _joined(flow: WalkingFlow, state: RunState, decide: Decide, budget: MoveBudget) -> RunState:
    """Let every join go on that waits for nobody any more."""
    while state.tokens and (ready := next(_ready_joins(flow, state), None)):
        name, arrived = ready
        left = replace(state, tokens=tuple(token for token in state.tokens if token not in arrived))
        state = _moved(flow, left, arrived, walk(flow, name, decide, budget))
    return state


def _ready_joins(flow: WalkingFlow, state: RunState) -> Iterator[tuple[str, tuple[RunToken, ...]]]:
    for join in flow.joins:
        first: dict[str, RunToken] = {}
        for token in state.tokens:
            if token.edge and token.node == join.name:
                first.setdefault(token.edge, token)
        if not first:
            continue
        missing = {edge.name for edge in flow.definition.ways_in[join.name]} - set(first)
        if join.type == "parallel":
            waits = bool(missing)
        else:
            waits = any(
                ahead & missing and not ahead & set(first)
                for token in state.tokens
                if token.node != join.name
                for ahead in (flow.reachable(token.node, join.name),)
            )
        if not waits:
            yield join.name, tuple(first.values())


def earlier(flow: WalkingFlow, state: RunState, token_id: int) -> tuple[RunToken, ...]:
    """The steps that this token's way has come through, the last one first; of a step that was done several times, the
    last time. What is too old to go back to is not among them."""
    behind: dict[str, RunToken] = {}
    wanted = {token_id}
    for move in reversed(state.moves):
        if not wanted.isdisjoint(move.produced):
            wanted |= {token.id for token in move.consumed}
            acted = move.consumed[0]
            if not acted.edge and flow.node(acted.node).type in {"start", "step"}:
                behind.setdefault(acted.node, acted)
    return tuple(behind.values())


def undone_by(flow: WalkingFlow, state: RunState, visit: int) -> tuple[RunToken, ...]:
    """The held tokens that would be done again, or come anew, if the run went back to that visit; without itself."""
    undone, _, _ = _consequences(flow, state, visit)
    return tuple(move.consumed[0] for move in undone if not move.consumed[0].edge and move.consumed[0].id != visit)


def go_back(flow: WalkingFlow, state: RunState, visit: int) -> Advance:
    """Go back to an earlier visit of a step: all that came of it is taken away, in every branch; what other branches
    have done stays done. Raises LookupError for a visit that is not kept, or that nothing has come of yet."""
    undone, gone, restored = _consequences(flow, state, visit)
    if not undone:
        message = f"nothing has come of token {visit}"
        raise LookupError(message)
    outcomes = dict(state.outcomes)
    for move in reversed(undone):
        node = move.consumed[0].node
        if move.before is None:
            outcomes.pop(node, None)
        else:
            outcomes[node] = move.before
    again = next(token for token in restored if token.id == visit)
    tokens = [token for token in state.tokens if token.id not in gone]
    tokens += [token for token in restored if token.id != visit]
    after = replace(
        state,
        tokens=(*tokens, replace(again, id=state.next_id)),
        moves=_renamed((move for move in state.moves if move not in undone), visit, state.next_id),
        outcomes=outcomes,
        next_id=state.next_id + 1,
    )
    return _advance(state, after)


def _renamed(moves: Iterable[Move], old: int, new: int) -> tuple[Move, ...]:
    """The move that led to the step leads to its new token."""
    return tuple(replace(move, produced=tuple(new if one == old else one for one in move.produced)) for move in moves)


def _consequences(flow: WalkingFlow, state: RunState, visit: int) -> tuple[list[Move], set[int], list[RunToken]]:
    """The moves that came of a visit, the tokens that they produced, and those that they had consumed and not produced.

    An inclusive join that went on without waiting any longer went on because of every move that could have led to it.
    """
    undone: list[Move] = []
    gone: set[int] = set()
    for move in state.moves:
        first = move.consumed[0]
        of_it = any(token.id == visit or token.id in gone for token in move.consumed)
        is_inclusive = bool(first.edge) and flow.node(first.node).type == "inclusive"
        if not of_it and is_inclusive:
            of_it = any(flow.reachable(one.consumed[0].node, first.node) for one in undone)
        if of_it:
            undone.append(move)
            gone.update(move.produced)
    restored = [token for move in undone for token in move.consumed if token.id not in gone]
    return undone, gone, restored


def end(state: RunState, ending: Ending = "refused") -> Advance:
    """End every branch at once."""
    return _advance(state, replace(state, tokens=(), ending=ending))


def jump(flow: WalkingFlow, state: RunState, node: str, *, instead_of: Collection[int] = ()) -> Advance:
    """Put a token at this node instead of those (empty: of all). Raises RunStuck where some join would then wait for
    ever."""
    replaced = tuple(token for token in state.tokens if not instead_of or token.id in instead_of)
    left = tuple(token for token in state.tokens if token not in replaced)
    token = RunToken(state.next_id, node)
    after = replace(
        state,
        tokens=(*left, token),
        moves=(*state.moves, Move(replaced, (token.id,)))[-MOST_KEPT:] if replaced else state.moves,
        next_id=state.next_id + 1,
        ending="",
    )
    check_goes_on(flow, [(one.node, one.edge) for one in after.tokens])
    return _advance(state, after)


def moved_to(flow: WalkingFlow, state: RunState, places: Mapping[str, str]) -> RunState:
    """A state carried to another version of the flow; ``places``: a node of the new one for a step that it lacks. The
    moves stay where all their steps are still there: else the run cannot go back behind this.

    Raises RunStuck for a step that is neither there nor given a place, or where some join would wait for ever.
    """
    known, edges = flow.definition.named_nodes, {edge.name: edge.target for edge in flow.definition.edges}
    tokens = []
    for token in state.tokens:
        node = places.get(token.node, token.node)
        if node not in known or (token.edge and edges.get(token.edge) != node):
            raise RunStuck(token.node, "新版本里没有现在所在的环节，请先选好它在新版本里对应哪个环节。")
        tokens.append(replace(token, node=node))
    check_goes_on(flow, [(one.node, one.edge) for one in tokens])
    named = {token.node for move in state.moves for token in move.consumed}
    return replace(state, tokens=tuple(tokens), moves=state.moves if named <= set(known) and not places else ())
