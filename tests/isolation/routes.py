"""Every address that a hall's host has, made from the URL resolver."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

_ROUTE_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# the group and all up to its end, where no group lies inside it but for one that is not captured
_REGEX_PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\(\?:[^()]*\))*\)")


def hall_routes() -> list[str]:
    """Templates like ``/a/{article_id}/``."""
    return sorted(set(_walk(get_resolver("config.urls_hall").url_patterns, "/")))


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
