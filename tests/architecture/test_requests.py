"""A request stops at views, APIs and middleware: operations and queries take values, and views ask no rows."""

import ast

from tests.architecture.sources import Source, sources

SPEAK_HTTP = {
    "access",
    "api",
    "contribution",
    "layouts",
    "slots",
    "middleware",
    "page_cache",
    "templatetags",
    "urls",
    "views",
}
# rooms that speak HTTP as a whole, or know no app
OUTSIDE = {"config", "foundation", "standards"}
_ASKS = {"objects", "filter", "exclude", "select_related", "prefetch_related", "values_list", "aggregate", "annotate"}


def _names_request(source: Source) -> bool:
    return any(isinstance(node, ast.alias) and node.name == "HttpRequest" for node in source.nodes)


def _asks_rows(source: Source) -> list[int]:
    return sorted(node.lineno for node in source.nodes if isinstance(node, ast.Attribute) and node.attr in _ASKS)


class TestRequest:
    def test_is_known_only_where_http_is_spoken(self) -> None:
        strays = [
            source.module
            for source in sources()
            if source.room not in OUTSIDE and source.part not in SPEAK_HTTP and _names_request(source)
        ]
        assert strays == []


class TestView:
    def test_asks_no_rows_itself(self) -> None:
        """It calls a query, which others can call too; a form's own fields are no rows."""
        strays = [
            f"{source.module}:{line}"
            for source in sources()
            if source.room not in OUTSIDE and source.part in {"api", "views"}
            for line in _asks_rows(source)
        ]
        assert strays == []
