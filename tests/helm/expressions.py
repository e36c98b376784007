"""What alerts and panels ask Prometheus for."""

import json
from collections.abc import Iterator

import promql_parser

from tests.helm.alert_cases import alerts
from tests.helm.rendering import CHART, NAMESPACE, Tree


def dashboard() -> Tree:
    found: Tree = json.loads((CHART / "files" / "dashboard.json").read_text(encoding="utf-8"))
    return found


def expressions() -> Iterator[str]:
    yield from (one["expr"] for one in alerts())
    for panel in dashboard()["panels"]:
        yield from (one["expr"].replace("$namespace", NAMESPACE) for one in panel["targets"])


def selectors(expression: str) -> set[str]:
    """The series that it names, each with the labels that must have one value. Where a pattern is asked for, what
    fits may not have happened yet."""
    return set(_selectors(promql_parser.parse(expression)))


def _selectors(node: object) -> Iterator[str]:
    if isinstance(node, promql_parser.VectorSelector):
        exact = [one for one in node.matchers.matchers if one.op == promql_parser.MatchOp.Equal]
        yield f"{node.name}{{{','.join(f'{one.name}="{one.value}"' for one in exact)}}}"
    for name in ("expr", "lhs", "rhs", "vector_selector", "args"):
        below = getattr(node, name, None)
        for one in below if isinstance(below, list) else [below] if below is not None else []:
            yield from _selectors(one)
