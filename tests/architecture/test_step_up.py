"""What pages ask a fresh proof for, the API asks it for, too."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.sources import Source, sources

_PROOFS = {"require_fresh", "require_fresh_citizen"}
# called by views that ask for a proof, but not for these acts
_ASKED_FOR_ANOTHER_ACT = {
    # of a hall's states the end alone
    "halls.operations.open_hall",
    "halls.operations.go_live",
    "halls.operations.suspend_hall",
    "halls.operations.resume_hall",
}


def _imported(source: Source) -> dict[str, str]:
    """Name in the module -> the operation that it is, like ``people.operations.give_position``: the app and the
    function, whichever file of the app's operations it stands in."""
    found = {}
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module and ".operations" in f".{node.module}":
            app = node.module.partition(".operations")[0].rpartition(".")[2]
            found |= {one.asname or one.name: f"{app}.operations.{one.name}" for one in node.names}
    return found


def _functions(source: Source) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}


def _names(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """What the function names, also by way of others of its module; ``operations.x`` of a module counts as ``x``."""
    for node in ast.walk(function):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if not name:
            continue
        yield name
        if name in functions and name not in seen:
            seen.add(name)
            yield from _names(functions[name], functions, seen)


@cache
def _doors(part: str) -> list[tuple[str, bool, frozenset[str]]]:
    """Each function of all views (or of all APIs): what it is, whether it asks for a proof, and its operations."""
    found = []
    for source in sources():
        if source.part != part:
            continue
        imported, functions = _imported(source), _functions(source)
        app = source.room.rpartition(".")[2]
        for name, function in functions.items():
            if part == "api" and not function.decorator_list:
                continue
            names = set(_names(function, functions, {name}))
            operations = {imported[one] for one in names if one in imported}
            operations |= {f"{app}.operations.{one}" for one in names if "operations" in names}
            found.append((f"{source.module}.{name}", bool(names & _PROOFS), frozenset(operations)))
    return found


def dangerous() -> set[str]:
    """Operations that pages carry out only after a fresh proof."""
    asked = {one for _, is_asked, operations in _doors("views") if is_asked for one in operations}
    return asked - _ASKED_FOR_ANOTHER_ACT


class TestProof:
    def test_is_asked_by_the_api_for_what_pages_ask_it_for(self) -> None:
        asked = dangerous()
        strays = [
            f"{where} carries out {sorted(operations & asked)} without require_fresh"
            for where, is_asked, operations in _doors("api")
            if not is_asked and operations & asked
        ]
        assert not strays, "\n".join(strays)

    def test_knows_the_acts_that_pages_ask_it_for(self) -> None:
        assert {"people.operations.give_position", "catalogue.operations.confirm_pause"} <= dangerous()
        assert sum(is_asked for _, is_asked, _ in _doors("api")) >= 2
