"""What pages ask a fresh proof for, the API asks it for, too, and the other way round."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

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
    """What the function names, also by way of others of its module; ``operations.x`` of a module counts as ``x``. A
    variable of its own is no function, whatever it is called."""
    own = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(function):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if not name:
            continue
        yield name
        if name in functions and name not in seen | own:
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
            # what others of the module call is told with those
            if (part == "api" and not function.decorator_list) or name.startswith("_"):
                continue
            names = set(_names(function, functions, {name}))
            operations = {imported[one] for one in names if one in imported}
            operations |= {f"{app}.operations.{one}" for one in names if "operations" in names}
            found.append((f"{source.module}.{name}", bool(names & _PROOFS), frozenset(operations)))
    return found


def dangerous(part: str) -> set[str]:
    """Operations that pages (or the API) carry out only after a fresh proof."""
    asked = {one for _, is_asked, operations in _doors(part) if is_asked for one in operations}
    return asked - _ASKED_FOR_ANOTHER_ACT


class TestProof:
    @pytest.mark.parametrize(("asks", "follows"), [("views", "api"), ("api", "views")])
    def test_is_asked_by_pages_and_the_api_alike(self, asks: str, follows: str) -> None:
        asked = dangerous(asks)
        strays = [
            f"{where} carries out {sorted(operations & asked)} without require_fresh"
            for where, is_asked, operations in _doors(follows)
            if not is_asked and operations & asked
        ]
        assert not strays, "\n".join(strays)

    @pytest.mark.parametrize("part", ["views", "api"])
    def test_knows_the_acts_that_it_is_asked_for(self, part: str) -> None:
        known = {"people.operations.give_position", "catalogue.operations.confirm_pause"}
        assert known | {"sign_in.operations.issue_token"} <= dangerous(part)
