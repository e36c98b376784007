"""The routes and routers of the installed apps. Nothing here names an app: the lists are the settings'.

In an app's ``urls.py``, ``shared_patterns`` are at every host, ``province_patterns`` at the province's and
``hall_patterns`` at those of halls whose kind has the app. In its ``api.py``, ``router`` is of the plane where the
app's rows lie; an app of the province may have a ``hall_router`` besides. A router stands below the app's label.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import module_has_submodule
from ninja import Router

type Patterns = list[URLPattern | URLResolver]


def province_routes() -> Patterns:
    return _patterns(settings.INSTALLED_APPS, "shared_patterns", "province_patterns")


def shared_hall_routes() -> Patterns:
    """Of every hall: what the province's apps have at halls' hosts."""
    return _patterns(settings.SHARED_APPS, "shared_patterns", "hall_patterns")


def hall_routes(kind: str) -> Patterns:
    """Of the apps that halls of this kind have."""
    return _patterns(settings.HALL_APPS[kind], "shared_patterns", "hall_patterns")


def province_routers() -> Iterator[tuple[str, Router]]:
    return _routers(settings.SHARED_APPS, "router")


def hall_routers(kind: str) -> Iterator[tuple[str, Router]]:
    yield from _routers(settings.SHARED_APPS, "hall_router")
    yield from _routers(settings.HALL_APPS[kind], "router")


def _patterns(apps: Iterable[str], *names: str) -> Patterns:
    return [one for _, urls in _modules(apps, "urls") for name in names for one in getattr(urls, name, ())]


def _routers(apps: Iterable[str], name: str) -> Iterator[tuple[str, Router]]:
    for app, api in _modules(apps, "api"):
        router: Router | None = getattr(api, name, None)
        if router is not None:
            yield f"/{app.rpartition('.')[2]}", router


def _modules(apps: Iterable[str], name: str) -> Iterator[tuple[str, ModuleType]]:
    for app in apps:
        # Django's own apps have routes that nobody asked for
        if not app.startswith("django") and module_has_submodule(import_module(app), name):
            yield app, import_module(f"{app}.{name}")
