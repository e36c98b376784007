"""The program's own source files, as tests of the walls read them."""

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("config", "platform", "provisioning", "tenants")
# from the ground up: a room knows those before it
ROOMS = (
    *("foundation", "standards"),
    *("province.audit", "province.rights", "province.console", "province.halls", "province.people"),
    *("province.sign_in", "province.citizens", "province.workdays", "province.messaging", "province.content"),
    *("province.designers", "province.catalogue", "province.opinion", "province.registries"),
    *(
        "province.document_templates",
        "province.cases",
        "province.satisfaction",
        "province.search",
        "province.front",
        "tenants.shell",
        "tenants.citizen_pages",
        "tenants.portal",
    ),
    *("tenants.documents", "tenants.licences", "tenants.workflow", "tenants.duty", "tenants.services"),
    *(
        "tenants.engagement",
        "tenants.assistance",
        "tenants.casework",
        "tenants.fees",
        "tenants.ratings",
        "tenants.lower_halls",
    ),
    *("provisioning", "config"),
)


@dataclass(frozen=True)
class Source:
    """``module``: dotted; ``room``: ``province.content``; ``part``: ``queries``, ``views`` …, "" directly in a room."""

    path: Path
    module: str
    room: str
    part: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree, in the order of ``ast.walk``."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """Every string constant but docstrings, with its line."""
        documents = {
            id(node.body[0].value)
            for node in self.nodes
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        return tuple(
            (node.lineno, node.value)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
        )


@cache
def tree_of(path: Path) -> ast.Module:
    """The file's tree: every test that reads it gets this one, and leaves it as it is."""
    return ast.parse(path.read_text(encoding="utf-8"))


@contextmanager
def reading_many() -> Iterator[None]:
    """Millions of nodes stay to the end: the collector is neither to walk through them now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def sources() -> tuple[Source, ...]:
    """Every module of the program but its migrations."""
    with reading_many():
        return tuple(_read())


def _read() -> Iterator[Source]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            parts = parts[1:] if parts[0] == "platform" else parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            length = 2 if parts[0] in {"province", "tenants"} else 1
            room = ".".join(parts[:length])
            part = parts[length] if len(parts) > length else ""
            yield Source(path, ".".join(parts), room, part, tree_of(path))


def height(room: str) -> int:
    """How high a room stands; -1 for what is none (``province`` itself)."""
    return ROOMS.index(room) if room in ROOMS else -1
