"""What apps contribute leads somewhere, and the two shells know nothing of the apps above them (0015)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, reverse
from django.utils.module_loading import module_has_submodule

from province.console.slots import FIRST_STEPS, NAVIGATION, OVERVIEW, SEARCH, SUBPAGES
from province.rights.permissions import PERMISSIONS
from tenants.shell.queries.apps import absent_apps
from tenants.shell.slots import CITIZENS, DESK, DESK_OVERVIEW, DESK_SEARCH, SITE_SEARCH

ROOT = Path(__file__).resolve().parents[2]
OURS = ("foundation.", "province.", "tenants.", "provisioning")
PATTERNS = ("shared_patterns", "province_patterns", "hall_patterns")
SHELLS = {"console": ROOT / "platform/province/console", "shell": ROOT / "tenants/shell"}
# apps whose routes and templates a shell may name: its own and those below it
BELOW = {
    "console": {"console", "rights", "audit", "design"},
    "shell": {
        *("shell", "console", "rights", "audit", "design", "halls"),
        *("people", "sign_in", "citizens", "content", "catalogue"),
    },
}
_ROUTE = re.compile(r"""\{% url ['"]([\w-]+)['"]|\b(?:reverse|redirect)\(\s*['"]([\w-]+)['"]""")
_TEMPLATE = re.compile(r"""['"]([a-z_]+)/[\w/]+\.(?:html|xml|js)(?:#\w+)?['"]""")


def _url_modules() -> Iterator[tuple[str, Any]]:
    for config in apps.get_app_configs():
        if config.name.startswith(OURS) and config.module and module_has_submodule(config.module, "urls"):
            yield config.label, import_module(f"{config.name}.urls")


def _names(patterns: list[Any]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield one.name or ""
        else:
            yield from _names(one.url_patterns)


def _routes_of(labels: set[str]) -> set[str]:
    return {
        name
        for label, module in _url_modules()
        if label in labels
        for patterns in PATTERNS
        for name in _names(getattr(module, patterns, []))
    }


def _sources(shell: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(SHELLS[shell].rglob("*")):
        if path.suffix in {".py", ".html", ".xml", ".js"} and "static" not in path.parts:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


class TestUrls:
    def test_say_at_which_hosts_they_are(self) -> None:
        """``urlpatterns``, as Django has it elsewhere, is read by nobody here."""
        strays = [label for label, module in _url_modules() if hasattr(module, "urlpatterns")]
        assert strays == []
        assert all(any(hasattr(module, name) for name in PATTERNS) for _, module in _url_modules())


@pytest.mark.parametrize("shell", SHELLS)
class TestShell:
    def test_names_no_route_of_an_app_above_it(self, shell: str) -> None:
        known = _routes_of(BELOW[shell])
        named = [
            (path, one) for path, text in _sources(shell) for found in _ROUTE.findall(text) for one in found if one
        ]
        assert len(named) > 3
        assert [f"{path}: {name}" for path, name in named if name not in known] == []

    def test_uses_no_template_of_an_app_above_it(self, shell: str) -> None:
        named = [(path, one) for path, text in _sources(shell) for one in _TEMPLATE.findall(text)]
        assert len(named) > 5
        labels = {config.label for config in apps.get_app_configs()}
        assert [f"{path}: {one}" for path, one in named if one in labels - BELOW[shell]] == []


class TestContributedRoute:
    def test_is_there_at_the_console(self) -> None:
        names = [one.route for one in (*NAVIGATION.entries(), *SUBPAGES.entries(), *FIRST_STEPS.entries())]
        names += [one.of for one in SUBPAGES.entries()]
        assert len(names) > 15
        assert all(reverse(name, urlconf=settings.ROOT_URLCONF) for name in names)

    @pytest.mark.parametrize("kind", settings.HALL_APPS)
    def test_is_there_at_halls(self, kind: str) -> None:
        absent = absent_apps(kind)
        names = [one.route for one in DESK.entries(without=absent)]
        assert len(SITE_SEARCH.entries(without=absent)) > 1
        names += ["site-search", "site-suggestions"]
        names += [name for one in CITIZENS.entries(without=absent) for name in (one.home, one.sign_in, one.confirm)]
        assert len(names) > 10
        assert all(reverse(name, urlconf=settings.HALL_URLCONFS[kind]) for name in names)


class TestContributedPermission:
    def test_is_declared(self) -> None:
        links = (*NAVIGATION.entries(), *SEARCH.entries(), *OVERVIEW.entries())
        names = {one.permission for one in (*links, *DESK_OVERVIEW.entries())}
        names |= {name for one in (*DESK.entries(), *DESK_SEARCH.entries()) for name in one.permissions}
        assert len(names) > 8
        assert names - PERMISSIONS.keys() == set()
