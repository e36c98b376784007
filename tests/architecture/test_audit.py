"""Whatever changes something for somebody leaves an entry, and every act has a Chinese name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from province.audit.queries.acts import all_acts, all_objects

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {"province": ROOT / "platform", "foundation": ROOT / "platform", "tenants": ROOT, "provisioning": ROOT}
RECORD = "province.audit.operations.entries.record_act"

# public functions that take ``by=`` and rightly leave no entry, each with its reason
WITHOUT_ENTRY = {
    "province.content.operations.manuscripts.lock_manuscript": "says who is typing; it ends by itself",
    "province.content.operations.manuscripts.unlock_manuscript": "the same",
    "tenants.portal.operations.articles.lock_article": "the same",
    "province.content.operations.manuscripts.lock_row": "holds the row for the operation that asks; changes nothing",
    "tenants.portal.operations.articles.locked_article": "the same",
    "province.catalogue.operations.drafts.lock_item": "the same",
    "province.people.operations.positions.check_may_give": "only checks",
    "province.people.operations.positions.check_may_take": "only checks",
    "tenants.portal.operations.figures.require_in_hall": "only checks",
    "province.halls.operations.domains.check_domains": "notes what was measured, as the clock does every five minutes",
    "tenants.engagement.operations.answering.save_reply_draft": "what is being written; what is sent leaves an entry",
    "tenants.engagement.operations.rows.lock_question": "holds the row for the operation that asks; changes nothing",
    "tenants.engagement.operations.rows.add_message": "part of operations that leave one",
    "province.citizens.operations.mandates.send_mandate_code": "sends again; what the code confirms leaves an entry",
    "province.content.operations.outside_proofs.add_outside_rows": "the seal that ends the proof covers every row",
    "provisioning.verify.verify_halls": "only reads",
}


@dataclass(frozen=True)
class Module:
    name: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    # a name in this module -> what it stands for
    imported: dict[str, str] = field(default_factory=dict)


@cache
def modules() -> dict[str, Module]:
    found = {}
    for package, source in SOURCES.items():
        for path in (source / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(source).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = _read(name, path)
    return found


def _read(name: str, path: Path) -> Module:
    module = Module(name)
    tree = ast.parse(path.read_text(encoding="utf-8"))
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


def _called(module: Module, function: ast.FunctionDef) -> Iterator[str]:
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
def leaves_entry(name: str) -> bool:
    """Whether an entry is within reach of this function, through whatever it calls of ours."""
    seen, to_see = set(), [name]
    while to_see:
        one = to_see.pop()
        if one == RECORD:
            return True
        if one in seen:
            continue
        seen.add(one)
        owner, _, what = one.rpartition(".")
        module = modules().get(owner)
        if module is None or what not in module.functions:
            # a method: its module stands two names up
            owner, _, cls = owner.rpartition(".")
            what, module = f"{cls}.{what}", modules().get(owner)
        if module and what in module.functions:
            to_see.extend(_called(module, module.functions[what]))
    return False


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


def _is_act(text: str) -> bool:
    return re.fullmatch(r"[a-z]+\.[a-z_]+", text) is not None


def recorded_acts() -> dict[str, str]:
    """Act -> where: whatever is handed to a function that leaves an entry and looks like an act."""
    found = {}
    for module in modules().values():
        for function in module.functions.values():
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(call.func, "id", "")
                callee = f"{module.name}.{name}" if name in module.functions else module.imported.get(name, "")
                if not name or not leaves_entry(settled(callee)):
                    continue
                for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and _is_act(part.value):
                            found[part.value] = f"{module.name}:{call.lineno}"
    return found


def recorded_objects() -> dict[str, str]:
    """``object_type`` -> where."""
    return {
        keyword.value.value: f"{module.name}:{call.lineno}"
        for module in modules().values()
        for function in module.functions.values()
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "object_type" and isinstance(keyword.value, ast.Constant)
        if isinstance(keyword.value.value, str)
    }


class TestOperation:
    def test_are_found(self) -> None:
        assert len(operations()) > 60

    def test_leaves_an_entry(self) -> None:
        silent = [name for name in operations() if name not in WITHOUT_ENTRY and not leaves_entry(name)]
        assert silent == [], "these take `by` and never come to record_act"

    def test_is_excused_only_where_it_exists_and_needs_to(self) -> None:
        assert [name for name in WITHOUT_ENTRY if name not in operations() or leaves_entry(name)] == []


class TestAct:
    def test_has_a_chinese_name(self) -> None:
        acts = recorded_acts()
        assert len(acts) > 50
        assert {act: where for act, where in acts.items() if act not in all_acts()} == {}

    def test_is_done_to_something_with_a_chinese_name(self) -> None:
        objects = recorded_objects()
        assert {kind: where for kind, where in objects.items() if kind not in all_objects()} == {}

    def test_is_shown_by_no_code_name(self) -> None:
        assert [label for label in (*all_acts().values(), *all_objects().values()) if label.isascii()] == []
