"""One concept, one word: a public class name stands for one thing in the whole project."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, tree_of

# a name that a framework asks for in every file
EXCEPTIONS = {
    "Migration": "Django looks for a class of this name in every migration",
    "DatabaseWrapper": "and for one of this name in whatever the settings call a database engine",
}


def _public_classes(path: Path) -> Iterator[str]:
    """Those that others can import. A class inside another is called with its owner (``Hall.Meta``, ``Push.State``)."""
    for node in tree_of(path).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


class TestPublicClass:
    def test_has_a_name_of_its_own(self) -> None:
        places: defaultdict[str, list[str]] = defaultdict(list)
        for folder in ("platform", "tenants", "provisioning", "config"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                for name in _public_classes(path):
                    places[name].append(str(path.relative_to(ROOT)))
        doubles = {name: files for name, files in places.items() if len(files) > 1 and name not in EXCEPTIONS}
        assert doubles == {}
