"""Docstrings and comments say in plain English what they mean, each by itself."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.changed_files import strays_in
from tests.architecture.sources import FOLDERS, ROOT

# "Twice is as once" is "A repeat changes nothing."; "whoever" is "who", "the person who" or "anyone who"
_RIDDLES = re.compile(r"\b(?:whoever|whomever|as once)\b", re.IGNORECASE)
# it says what its neighbour says: name the thing instead
_LEANING = re.compile(r"The same\b")
# a text without any of these, whatever stands between their words, has no stray: to read it as a program takes a
# hundred times as long as to look for them
_SUSPECT = re.compile(r"whoever|whomever|\bas\W+once\b|\bThe\W+same\b", re.IGNORECASE)


def strays(text: str) -> list[str]:
    """What a maintainer would have to read twice in a module's docstrings and comments: "line: words"."""
    if not _SUSPECT.search(text):
        return []
    found = [
        *((line, words) for line, said in _docstrings(text) for words in _wrong_in(said, is_docstring=True)),
        *((line, words) for line, said in _comments(text) for words in _wrong_in(said, is_docstring=False)),
    ]
    return [f"{line}: {words}" for line, words in sorted(found)]


def _wrong_in(said: str, *, is_docstring: bool) -> Iterator[str]:
    # line breaks are no matter
    said = " ".join(said.split())
    yield from _RIDDLES.findall(said)
    if is_docstring and (leaning := _LEANING.match(said)):
        yield leaning[0]


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node)
            if said is not None:
                yield node.body[0].lineno, said


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Comments on lines that follow one another are one, as they are read."""
    first, last, said = 0, 0, ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, words = token.start[0], token.string.lstrip("# ")
        if said and line == last + 1:
            last, said = line, f"{said} {words}"
            continue
        if said:
            yield first, said
        first, last, said = line, line, words
    if said:
        yield first, said


class TestTheProgram:
    def test_is_explained_in_plain_words(self, pytestconfig: pytest.Config) -> None:
        paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]

        def find(path: Path, text: str) -> list[str]:
            return [f"{path.relative_to(ROOT)}:{stray}" for stray in strays(text)]

        assert strays_in(pytestconfig, "words", paths=paths, find=find, check=[Path(__file__)]) == []


class TestStrays:
    @pytest.mark.parametrize(
        ("wrong", "found"),
        [
            ('"""Whoever acts."""', ["1: Whoever"]),
            ('def end() -> None:\n    """End it. Twice is as\n    once."""', ["2: as once"]),
            ('class Line:\n    """The same with a banner."""', ["2: The same"]),
            ('async def ask() -> None:\n    """\n    The same\n    for many.\n    """', ["2: The same"]),
            ("keep = 1  # for whomever it concerns", ["1: whomever"]),
            ("# a repeat is as\n# once\nkeep = 1\n# whoever\n", ["1: as once", "4: whoever"]),
        ],
    )
    def test_are_found_in_docstrings_and_comments(self, wrong: str, found: list[str]) -> None:
        assert strays(wrong) == found

    @pytest.mark.parametrize(
        "right",
        [
            '"""A repeat changes nothing. The same key opens it."""',
            'said = "whoever"',
            "# The same key opens it\n",
            '"""Was once here."""',
        ],
    )
    def test_are_no_other_words(self, right: str) -> None:
        assert strays(right) == []
