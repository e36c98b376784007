"""Every address of both hosts with its methods, made from the URL resolver and the two OpenAPI documents."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from ninja import NinjaAPI
from ninja.openapi.schema import get_schema

from config.api import hall_api, province_api
from province.halls.models import HallKind

_ROUTE_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# the group and all up to its end, where no group lies inside it but for one that is not captured
_REGEX_PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\(\?:[^()]*\))*\)")
_PARAMETER = re.compile(r"{(\w+)}")
# the kind of hall with the most apps; a test sees to it that no other has more
_KIND = "county"
API_DOCUMENTS: dict[str, tuple[NinjaAPI, str]] = {
    "hall": (hall_api(_KIND), "/api/hall/v1/"),
    "province": (province_api, "/api/province/v1/"),
}
_URLCONFS = {"hall": settings.HALL_URLCONFS[_KIND], "province": settings.ROOT_URLCONF}
PAGE_METHODS = ("get", "post")
# a test each, so that nobody waits minutes for one
SHARES = 6


@dataclass(frozen=True, slots=True)
class Route:
    """An address of a host, like ``/a/{article_id}/``, and how it may be asked. By method, what an API must be given:
    ``bodies`` are a media type and a small right example, ``queries`` what stands behind the address."""

    host: str
    template: str
    methods: tuple[str, ...]
    bodies: Mapping[str, tuple[str, Any]]
    queries: Mapping[str, dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.host}:{self.template}"

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_PARAMETER.findall(self.template))

    @property
    def is_api(self) -> bool:
        return self.template.startswith("/api/")

    @property
    def is_of_the_desk(self) -> bool:
        """Whether only people at their work have anything to see there."""
        return self.host == "province" or self.is_api or self.template.startswith("/desk/")

    @property
    def is_of_villages(self) -> bool:
        """Whether somebody of a village meets it: the province's own, and those that a village's hall has."""
        return self.host == "province" or self.template in templates_of(HallKind.VILLAGE)


@cache
def routes_of(host: str) -> tuple[Route, ...]:
    """``host``: hall or province."""
    operations = _operations(host)
    return tuple(
        Route(host, template, *operations.get(template, (PAGE_METHODS, {}, {})))
        for template in sorted(set(_walk(get_resolver(_URLCONFS[host]).url_patterns, "/")))
    )


@cache
def templates_of(kind: str) -> frozenset[str]:
    """Addresses of a hall of this kind."""
    return frozenset(_walk(get_resolver(settings.HALL_URLCONFS[kind]).url_patterns, "/"))


def share_of(host: str, number: int) -> tuple[Route, ...]:
    """One of ``SHARES`` parts of the host's routes; all parts together are all routes."""
    return routes_of(host)[number::SHARES]


def _operations(host: str) -> dict[str, tuple[tuple[str, ...], dict[str, tuple[str, Any]], dict[str, dict[str, Any]]]]:
    api, root = API_DOCUMENTS[host]
    document = get_schema(api, path_prefix=root)
    schemas = document.get("components", {}).get("schemas", {})
    found = {}
    for path, operations in document["paths"].items():
        bodies, queries = {}, {}
        for method, operation in operations.items():
            queries[method] = {
                one["name"]: example_of(one["schema"], schemas)
                for one in operation.get("parameters", ())
                if one["in"] == "query" and one["required"]
            }
            content = operation.get("requestBody", {}).get("content", {})
            for media_type, described in content.items():
                bodies[method] = (media_type, example_of(described.get("schema", {}), schemas))
        found[path.replace("//", "/")] = (tuple(operations), bodies, queries)
    return found


def example_of(schema: dict[str, Any], schemas: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0911 - a case each
    """The smallest value that the schema takes; only what is required."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return example_of(schema[union][0], schemas)
    if "example" in schema:
        return schema["example"]
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [""])[0])
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: example_of(fields[name], schemas) for name in schema.get("required", ()) if name in fields}
        case "array":
            return [example_of(schema.get("items", {}), schemas)] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "null":
            return None
    formats = {"uuid": str(UUID(int=3)), "date": "2026-01-31", "date-time": "2099-01-31T08:00:00+08:00"}
    return formats.get(schema.get("format", ""), "核查".ljust(schema.get("minLength", 0), "查"))


def _walk(patterns: list[Any], before: str) -> Iterator[str]:
    for one in patterns:
        address = before + _template(one)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, address)
        elif isinstance(one, URLPattern):
            yield address


def _template(one: URLPattern | URLResolver) -> str:
    text = str(one.pattern)
    if isinstance(one.pattern, RoutePattern):
        return _ROUTE_PARAMETER.sub(r"{\1}", text)
    plain = _REGEX_PARAMETER.sub(r"{\1}", text)
    return plain.removeprefix("^").removesuffix(r"\Z").removesuffix("/?").replace("\\", "")
