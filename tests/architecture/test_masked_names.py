"""Names of people who work on items are masked alike on pages and over the API, and by one function."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from ninja import Schema

from foundation import masking
from foundation.masking import mask_name
from tests.architecture.sources import ROOT

# apps whose pages and interfaces are walked
WALKED = ("catalogue", "services", "lower_halls")
# fields that hold the name of somebody at work
_NAME = re.compile(r"(?:\w+_)?by_name|reviewer_name|actor_name")
_SHOWN = re.compile(r"{{ *([^}]*?(?:by_name|reviewer_name|actor_name)[^}]*)}}")
_OWN_STARS = re.compile(r"""["']\*{1,4}["'] *\*|\* *["']\*["']""")


def _schemas() -> Iterator[type[Schema]]:
    for label in WALKED:
        package = importlib.import_module(f"{apps.get_app_config(label).name}.schemas")
        modules = [package]
        if hasattr(package, "__path__"):
            modules += [
                importlib.import_module(f"{package.__name__}.{one.name}")
                for one in pkgutil.iter_modules(package.__path__)
            ]
        for module in modules:
            for _, found in inspect.getmembers(module, inspect.isclass):
                if issubclass(found, Schema) and found.__module__ == module.__name__:
                    yield found


def _said_by(field: Any) -> str:
    """What the interface says of a name, by the validators of the field."""
    said = "张小三"
    for one in field.metadata:
        if func := getattr(one, "func", None):
            said = func(said)
    return said


class TestMaskedNames:
    def test_are_masked_on_every_page(self) -> None:
        pages = [page for label in WALKED for page in (ROOT / apps.get_app_config(label).path).rglob("*.html")]
        shown = [(page.name, one) for page in pages for one in _SHOWN.findall(page.read_text())]
        assert len(shown) > 20
        assert [one for one in shown if "|masked" not in one[1]] == []

    def test_are_masked_alike_over_the_api(self) -> None:
        fields = [
            (schema.__name__, name, _said_by(field))
            for schema in _schemas()
            for name, field in schema.model_fields.items()
            if _NAME.fullmatch(name)
        ]
        assert len(fields) > 10
        assert [one for one in fields if one[2] != mask_name("张小三")] == []

    def test_are_masked_by_one_function(self) -> None:
        own = ROOT / "platform/foundation/masking.py"
        assert own.samefile(inspect.getfile(masking))
        sources = [path for folder in ("platform", "tenants") for path in (ROOT / folder).rglob("*.py")]
        strangers = [str(path) for path in sources if path != own and _OWN_STARS.search(path.read_text())]
        assert strangers == []
