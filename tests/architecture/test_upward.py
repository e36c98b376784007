"""No knowledge upward by string: no template, route, static file, tag library or dotted name of an upper app."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.urls import URLPattern
from django.utils.module_loading import module_has_submodule

from tests.architecture.sources import FOLDERS, ROOMS, ROOT, height, sources

_PATTERNS = ("shared_patterns", "province_patterns", "hall_patterns")
_ROUTE = re.compile(r"""\{% url ['"]([\w-]+)['"]|\b(?:reverse|redirect)\(\s*['"]([\w-]+)['"]""")
_FILE = re.compile(r"""['"]([a-z_]+)/[\w/.-]+\.(?:html|xml|js|css)(?:#\w+)?['"]""")
_LIBRARY = re.compile(r"\{% load ([\w ]+?) %\}")
_DOTTED = re.compile(r"\b(?:province|tenants|provisioning|config)\.\w+")
_OURS = ("foundation.", "province.", "tenants.", "provisioning")
# text → why it may name what stands above it
ALLOWED = {
    "config.settings": "the one module of settings, which every program that starts Django must name",
    "config.celery": "the worker's own command",
}


def _room_of_label() -> dict[str, str]:
    """label of an app → its room."""
    found = {}
    for config in apps.get_app_configs():
        if f"{config.name}.".startswith(_OURS):
            room = config.name if config.name.startswith(("province.", "tenants.")) else config.name.partition(".")[0]
            found[config.label] = room
    return found


def _routes(patterns: list[Any]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield one.name or ""
        else:
            yield from _routes(one.url_patterns)


def rooms_of_routes() -> dict[str, set[str]]:
    """name of a route → the rooms that have one of this name."""
    found: dict[str, set[str]] = {}
    rooms = _room_of_label()
    for config in apps.get_app_configs():
        if config.label in rooms and config.module is not None and module_has_submodule(config.module, "urls"):
            module = import_module(f"{config.name}.urls")
            for patterns in _PATTERNS:
                for name in _routes(getattr(module, patterns, [])):
                    found.setdefault(name, set()).add(rooms[config.label])
    return found


@cache
def files() -> tuple[tuple[str, str, str], ...]:
    """(room, path, text) of every module and template that stands in a room."""
    return tuple(_files())


def _files() -> Iterator[tuple[str, str, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in {".py", ".html", ".xml"} or {"migrations", "static"} & set(path.parts):
                continue
            parts = path.relative_to(ROOT).parts
            parts = parts[1:] if parts[0] == "platform" else parts
            room = ".".join(parts[:2]) if parts[0] in {"province", "tenants"} else parts[0]
            if room in ROOMS:
                yield room, str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


class TestRoom:
    def test_names_no_route_of_a_room_above_it(self) -> None:
        rooms = rooms_of_routes()
        strays = [
            f"{path}: {name}"
            for room, path, text in files()
            for name in {one for pair in _ROUTE.findall(text) for one in pair if one}
            if name in rooms and min(height(owner) for owner in rooms[name]) > height(room)
        ]
        assert strays == []

    def test_names_no_template_and_no_static_file_of_a_room_above_it(self) -> None:
        rooms = _room_of_label()
        strays = [
            f"{path}: {label}"
            for room, path, text in files()
            for label in set(_FILE.findall(text))
            if label in rooms and height(rooms[label]) > height(room)
        ]
        assert strays == []

    def test_loads_no_tag_library_of_a_room_above_it(self) -> None:
        owners = {
            path.stem: room
            for label, room in _room_of_label().items()
            for path in (ROOT.joinpath(apps.get_app_config(label).path) / "templatetags").glob("*.py")
        }
        strays = [
            f"{path}: {library}"
            for room, path, text in files()
            for names in _LIBRARY.findall(text)
            for library in names.split()
            if library in owners and height(owners[library]) > height(room)
        ]
        assert strays == []

    def test_names_no_module_of_a_room_above_it(self) -> None:
        strays = [
            f"{source.module}:{line} {name}"
            for source in sources()
            for line, text in source.texts
            for name in _DOTTED.findall(text)
            if name not in ALLOWED
            for room in [name if name.startswith(("province.", "tenants.")) else name.partition(".")[0]]
            if room in ROOMS and height(room) > height(source.room) >= 0
        ]
        assert strays == []

    def test_asks_for_no_model_by_its_name(self) -> None:
        """``apps.get_model(settings.…)`` reads past the imports."""
        strays = [
            source.module
            for source in sources()
            if source.room != "config" and "get_model(" in source.path.read_text(encoding="utf-8")
        ]
        assert strays == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_there(room: str) -> None:
    assert any(source.room == room for source in sources())
