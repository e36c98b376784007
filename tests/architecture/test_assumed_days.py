"""A last day that lies behind a year without a notice of its holidays says so wherever it is shown: on pages, in
exports, in lists of what waits, and over the API. Which places show one follows from the names of what they read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

# what a last day is called that is counted in working days
_DAYS = "due_on|due_at|due_words|until|owed_until"
_SHOWN = re.compile(rf"\{{\{{\s*(?:[\w.]+\.)?(?:{_DAYS})\b|\bwith\b[^%]*\buntil=")
_NAMES = frozenset(_DAYS.split("|"))
_SCHEMAS = ("**/schemas.py", "**/schemas/*.py")
_TEXTS = ("**/views.py", "**/views/*.py", "**/queries/waiting.py", "**/queries/*waiting*.py")
# the words of a way between halls say it themselves
_WAY = ("line.last.due_words", "")
# place → why nothing is assumed there
_OTHERS = {
    "catalogue/pauses.html": "a moment, so many hours after it was asked",
    "catalogue/pause_request.html": "a moment, so many hours after it was asked",
    "catalogue/schemas/items.py PauseRequestOut": "a moment, so many hours after it was asked",
    "casework/schemas/cases.py CaseMaterialOut": "what was promised; the case's clock beside it says it",
    **dict.fromkeys(
        ("tenants/assistance/views/desk.py _cells", "tenants/casework/views/referrals.py _cells"),
        "the words of a way between halls say it themselves (ReferralStep)",
    ),
}


def _templates() -> Iterator[tuple[str, str]]:
    for root in ("platform", "tenants"):
        for path in sorted((ROOT / root).rglob("templates/**/*.html")):
            yield str(path).rpartition("/templates/")[2], path.read_text(encoding="utf-8")


def silent_lines(text: str) -> list[str]:
    """Lines of a template that show a last day and not whether it may move."""
    return [line for line in text.splitlines() if _SHOWN.search(line.replace(*_WAY)) and "assumed" not in line]


def _sources(patterns: tuple[str, ...]) -> Iterator[Path]:
    for root in ("platform/province", "tenants"):
        for pattern in patterns:
            yield from sorted((ROOT / root).glob(pattern))


def silent_schemas(source: str) -> list[str]:
    """Classes that give a last day out and not whether it may move."""
    found = []
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.ClassDef) and one.name.endswith("Out"):
            names = {field.target.id for field in one.body if _is_field(field)}  # type: ignore[attr-defined]
            if names & _NAMES and not any("assumed" in name for name in names):
                found.append(one.name)
    return found


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def silent_functions(source: str) -> list[str]:
    """Functions that write a last day out, in words or as a cell, and not whether it may move."""
    found = []
    for one in ast.walk(ast.parse(source)):
        if isinstance(one, ast.FunctionDef):
            read = {node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute)}
            is_said = any("assumed" in name or name == "due_remarks" for name in read)
            if (read & {*_NAMES, "left_words"}) and not is_said:
                found.append(one.name)
    return found


def silent_places() -> Iterator[str]:
    for name, text in _templates():
        if silent_lines(text):
            yield name
    for path in _sources(_SCHEMAS):
        place = str(path).partition("/province/")[2] or str(path).partition("/tenants/")[2]
        yield from (f"{place} {name}" for name in silent_schemas(path.read_text(encoding="utf-8")))
    for path in _sources(_TEXTS):
        yield from (f"{path.relative_to(ROOT)} {name}" for name in silent_functions(path.read_text(encoding="utf-8")))


class TestALastDay:
    def test_says_wherever_it_is_shown_that_it_may_move(self) -> None:
        assert set(silent_places()) == _OTHERS.keys()

    @pytest.mark.parametrize(
        "text", ['<td>{{ one.due_on|date:"n月j日" }}</td>', "{% include 'x.html' with until=line.until %}"]
    )
    def test_that_is_silent_on_a_page_is_found(self, text: str) -> None:
        assert silent_lines(f"<tr>\n{text}\n</tr>")
        assert not silent_lines(f'{text}{{% include "workdays/assumed.html" with is_assumed=one.is_assumed %}}')

    def test_that_is_silent_elsewhere_is_found(self) -> None:
        assert silent_schemas("class LineOut(Schema):\n    due_on: date\n") == ["LineOut"]
        assert not silent_schemas("class LineOut(Schema):\n    due_on: date\n    is_assumed: bool\n")
        assert silent_functions("def cells(one):\n    yield one.due_on\n") == ["cells"]
        assert not silent_functions("def cells(one):\n    yield one.due_on, one.assumed_words\n")
