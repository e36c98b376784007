"""Routes of halls' hosts: here those that every hall has, and a module for each kind of hall."""

from django.urls import URLPattern, URLResolver, path

from config.api import hall_api
from config.routes import Patterns, hall_routes, shared_hall_routes

urlpatterns: list[URLPattern | URLResolver] = shared_hall_routes()


def routes_of(kind: str) -> Patterns:
    """All routes of a hall of this kind."""
    return [path("api/hall/v1/", hall_api(kind).urls), *urlpatterns, *hall_routes(kind)]
