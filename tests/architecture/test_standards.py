"""Standards hold everywhere: they know no row, no setting and no app, and docs/standards.md names each of them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.architecture.sources import tree_of
from tests.named_tests import is_test
from tests.standards.held import HELD
from tests.strays import Strays

ROOT = Path(__file__).resolve().parents[2]
STANDARDS = ROOT / "platform/standards"
# of Django: names and labels of closed lists, escaping
ALLOWED = {
    ("django.db.models", "IntegerChoices"),
    ("django.db.models", "TextChoices"),
    ("django.utils.html", "escape"),
    ("django.utils.safestring", "SafeString"),
}
# of the foundation: what holds no row either
PURE = {
    *("foundation.errors", "foundation.interchange", "foundation.text_encoding", "foundation.texts"),
    "foundation.workbooks",
    # what a damaged ZIP file raises
    "foundation.zip_faults",
    # a process of its own for what people sent
    "foundation.confinement",
    # texts into texts with stars
    "foundation.masking",
    # what pydantic found, in Chinese
    "foundation.schema_faults",
    # writes what it is given
    "foundation.paper.forms",
}
# of the apps: where the province's own scheme of codes is put in, and files that name no local code
CHECKING = {"platform/province/catalogue/queries/checks.py", "platform/province/catalogue/base_list/reading.py"}


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", one.name) for one in node.names)


class TestStandard:
    def test_knows_no_model_and_no_setting(self) -> None:
        strays = [
            f"{path.relative_to(ROOT)}: {module} {name}"
            for path in sorted(STANDARDS.rglob("*.py"))
            for module, name in _imports(path)
            if (module.split(".")[0] == "django" and (module, name) not in ALLOWED)
            or (module.split(".")[0] == "foundation" and module not in PURE)
        ]
        assert strays == []

    def test_is_checked_by_the_province_s_own_scheme_wherever_an_app_checks(self) -> None:
        """``standards.items.check`` knows no local codes unless it is told how a province builds them."""
        strays = [
            f"{path.relative_to(ROOT)}: {name}"
            for folder in ("platform/province", "tenants", "provisioning", "config")
            for path in sorted((ROOT / folder).rglob("*.py"))
            if str(path.relative_to(ROOT)) not in CHECKING
            for module, name in _imports(path)
            if module in {"standards.items", "standards.items.check"} and name in {"check", "fitting"}
        ]
        assert strays == []


class TestStandardsPage:
    def test_names_modules_that_exist(self) -> None:
        page = (ROOT / "docs/standards.md").read_text(encoding="utf-8")
        named = set(re.findall(r"`(standards(?:\.\w+)+)`", page))
        gone = sorted(one for one in named if not _is_module(one))
        assert named
        assert gone == []

    def test_names_every_package_and_every_kind_of_number(self) -> None:
        page = (ROOT / "docs/standards.md").read_text(encoding="utf-8")
        packages = [path.parent for path in STANDARDS.rglob("__init__.py") if path.parent != STANDARDS]
        modules = [path.with_suffix("") for path in (STANDARDS / "numbers").glob("[!_]*.py")]
        dotted = [".".join(path.relative_to(STANDARDS.parent).parts) for path in (*packages, *modules)]
        assert sorted(one for one in dotted if f"`{one}`" not in page) == []

    def test_names_for_every_standard_tests_that_are_there_and_ask_its_module(self) -> None:
        with Strays(least=25) as strays:
            for words, modules, tests in HELD:
                with strays.of(words):
                    named = [f"tests/{one}" for one in tests]
                    assert [one for one in named if not is_test(one)] == []
                    asked = {name for one in named for name in _asked_in(one.partition("::")[0])}
                    for module in modules:
                        assert any(f"{name}.".startswith(f"{module}.") for name in asked), module


@cache
def _asked_in(path: str) -> frozenset[str]:
    """Modules whose names a test file imports, each where it was defined: packages hand out what their modules make."""
    found = set()
    for module, name in _imports(ROOT / path):
        if module.partition(".")[0] in {"standards", "province"}:
            one = getattr(import_module(module), name, None)
            found |= {module, getattr(one, "__module__", None) or f"{module}.{name}"}
    return frozenset(found)


def _is_module(dotted: str) -> bool:
    place = STANDARDS.parent.joinpath(*dotted.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()
