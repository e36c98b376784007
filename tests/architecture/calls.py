"""Which function of ours names which: what tests ask who follow a call through the whole program."""

import ast
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, reading_many, tree_of

SOURCES = {"province": ROOT / "platform", "foundation": ROOT / "platform", "tenants": ROOT, "provisioning": ROOT}


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    # a name in this module -> what it stands for
    imported: dict[str, str] = field(default_factory=dict)


@cache
def modules() -> dict[str, Module]:
    found = {}
    with reading_many():
        for package, source in SOURCES.items():
            for path in (source / package).rglob("*.py"):
                if "migrations" in path.parts:
                    continue
                parts = path.relative_to(source).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found[name] = _read(name, path)
    return found


def _read(name: str, path: Path) -> Module:
    tree = tree_of(path)
    module = Module(name, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imported.update({one.asname or one.name: f"{node.module}.{one.name}" for one in node.names})
        elif isinstance(node, ast.Import):
            module.imported.update({one.asname: one.name for one in node.names if one.asname})
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    module.functions[f"{node.name}.{method.name}"] = method
    return module


def settled(name: str) -> str:
    """The full name of what a package hands on under another one."""
    module, _, what = name.rpartition(".")
    seen = {name}
    while (here := modules().get(module)) and what not in here.functions and what in here.imported:
        name = here.imported[what]
        if name in seen:
            break
        seen.add(name)
        module, _, what = name.rpartition(".")
    return name


def called(module: Module, function: ast.AST) -> Iterator[str]:
    """Full names of what the function names: calls, and functions that it hands on (``partial``, a table of acts)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if node.id in module.functions:
                yield f"{module.name}.{node.id}"
            elif node.id in module.imported:
                yield settled(module.imported[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = node.value.id
            if owner in module.imported:
                yield settled(f"{module.imported[owner]}.{node.attr}")
            elif owner in {"self", "cls"}:
                yield from (f"{module.name}.{name}" for name in module.functions if name.endswith(f".{node.attr}"))


@cache
def _called_by(name: str) -> frozenset[str]:
    """Full names of what this function of ours names; nothing for any other."""
    owner, _, what = name.rpartition(".")
    module = modules().get(owner)
    if module is None or what not in module.functions:
        # a method: its module stands two names up
        owner, _, cls = owner.rpartition(".")
        what, module = f"{cls}.{what}", modules().get(owner)
    return frozenset(called(module, module.functions[what])) if module and what in module.functions else frozenset()


def everything_within(names: Iterable[str], *, up_to: Container[str] = ()) -> set[str]:
    """Full names of all that these functions come to, through whatever they call of ours, and their own. What
    functions of ``up_to`` call in turn is left out."""
    seen: set[str] = set()
    to_see = list(names)
    while to_see:
        one = to_see.pop()
        if one in seen:
            continue
        seen.add(one)
        if one not in up_to:
            to_see.extend(_called_by(one))
    return seen


@cache
def operations() -> list[str]:
    """Every public function with ``by`` that may change something."""
    return sorted(
        f"{module.name}.{name}"
        for module in modules().values()
        if "operations" in module.name.split(".") or module.name.startswith("provisioning.")
        if not module.name.startswith(("provisioning.views", "provisioning.api", "provisioning.queries"))
        for name, function in module.functions.items()
        if not name.startswith("_") and "." not in name
        if "by" in {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
    )
