"""What several web threads share: a module's own dict or list that a request changes is read half-made by another."""

import ast
from functools import cache

from tests.architecture.sources import Source, sources

_CHANGES = {
    *("add", "append", "clear", "discard", "extend", "insert", "move_to_end", "pop", "popitem", "remove"),
    *("setdefault", "update"),
}
_FILLED_AT_START = "a registry: filled while the program starts, only read afterwards"
# (module, name) → why requests cannot meet there
ALLOWED = {
    ("config.environment", "known"): _FILLED_AT_START,
    ("config.environment", "_demanded"): _FILLED_AT_START,
    ("foundation.crypto.versions", "_noted"): "setdefault of one key: both threads write the same value",
    ("foundation.files.keys", "_finders"): _FILLED_AT_START,
    ("foundation.crypto.versions", "_written"): "by connection, which one thread alone has; setdefault of one key",
    ("foundation.sealing.keys", "_known"): "by connection, which one thread alone has; setdefault of one key",
    ("foundation.sealing.keys", "_written"): "by connection, which one thread alone has; setdefault of one key",
    ("foundation.full_text.indexes", "INDEXES"): _FILLED_AT_START,
    ("foundation.limits", "_away_until"): "a time: the later of two writers wins, and either is right",
    ("tenants.services.queries.hall_guides", "_read"): "changed under a lock; a reader keeps what it has found",
    ("tenants.services.queries.whole_guides", "_known"): "changed under a lock; a reader keeps what it has found",
    ("province.catalogue.queries.search.speech", "_kept"): "one whole object put in its place at once, with its mark",
    ("province.catalogue.queries.extra_elements", "_kept"): "one whole object put in its place at once, with its mark",
    ("standards.items.live", "_readers"): _FILLED_AT_START,
    ("province.workdays.queries.calendars", "_kept"): "one whole object put in its place at once, with its mark",
    ("province.rights.permissions", "PERMISSIONS"): _FILLED_AT_START,
    ("provisioning.rollouts", "_works"): _FILLED_AT_START,
}


def changed_names(source: Source) -> set[str]:
    """Names of the module that one of its functions changes in place or binds anew."""
    own = set[str]()
    for node in source.tree.body:
        if isinstance(node, ast.Assign):
            own |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            own.add(node.target.id)
    found = set[str]()
    for function in source.nodes:
        if isinstance(function, ast.FunctionDef):
            local = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
            found |= {name for node in ast.walk(function) for name in _changed_by(node) if name not in local}
    return found & own


def _changed_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Global):
        return node.names
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
        return [node.func.value.id] if isinstance(node.func.value, ast.Name) else []
    targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else []
    return [one.value.id for one in targets if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Name)]


@cache
def changed() -> frozenset[tuple[str, str]]:
    return frozenset((source.module, name) for source in sources() for name in changed_names(source))


class TestModule:
    def test_shares_no_state_that_requests_change(self) -> None:
        assert sorted(changed() - ALLOWED.keys()) == []

    def test_is_excused_only_where_it_needs_to_be(self) -> None:
        assert sorted(ALLOWED.keys() - changed()) == []
