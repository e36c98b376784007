"""`make soak` runs every test that has a long form: it chooses them by their mark."""

import sys
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.architecture.sources import ROOT
from tests.examples import draw_more
from tests.soak import SOAK


class TestLongForm:
    def test_is_chosen_by_the_mark(self) -> None:
        files = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != "test_soak.py"]
        texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
        long = {file for file, text in texts.items() if "import SOAK" in text}
        assert len(long) > 10
        assert sorted(file for file in long if "pytest.mark.soak" not in texts[file]) == []


class TestDrawnExamples:
    def test_are_those_that_everybody_draws_but_in_a_soak(self) -> None:
        assert hypothesis.settings(max_examples=3).derandomize is not SOAK
        texts = ((path, path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("*.py"))
        assert [path.name for path, text in texts if f"derandomize={False}" in text] == []

    @pytest.mark.skipif(SOAK, reason="a soak draws from the program's own words, too")
    def test_do_not_depend_on_what_else_is_loaded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[tuple[str, int]] = []

        @hypothesis.settings(max_examples=200, database=None)
        @hypothesis.given(st.text(), st.integers())
        def test(text: str, number: int) -> None:
            drawn.append((text, number))

        test()
        before = drawn.copy()
        drawn.clear()
        words = tmp_path / "words.py"
        words.write_text("".join(f"word_{one} = '第{one}个词', {one * 1_000_003}\n" for one in range(200)))
        loaded = ModuleType("words_of_another_test")
        loaded.__file__ = str(words)
        monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
        test()
        assert drawn == before

    def test_are_ten_times_as_many_in_a_soak(self) -> None:
        drawn = []

        @hypothesis.settings(max_examples=4, database=None)
        @hypothesis.given(st.integers())
        def test(number: int) -> None:
            drawn.append(number)

        draw_more(test)
        test()
        assert len(drawn) == 40
