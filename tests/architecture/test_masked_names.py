"""Who did something is named masked, on pages, in files, in what a search finds and over the API alike, and by one
function.

The rule: a name that says who once did something to a thing is masked wherever it goes out. Whole are the names of
those to whom one turns: in the directory and the administration of people, who is responsible, who edits at this
moment, whom a citizen has appointed; and where names are the purpose: in the audit with its seals, in the list of
who has looked at one's own data, and in the history of a run, in which colleagues sign by name.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from ninja import Schema

from foundation import masking
from foundation.masking import mask_name
from tests.architecture.sources import ROOT

# apps whose pages and interfaces are not walked: there names are the purpose
NAMED = frozenset({"audit", "people", "sign_in"})
# every other app of ours
WALKED = tuple(
    config.label
    for config in apps.get_app_configs()
    if config.name.startswith(("foundation.", "province.", "tenants.", "provisioning")) and config.label not in NAMED
)
# pages on which names are whole, each with its reason
WHOLE = {
    "audit.html": "the audit",
    "audit_entry.html": "the audit",
    "receipt.html": "sealed, and signed as a PDF",
    "citizen.html": "who has looked at this person's data",
    "me.html": "who has looked at one's own data",
    "run.html": "colleagues sign by name what they do in a run",
    "run_faults.html": "the same: what others have done meanwhile",
}
# fields of the interface that hold a whole name
WHOLE_FIELDS = {("ActOut", "by_name"): "colleagues sign by name what they do in a run"}
# what is made in Python, as rows of an Excel file and hits of a search are: where a name is handed on whole, and why
HANDED_ON = {
    "province/content/queries/manuscripts.py locked_by_name": "who holds a draft at this moment",
    "province/content/queries/receipts.py looker_name": "sealed, and signed as a PDF",
    "province/content/queries/pushes/evidence.py looker_name": "sealed, and signed as a PDF",
    "province/content/queries/pushes/proofs.py looker_name": "into the field of that name, which pages mask",
    "province/content/queries/library.py used_by_name": "into the field of that name, which pages and interface mask",
    "provisioning/rollouts.py started_by_name": "who acts goes on as the actor",
    "province/document_templates/queries/console.py decided_by_name": "into the field of that name, which pages mask",
    "province/document_templates/schemas.py decided_by_name": "into the field of that name, which the schema masks",
    "tenants/lower_halls/schemas.py submitted_by_name": "into the field of that name, which the schema masks",
    "tenants/workflow/queries/endings.py by_name": "into the decision of the app whose run it was, which masks it",
    "tenants/casework/queries/records.py by_name": "into the exchange, whose writer masks it unless it is read in full",
    "tenants/casework/queries/records.py approved_by_name": "the same",
    "tenants/casework/queries/complained.py by_name": "out of what is published of a complaint these names are taken",
    "tenants/casework/queries/archive.py by_name": "into a digest, out of which nobody reads it",
    "tenants/services/queries/hall_defaults.py edited_by_name": "into the field of that name, which pages mask",
}
# what writes names, and tells nobody
_WRITING = frozenset({"operations", "operations.py", "models", "models.py", "migrations", "tasks", "tasks.py"})
_MASKING = frozenset({"masked", "mask_name"})
_ROWS_OF = frozenset({"values", "values_list", "F"})
# who holds a draft at this moment: whoever waits for it turns to them
_HOLDS = {"locked_by_name"}
# fields that hold the name of somebody at work
_NAME = re.compile(r"(?:\w+_)?by_name|(?:reviewer|actor|author|looker|acting_for)_name")
_SHOWN = re.compile(r"{{ *([^}]*?(?:by_name|(?:reviewer|actor|author|looker)_name|shown_actor|acting_for)\b[^}]*)}}")
_OWN_STARS = re.compile(r"""["']\*{1,4}["'] *\*|\* *["']\*["']""")


def _schemas() -> Iterator[type[Schema]]:
    yield from _of_module(importlib.import_module("foundation.editing.schemas"))
    for label in WALKED:
        app = apps.get_app_config(label).module
        if app is None or not module_has_submodule(app, "schemas"):
            continue
        package = importlib.import_module(f"{app.__name__}.schemas")
        modules = [package]
        if hasattr(package, "__path__"):
            modules += [
                importlib.import_module(f"{package.__name__}.{one.name}")
                for one in pkgutil.iter_modules(package.__path__)
            ]
        for module in modules:
            yield from _of_module(module)


def _of_module(module: ModuleType) -> Iterator[type[Schema]]:
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


def _names_in(source: str) -> Iterator[str]:
    """Names of people at work that this code reads without masking them in the same expression."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    hidden = {id(part) for call in calls if _called(call) in _MASKING for part in ast.walk(call)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and _NAME.fullmatch(node.attr):
            yield node.attr
        elif isinstance(node, ast.Call) and _called(node) in _ROWS_OF:
            yield from (
                one.value
                for one in node.args
                if isinstance(one, ast.Constant) and _NAME.fullmatch(str(one.value).rpartition("__")[2])
            )


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


class TestMaskedNames:
    def test_are_masked_on_every_page(self) -> None:
        pages = [page for label in WALKED for page in (ROOT / apps.get_app_config(label).path).rglob("*.html")]
        shown = [
            (page.name, one) for page in pages if page.name not in WHOLE for one in _SHOWN.findall(page.read_text())
        ]
        assert len(shown) > 40
        assert [one for one in shown if "|masked" not in one[1]] == []

    def test_are_masked_alike_over_the_api(self) -> None:
        fields = [
            (schema.__name__, name, _said_by(field))
            for schema in _schemas()
            for name, field in schema.model_fields.items()
            if _NAME.fullmatch(name) and name not in _HOLDS and (schema.__name__, name) not in WHOLE_FIELDS
        ]
        assert len(fields) > 30
        assert [one for one in fields if one[2] != mask_name("张小三")] == []

    def test_are_masked_in_files_and_in_what_a_search_finds(self) -> None:
        masked, found = 0, set()
        for label in WALKED:
            folder = ROOT / apps.get_app_config(label).path
            for path in folder.rglob("*.py"):
                if _WRITING.isdisjoint(path.relative_to(folder).parts):
                    source = path.read_text(encoding="utf-8")
                    masked += source.count("masked(")
                    where = str(path.relative_to(ROOT)).removeprefix("platform/")
                    found |= {f"{where} {name}" for name in _names_in(source)}
        assert sorted(found - HANDED_ON.keys()) == []
        assert sorted(HANDED_ON.keys() - found) == []
        assert masked > 10

    def test_are_found_in_code_that_hands_them_on(self) -> None:
        for code in ("row.edited_by_name", "rows.values_list('pk', 'text__edited_by_name')", "F('reviewer_name')"):
            assert list(_names_in(code)), code
        assert list(_names_in("(masked(row.edited_by_name), mask_name(row.reviewer_name or '—'))")) == []

    def test_are_masked_by_one_function(self) -> None:
        own = ROOT / "platform/foundation/masking.py"
        assert own.samefile(inspect.getfile(masking))
        sources = [path for folder in ("platform", "tenants") for path in (ROOT / folder).rglob("*.py")]
        strangers = [str(path) for path in sources if path != own and _OWN_STARS.search(path.read_text())]
        assert strangers == []
