"""Tests that documents name as ``path::Class::method``."""

import ast
from functools import cache

from tests.architecture.sources import ROOT, tree_of


@cache
def named_in(path: str) -> frozenset[str]:
    """``path::Class::method`` of every test in a file, and the file itself. Empty where there is no such file."""
    if not (ROOT / path).is_file():
        return frozenset()
    return frozenset(
        f"{path}::{one.name}::{method.name}"
        for one in tree_of(ROOT / path).body
        if isinstance(one, ast.ClassDef)
        for method in one.body
        if isinstance(method, ast.FunctionDef)
    ) | {path}


def is_test(name: str) -> bool:
    """Whether there is a test of this name, ``path::Class::method``: a file alone tells nobody which would fail."""
    return "::test_" in name and name in named_in(name.partition("::")[0])
