"""Walls that no import contract can hold."""

import re
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
# ``access``: which person a request comes from, for the pages of upper apps
FACES = {"operations", "queries", "events", "models", "states", "access"}
# more than that, each with its decision record (0009, 0012, 0087, 0102)
WIDER_FACES = {
    # no rows: what upper apps know of rights stands in these modules
    "province.rights": {"actors", "permissions", "roles"},
    "province.catalogue": {"forms", "slots"},
    # what apps contribute to, and the layouts of their pages (0015)
    "province.console": {"addresses", "slots"},
    "province.designers": {"forms", "schemas", "slots"},
    "province.citizens": {"slots"},
    "province.workdays": {"slots"},
    "province.cases": {"slots"},
    "province.halls": {"slots"},
    "province.messaging": {"slots"},
    "province.document_templates": {"slots"},
    "tenants.shell": {"slots", "layouts", "subscribers"},
    "tenants.services": {"slots"},
    "tenants.engagement": {"slots"},
    "tenants.casework": {"slots"},
    "tenants.workflow": {"forms", "slots"},
    "tenants.documents": {"slots"},
    "tenants.licences": {"slots"},
}
# named by design.md: what an app may consist of
MODULES = {
    *("models", "states", "queries", "operations", "forms", "schemas", "views", "api", "tasks", "urls", "apps"),
    *("access", "events", "migrations", "templatetags"),
    # how apps take part in each other's pages (0015)
    *("slots", "layouts", "contribution"),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("foundation", "standards", "province", "tenants", "provisioning", "config", cache_dir=None)


def _app_of(module: str) -> str | None:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in {"province", "tenants"} and len(parts) > 2 else None


class TestPlatform:
    def test_is_a_source_root_and_no_package(self) -> None:
        assert list((ROOT / "platform").glob("*.py")) == []

    def test_stays_guarded_by_ruff(self) -> None:
        """With ``src`` set, A005 would no longer see a package that shadows the standard library."""
        ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
        assert "src" not in ruff
        assert ruff["lint"]["select"] == ["ALL"]


class TestAppFace:
    def test_is_all_that_other_apps_import(self, graph: grimp.ImportGraph) -> None:
        strays = []
        for module in graph.modules:
            importer = _app_of(module)
            if importer is None:
                continue
            for imported in graph.find_modules_directly_imported_by(module):
                owner = _app_of(imported)
                if owner is None or owner == importer:
                    continue
                if imported.split(".")[2] not in FACES | WIDER_FACES.get(owner, set()):
                    strays.append(f"{module} -> {imported}")
        assert strays == []


class TestAppFolder:
    def test_uses_the_house_names(self) -> None:
        apps = [path.parent for path in (*ROOT.glob("platform/province/*/apps.py"), *ROOT.glob("tenants/*/apps.py"))]
        strays = [
            str(entry.relative_to(ROOT))
            for app in apps
            for entry in app.iterdir()
            if (entry.suffix == ".py" and entry.stem not in MODULES | {"__init__"})
            or (entry.is_dir() and entry.name not in MODULES | {"templates", "static", "__pycache__"})
        ]
        allowed = {
            # rooms of their own, each with its decision record
            "tenants/shell/page_cache.py",
            "tenants/shell/subscribers.py",
            "platform/province/console/addresses.py",
            "platform/province/rights/actors.py",
            "platform/province/rights/permissions.py",
            "platform/province/rights/roles.py",
            "platform/province/catalogue/base_list",
            "platform/province/content/connectors",
            "platform/province/citizens/connectors",
            "platform/province/content/looking",
        }
        assert sorted(set(strays) - allowed) == []


class TestSourceFile:
    def test_is_no_longer_than_a_page_can_hold(self) -> None:
        """About 400 lines; beyond it a file is split by noun."""
        folders = ("config", "platform", "tenants", "provisioning")
        longest = {
            str(path.relative_to(ROOT)): lines
            for folder in folders
            for path in (ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 420
        }
        assert longest == {}


class TestJourney:
    def test_waits_for_what_it_looks_at(self) -> None:
        """``is_visible()`` and ``count()`` answer at once, before a slow machine has drawn the next page."""
        hasty = re.compile(r"assert (?!.*objects).*\.(is_visible|is_hidden|count)\(\)")
        strays = [
            f"{path.name}:{number}"
            for path in sorted((ROOT / "tests/journeys").glob("*.py"))
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if hasty.search(line)
        ]
        assert strays == []
